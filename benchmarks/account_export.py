"""A student with 10,000 cards takes everything along to an empty account: export, import, export again.

    python -m benchmarks.account_export

Each card has been reviewed six times, so there are 60,000 rows of the log; beside them 1,000 tasks. The database is the
embedded PostgreSQL, the file lies on the same disk. The goal is less than a minute in all, with equal checksums.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from benchmarks.flashcard_data import database
from studyteddy.adapters.account_archive.archives import ZipArchives
from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.adapters.in_memory.text_extractor import PlainTextExtractor
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.system_clock import new_id, system_clock
from studyteddy.application.portability.exporting import ExportAccount
from studyteddy.application.portability.importing import ImportIds, TakeIn
from studyteddy.application.ports.account_archives import Contents
from studyteddy.domain.accounts import User
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, JobId, ReviewId, TaskId, UserId
from studyteddy.domain.tasks.task import Task

CARDS, DECKS, PASSES, TASKS, ROUNDS = 10_000, 10, 6, 1_000, 3
GOAL_SECONDS = 60.0
START = datetime(2025, 9, 1, 9, tzinfo=UTC)
T = TypeVar("T")


def newcomer(unit_of_work: Callable[[], PostgresUnitOfWork]) -> UserId:
    owner = UserId(new_id())
    with unit_of_work() as uow:
        uow.users.add(
            User.registered(
                id=owner, email=f"{owner}@example.org", display_name="Ada", password_hash="", time_zone="UTC", now=START
            )
        )
        uow.commit()
    return owner


def history(card: Card) -> tuple[Card, list[Review]]:
    """The card after its reviews, each on the day on which it was due."""
    log = []
    for number in range(PASSES):
        day = card.schedule.due_on or START.date()
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        quality = (4, 5, 3, 4, 2, 4)[(number + card.id.int) % PASSES]
        card, review = card.reviewed(review_id=ReviewId(new_id()), quality=quality, now=at, day=day, took_ms=4_000)
        log.append(review)
    return card, log


def furnish(unit_of_work: Callable[[], PostgresUnitOfWork], owner: UserId) -> None:
    with unit_of_work() as uow:
        for number in range(TASKS):
            due = START + timedelta(hours=number)
            uow.tasks.add(Task.create(id=TaskId(new_id()), owner=owner, now=START, title=f"Task {number}", due_at=due))
        for number in range(DECKS):
            deck = Deck.create(id=DeckId(new_id()), owner=owner, now=START, name=f"Deck {number}")
            uow.decks.add(deck)
            reviewed = [history(card) for card in cards(owner, deck.id)]
            uow.cards.add([card for card, _ in reviewed])
            uow.belongings.add_reviews([review for _, log in reviewed for review in log])
        uow.commit()


def cards(owner: UserId, deck_id: DeckId) -> Iterator[Card]:
    for number in range(CARDS // DECKS):
        front = f"What is said of the {number}th thing that stands in chapter {number % 17}?"
        back = f"That it is the {number}th, and that {number * 7} others follow from it. " * 2
        yield Card.create(
            id=CardId(new_id()), owner=owner, deck_id=deck_id, front=front, back=back, tags=["one"], now=START
        )


def timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def written(export: ExportAccount, owner: UserId, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(export(owner=owner))


def read(take_in: TakeIn, owner: UserId, path: Path) -> Contents | None:
    content: BinaryIO
    with path.open("rb") as content:
        return take_in(owner=owner, content=content, ids=ImportIds(JobId(new_id())), beat=lambda _: True)


def contents(path: Path) -> Contents:
    with path.open("rb") as file, ZipArchives().reading(file) as archive:
        archive.check()
        return archive.contents


def main() -> None:
    with database() as (engine, _), tempfile.TemporaryDirectory() as folder:
        unit_of_work = partial(PostgresUnitOfWork, engine)
        shared: dict[str, Any] = {
            "unit_of_work": unit_of_work,
            "objects": DiskObjects.open_directory(Path(folder) / "objects"),
            "archives": ZipArchives(),
            "clock": system_clock,
        }
        export = ExportAccount(**shared)
        take_in = TakeIn(**shared, extractor=PlainTextExtractor(), max_size=1 << 20)
        owner = newcomer(unit_of_work)
        furnish(unit_of_work, owner)
        one, two = Path(folder) / "one.zip", Path(folder) / "two.zip"
        totals = []
        for _ in range(ROUNDS):
            empty = newcomer(unit_of_work)
            out, _ = timed(partial(written, export, owner, one))
            into, told = timed(partial(read, take_in, empty, one))
            again, _ = timed(partial(written, export, empty, two))
            if not contents(one) == contents(two) == told:
                sys.exit("the checksums differ")
            totals.append(out + into)
            print(f"export {out:5.1f} s   import {into:5.1f} s   export again {again:5.1f} s   checksums equal")
        size = one.stat().st_size / 1e6
    worst, middle = max(totals), statistics.median(totals)
    print(f"{CARDS:,} cards, {CARDS * PASSES:,} reviews, {size:.1f} MB: {middle:.1f} s (worst {worst:.1f} s)")
    sys.exit(0 if worst < GOAL_SECONDS else 1)


if __name__ == "__main__":
    main()
