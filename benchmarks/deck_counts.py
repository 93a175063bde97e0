"""P3: the deck list of a student with 100,000 cards, with the counts of today.

    python -m benchmarks.deck_counts

Ours is ``ListDecks`` on PostgreSQL: 20 decks of 5,000 cards, the day, the daily limits and the counts. The other side
is a stand-in for Anki's due tree and not Anki itself: the same cards in SQLite, in this process and without a network,
with the index (deck, queue, due) that Anki keeps and one grouping over it. Anki's own tree took 21 ms for as many
cards on the machine where the goal was set, which says little about another machine. Both sides take turns.
"""

from __future__ import annotations

import functools
import sqlite3
import statistics
import time
from collections.abc import Callable

import psycopg

from benchmarks.flashcard_data import NOW, TODAY, database, fill
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.flashcards.decks import ListDecks
from studyteddy.domain.paging import PageRequest

DECKS, CARDS = 20, 5_000
ROUNDS, WARM_UP = 41, 6
ANKI_MS = 21.0

_TREE = """
select did, sum(queue = 0), sum(queue = 2 and due <= ?), sum(queue in (1, 3) and due <= ?), count(*)
from cards group by did
"""


def stand_in(bare: psycopg.Connection) -> sqlite3.Connection:
    """The cards as Anki would keep them: queue -1 suspended, 0 new, 2 review."""
    store = sqlite3.connect(":memory:")
    store.execute("create table cards (id integer primary key, did integer, queue integer, due integer, front text)")
    rows = bare.execute("select deck_id::text, suspended, due_on, front from cards").fetchall()
    bare.commit()
    numbers: dict[str, int] = {}
    store.executemany(
        "insert into cards (did, queue, due, front) values (?, ?, ?, ?)",
        (
            (
                numbers.setdefault(deck, len(numbers)),
                -1 if suspended else 0 if due is None else 2,
                0 if due is None else due.toordinal(),
                front,
            )
            for deck, suspended, due, front in rows
        ),
    )
    store.execute("create index ix_cards_sched on cards (did, queue, due)")
    store.execute("analyze")
    store.commit()
    return store


def milliseconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1e3


def main() -> None:
    with database() as (engine, bare):
        (student,) = fill(engine, bare, students=1, decks=DECKS, cards_per_deck=CARDS)
        listing = ListDecks(unit_of_work=functools.partial(PostgresUnitOfWork, engine), clock=lambda: NOW)
        store, day = stand_in(bare), TODAY.toordinal()
        request = PageRequest(limit=100)

        def ours() -> object:
            return listing(owner=student.id, request=request)

        def theirs() -> object:
            return store.execute(_TREE, (day, day)).fetchall()

        found = listing(owner=student.id, request=request)
        assert sum(counted.counts.total for counted in found.items) == DECKS * CARDS
        pairs = [(milliseconds(ours), milliseconds(theirs)) for _ in range(ROUNDS + WARM_UP)][WARM_UP:]
    own, other = (sorted(side) for side in zip(*pairs, strict=True))
    ratios = sorted(one / two for one, two in pairs)
    measured, quarter = statistics.median(ratios), ROUNDS // 4
    print(
        f"P3 deck list of {DECKS * CARDS:,} cards in {DECKS} decks: goal <= Anki's due tree, measured {measured:.2f}x "
        f"of its stand-in in SQLite (middle half {ratios[quarter]:.2f} to {ratios[-1 - quarter]:.2f}), ours "
        f"{statistics.median(own):.1f} ms (middle half {own[quarter]:.1f} to {own[-1 - quarter]:.1f}), stand-in "
        f"{statistics.median(other):.1f} ms, {ANKI_MS:.0f} ms by Anki elsewhere, {'met' if measured <= 1 else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
