"""The summary of a student with 10,000 study sessions, against one with 100 and against loading all sessions.

    python -m benchmarks.analytics_summary

Ours is ``Summarise`` for the last 30 days, whose streak looks at all days ever worked. One side is the same for a
student with 100 sessions over the same four years; the other is what finding the days by loading every session costs.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.flashcard_data import NOW, database, fill
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.analytics import Summarise
from studyteddy.domain import analytics
from studyteddy.domain.ids import UserId

MANY, FEW, YEARS = 10_000, 100, 4
ROUNDS, WARM_UP = 21, 3

_SESSIONS = """
insert into study_sessions
select gen_random_uuid(), %(owner)s, 'Biology', null, 25, at, '[]', null, at + interval '25 minutes', 90, '', false, 2
from (select %(now)s::timestamptz - n * (%(years)s * interval '365 days' / %(count)s) as at
      from generate_series(1, %(count)s) as n) as started
"""


def milliseconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1e3


def main() -> None:
    with database() as (engine, bare):
        busy, quiet = fill(engine, bare, students=2, decks=1, cards_per_deck=100)
        for student, count in ((busy, MANY), (quiet, FEW)):
            bare.execute(_SESSIONS, {"owner": student.id, "now": NOW, "years": YEARS, "count": count})
        bare.commit()
        bare.autocommit = True
        bare.execute("vacuum analyze")
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)
        summarise = Summarise(unit_of_work=unit_of_work, clock=lambda: NOW)

        def load(owner: UserId) -> object:
            with unit_of_work() as uow:
                sessions = uow.study_sessions.finished(owner, datetime(1900, 1, 1, tzinfo=UTC), NOW + timedelta(days=1))
            return analytics.session_days(sessions, ZoneInfo("Europe/Berlin"), 4)

        rounds = [
            (
                milliseconds(lambda: summarise(owner=busy.id)),
                milliseconds(lambda: summarise(owner=quiet.id)),
                milliseconds(lambda: load(busy.id)),
            )
            for _ in range(ROUNDS + WARM_UP)
        ][WARM_UP:]
    ours, few, loading = (sorted(side) for side in zip(*rounds, strict=True))
    quarter = ROUNDS // 4
    for name, side in ((f"one with {FEW}", few), ("loading them all", loading)):
        print(
            f"summary with {MANY:,} sessions: {statistics.median(ours) / statistics.median(side):.2f}x of {name}, "
            f"ours {statistics.median(ours):.1f} ms (middle half {ours[quarter]:.1f} to {ours[-1 - quarter]:.1f}), "
            f"{name} {statistics.median(side):.1f} ms ({side[quarter]:.1f} to {side[-1 - quarter]:.1f})"
        )


if __name__ == "__main__":
    main()
