"""P12: a job from its queueing to its end, against a bare Celery task that does nothing.

    python -m benchmarks.job_queue

Ours: a row that is committed durably, the outbox and its thread, the message, a worker that takes the row for a lease
(with the thread that keeps it), a handler that does nothing, and the row closed. The bare side is ``send_task`` and a
task of plain Celery with its default settings, which loses work that ours keeps. Both workers are processes with a pool
of four threads on one Redis. The end is seen the same way: PostgreSQL notifies, of ours by a trigger when the row is
done, of the bare task because that tells it, in one statement that is all it does. Jobs take turns, one at a time.

A third side says what the promise to keep work costs by itself: a bare row, committed durably before the bare task is
sent.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from celery import Celery
from dependency_injector import providers

from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind
from studyteddy.domain.accounts import User
from studyteddy.domain.ids import JobId
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from engines.redis_server import RedisServer

GOAL = 1.5
WARM_UP, BATCHES, JOBS = 40, 9, 60
THREADS = 4
BARE_TASK, BARE_QUEUE = "bare.nothing", "bare"
PATIENCE = 30.0
_TRIGGER = """
create function tell_end() returns trigger language plpgsql as $$
begin perform pg_notify('over', new.id::text); return null; end $$;
create trigger tell_end after update of status on jobs
    for each row when (new.status = 'done') execute function tell_end();
"""


class Nothing:
    """The ``JobHandler`` port: done at once."""

    def run(self, job: Job, beat: Heartbeat) -> None:
        return

    def give_up(self, job: Job, code: str) -> None:
        return


def settings() -> Settings:
    return Settings(_env_file=None)


def serve_ours() -> None:
    """Be a worker of the product whose jobs do nothing."""
    from studyteddy.adapters.celery_jobs.app import QueueName
    from studyteddy.entrypoints.logging import configure_logging
    from studyteddy.entrypoints.worker.celery_app import run_worker

    configure_logging("info")
    Container.propose_cards.override(providers.Object(Nothing()))
    run_worker(settings(), QueueName.DEFAULT, THREADS)


def serve_bare() -> None:
    """Be a plain Celery worker with one task."""
    import threading

    app = Celery("bare", broker=os.environ["REDIS_URL"])
    app.conf.update(task_default_queue=BARE_QUEUE, broker_connection_retry_on_startup=True)
    own = threading.local()

    @app.task(name=BARE_TASK, ignore_result=True)
    def nothing(name: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(os.environ["BARE_DATABASE"], autocommit=True)
        own.connection.execute("select pg_notify('over', %s)", (name,))

    app.worker_main(["worker", "-P", "threads", "-c", str(THREADS), "-Q", BARE_QUEUE, "-l", "info"])


class Bench:
    """Both sides, from the process that asks."""

    def __init__(self, container: Container, person: User, bare: Celery, ends: psycopg.Connection) -> None:
        self._unit_of_work = container.unit_of_work()
        self._clock = container.clock()
        self._person = person
        self._bare = bare
        self._ends = ends

    def ours(self) -> float:
        now = self._clock()
        job_id = JobId(uuid4())
        begun = time.perf_counter()
        with self._unit_of_work() as uow:
            uow.jobs.add(
                Job(
                    id=job_id,
                    owner=self._person.id,
                    kind=JobKind.PROPOSE_CARDS,
                    subject_id=job_id,
                    created_at=now,
                    updated_at=now,
                )
            )
            uow.commit()
        return self._end_of(job_id, begun)

    def theirs(self, *, kept: bool = False) -> float:
        name = uuid4()
        begun = time.perf_counter()
        if kept:
            self._ends.execute("insert into kept values (%s)", (name,))
        self._bare.send_task(BARE_TASK, args=(str(name),), queue=BARE_QUEUE, ignore_result=True)
        return self._end_of(name, begun)

    def _end_of(self, name: UUID, begun: float) -> float:
        for notice in self._ends.notifies(timeout=PATIENCE):
            if notice.payload == str(name):
                return time.perf_counter() - begun
        raise AssertionError("a job was not done in time")


@contextmanager
def serving(side: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """A worker process that is ready for work."""
    command = [sys.executable, "-m", "benchmarks.job_queue", side]
    with log.open("w") as lines:
        worker = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines)
    try:
        until = time.monotonic() + PATIENCE
        while "ready." not in log.read_text():
            assert worker.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < until, log.read_text()[-2000:]
            time.sleep(0.05)
        yield
    finally:
        worker.terminate()
        worker.wait(PATIENCE)


@contextmanager
def bench() -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(RedisServer())
        url = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        bare_url = url.replace("+psycopg", "", 1)
        ends = stack.enter_context(psycopg.connect(bare_url, autocommit=True))
        ends.execute(_TRIGGER)
        ends.execute("create table kept (id uuid primary key)")
        ends.execute("listen over")
        os.environ |= {
            "STUDYTEDDY_PROFILE": "production",
            "STUDYTEDDY_HOME": str(folder / "home"),
            "STUDYTEDDY_OBJECTS": "disk",
            "DATABASE_URL": bare_url,
            "BARE_DATABASE": bare_url,
            "REDIS_URL": redis.url,
            "JWT_SECRET": uuid4().hex,
        }
        for side in ("ours", "bare"):
            stack.enter_context(serving(side, dict(os.environ), folder / f"{side}.log"))
        container = Container(settings=settings())
        container.init_resources()
        stack.callback(container.shutdown_resources)
        container.runner().start()
        stack.callback(container.runner().stop)
        person = container.add_user()(email="ada@example.org", password="seven purple hedgehogs", display_name="Ada")
        bare = stack.enter_context(Celery("bare", broker=redis.url))
        yield Bench(container, person, bare, ends)


def measured(*sides: Callable[[], float]) -> list[list[float]]:
    """The middle times of each batch, in milliseconds, of all sides in turn."""
    middles: list[list[float]] = [[] for _ in sides]
    for batch in range(BATCHES + 1):
        times = [[side() * 1e3 for side in sides] for _ in range(JOBS if batch else WARM_UP)]
        if batch:
            for middle, side in zip(middles, zip(*times, strict=True), strict=True):
                middle.append(statistics.median(side))
    return middles


def main() -> None:
    with bench() as desk:
        ours, bare, kept = measured(desk.ours, desk.theirs, lambda: desk.theirs(kept=True))
    ratios = [own / other for own, other in zip(ours, bare, strict=True)]
    ratio = statistics.median(ratios)
    print(
        f"P12 job from queueing to its end, p50: goal <= {GOAL}x of a bare Celery no-op, measured {ratio:.2f}x "
        f"(spread {min(ratios):.2f} to {max(ratios):.2f} over {BATCHES} batches), ours {statistics.median(ours):.2f} "
        f"ms, bare {statistics.median(bare):.2f} ms, {'met' if ratio <= GOAL else 'MISSED'}"
    )
    ratios = [own / other for own, other in zip(ours, kept, strict=True)]
    print(
        f"    of a bare one whose row is committed first {statistics.median(ratios):.2f}x (spread {min(ratios):.2f} to "
        f"{max(ratios):.2f}), {statistics.median(kept):.2f} ms"
    )


if __name__ == "__main__":
    {"ours": serve_ours, "bare": serve_bare}.get(sys.argv[-1], main)()
