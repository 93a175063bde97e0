"""Workers as processes of their own, on the engines of a test, and a desk in this process that gives them work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from engines.paced_reader import Pace
from studyteddy.application.ports.jobs import Job, JobKind, JobStatus
from studyteddy.domain.accounts import User
from studyteddy.domain.ids import JobId
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings

_START_SECONDS = 60
_STOP_SECONDS = 60
_SECRET = "0f8e2b7c95d3416ab0c7f4e1d2a3958b"
_KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "TZ", "PYTHONPATH")
OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)


class WorkerProcess:
    """``studyteddy worker ...`` with a log of JSON lines."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as lines:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def lines(self) -> list[dict[str, Any]]:
        """What it logged; each line has to be JSON."""
        return [json.loads(line) for line in self.log().splitlines() if line.strip()]

    def has_logged(self, words: str, *, times: int = 1, seconds: float = _START_SECONDS) -> None:
        """Wait for words in its log."""
        until = time.monotonic() + seconds
        while self.log().count(words) < times:
            assert self.process.poll() is None, f"it ended: {self.log()[-3000:]}"
            assert time.monotonic() < until, f"not within {seconds} s: {words!r} in {self.log()[-3000:]}"
            time.sleep(0.02)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    def terminate(self, *, seconds: float = _STOP_SECONDS) -> int:
        """SIGTERM, and the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it and all its processes as a power cut would."""
        for process in [*self._family(), self.process]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait(_STOP_SECONDS)

    def _family(self) -> list[psutil.Process]:
        try:
            return self.children()
        except psutil.NoSuchProcess:
            return []

    def clear(self) -> None:
        """Leave nothing behind, whatever the test did."""
        family = self._family()
        if self.process.poll() is None:
            self.kill()
        psutil.wait_procs(family, timeout=10)


class WorkPlace:
    """Workers and a desk on one PostgreSQL and one Redis. ``settings`` are more of the environment."""

    def __init__(self, database_url: str, redis_url: str, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="st-work-"))
        self.environment = {
            "STUDYTEDDY_PROFILE": "production",
            "STUDYTEDDY_HOME": str(self.home / "data"),
            "STUDYTEDDY_OBJECTS": "disk",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "JWT_SECRET": _SECRET,
            "STUDYTEDDY_BCRYPT_ROUNDS": "4",
            "STUDYTEDDY_JOB_LEASE": "3s",
            **settings,
        }
        self._more: dict[str, str] = {}
        self._started: list[WorkerProcess] = []

    def paced(self) -> Pace:
        """From now on, workers read documents as fast as the test lets them."""
        pace = Pace(self.home / "site")
        self._more |= pace.environment
        return pace

    def worker(
        self, *arguments: str, program: Sequence[str] = ("-m", "studyteddy"), ready: bool = True
    ) -> WorkerProcess:
        """Start one; with ``ready`` it takes work when this returns."""
        kept = {name: os.environ[name] for name in _KEPT_FROM_OUTSIDE if name in os.environ}
        command = [sys.executable, *program, "worker", *arguments]
        log = self.home / f"worker-{len(self._started)}.log"
        worker = WorkerProcess(command, {**kept, **self.environment, **self._more}, log)
        self._started.append(worker)
        if ready:
            worker.has_logged("ready.")
        return worker

    @contextmanager
    def desk(self, *, sending: bool = True) -> Iterator[Desk]:
        """What a web process has; with ``sending`` it tells the workers of its jobs."""
        container = Container(settings=Settings(_env_file=None, **self.environment))
        container.init_resources()
        runner = container.runner()
        if sending:
            runner.start()
        try:
            yield Desk(container)
        finally:
            runner.stop()
            container.shutdown_resources()

    def close(self) -> None:
        for worker in self._started:
            worker.clear()
        shutil.rmtree(self.home, ignore_errors=True)


class Desk:
    """One person of an opened container, and the jobs that are queued for them."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.person: User = container.add_user()(
            email=f"{uuid4().hex}@example.org", password="seven purple hedgehogs", display_name="Ada"
        )

    def upload(self, text: str | bytes, name: str = "notes.md") -> Any:
        """A document and the job that reads it."""
        content = text.encode() if isinstance(text, str) else text
        return self.container.add_document()(owner=self.person.id, filename=name, content=BytesIO(content))

    def queue(self, kind: str = JobKind.PROPOSE_CARDS, **fields: Any) -> Job:
        """A job of some kind, written as a use case would."""
        now = self.container.clock()()
        job = Job(
            id=JobId(uuid4()),
            owner=self.person.id,
            kind=kind,
            subject_id=uuid4(),
            created_at=now,
            updated_at=now,
            **fields,
        )
        with self.container.unit_of_work()() as uow:
            uow.jobs.add(job)
            uow.commit()
        return job

    def errand(self) -> JobId:
        """A job that is soon done: cards for a deck that is not there."""
        return self.queue(JobKind.PROPOSE_CARDS, arguments={"deck_id": str(uuid4()), "count": 1}).id

    def cancel(self, job_id: JobId) -> None:
        with self.container.unit_of_work()() as uow:
            uow.jobs.request_cancel(self.person.id, job_id, now=self.container.clock()())
            uow.commit()

    def job(self, job_id: JobId) -> Job:
        return self.container.get_job()(owner=self.person.id, job_id=job_id)

    def until(self, job_id: JobId, wanted: Callable[[Job], bool], *, seconds: float = 60) -> Job:
        """The job as soon as it is as wanted."""
        until = time.monotonic() + seconds
        while True:
            job = self.job(job_id)
            if wanted(job):
                return job
            assert time.monotonic() < until, f"not within {seconds} s: {job}"
            time.sleep(0.02)

    def over(self, job_id: JobId, *, seconds: float = 60) -> Job:
        return self.until(job_id, lambda job: job.status not in OPEN, seconds=seconds)
