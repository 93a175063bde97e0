"""How much room one person's data takes: bytes a row in PostgreSQL with its indexes, and bytes in Redis.

    python -m benchmarks.storage

The rows are those of ``benchmarks.many_users`` for 200 students: freshly written and vacuumed, so that a database in
use is larger by what autovacuum leaves. Vectors have 384 dimensions of two bytes. Redis holds what the adapters write:
a followed answer of 400 pieces, a connected person, counted requests, and jobs that wait in the queue.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks.flashcard_data import database
from benchmarks.many_users import CARDS, DECKS, PASSAGES, load
from studyteddy.domain.ids import JobId, UserId

STUDENTS = 200
PIECES, MANY = 400, 500

REVIEWS = """
insert into reviews (id, owner, card_id, deck_id, reviewed_at, study_day, quality, took_ms, kind, scheduler,
    before_repetitions, before_interval_days, before_ease_factor_hundredths, before_due_on, before_lapses,
    before_last_reviewed_on, after_repetitions, after_interval_days, after_ease_factor_hundredths, after_due_on,
    after_lapses, after_last_reviewed_on, suspended_card)
select gen_random_uuid(), owner, id, deck_id, now(), current_date, 4, 1000, 'review', 'sm2',
    3, 5, 250, current_date, 0, current_date, 4, 12, 250, current_date, 0, current_date, false
from cards
"""
_SIZES = """
select relname, pg_total_relation_size(oid), reltuples::bigint from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples >= %s order by 2 desc
"""


def tell_rows(bare: psycopg.Connection) -> None:
    bare.execute(REVIEWS)
    bare.execute("vacuum analyze")
    for name, size, rows in bare.execute(_SIZES, (STUDENTS,)).fetchall():
        print(f"PostgreSQL {name}: {size / rows:,.0f} bytes a row with its indexes, {rows / STUDENTS:,.0f} a student")
    (whole,) = bare.execute(
        "select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r'"
    ).fetchone() or (0,)
    print(
        f"PostgreSQL in all: {whole / STUDENTS / 1e6:.2f} MB a student with {DECKS * CARDS:,} cards reviewed once each "
        f"and {PASSAGES} passages"
    )


def tell_redis() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    try:
        from engines.redis_server import RedisServer
    except ImportError:
        print("Redis skipped: there is no server to start")
        return
    from studyteddy.adapters.celery_jobs.app import celery_app
    from studyteddy.adapters.celery_jobs.sender import CelerySender
    from studyteddy.adapters.rate_limits import SlidingWindowLimits
    from studyteddy.adapters.redis.connections import open_redis
    from studyteddy.adapters.redis.events import RedisEvents
    from studyteddy.adapters.redis.presence import RedisPresence
    from studyteddy.application.ports.jobs import WakeUp
    from studyteddy.application.ports.rate_limits import Limit

    with RedisServer() as server:
        client = open_redis(server.url)
        events, presence, limits = RedisEvents(client), RedisPresence(client), SlidingWindowLimits(client)
        limit = Limit(name="requests", amount=1_000, seconds=60, message="", code="")
        send = CelerySender(celery_app(server.url))

        def follow() -> None:
            owner, channel = UserId(uuid4()), f"message:{uuid4()}"
            for seq in range(PIECES):
                events.publish(owner, channel, "chat-delta", {"seq": seq, "text": "some words "})

        def measured(what: str, times: int, act: Callable[[], object]) -> None:
            act()
            before = int(client.info("memory")["used_memory"])
            for _ in range(times):
                act()
            grown = int(client.info("memory")["used_memory"]) - before
            print(f"Redis {what}: {grown / times:,.0f} bytes")

        measured(f"answer of {PIECES} pieces, kept for 15 minutes", 20, follow)
        measured("person connected", MANY, lambda: presence.enter(UserId(uuid4()), str(uuid4()), most=10))
        measured("person whose requests are counted", MANY, lambda: limits.hit(limit, str(uuid4())))
        measured("job that waits", MANY, lambda: send(WakeUp(JobId(uuid4()), "ingest_document", uuid4().hex)))
        send.close()
        presence.close()
        events.close()
        client.close()


def main() -> None:
    with database() as (engine, bare):
        load(engine, bare, STUDENTS)
        tell_rows(bare)
    tell_redis()


if __name__ == "__main__":
    main()
