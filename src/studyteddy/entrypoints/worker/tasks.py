"""The tasks of the workers: each does one use case. What can't be done now is found again by its row or by beat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import structlog
from celery import Celery

from studyteddy.adapters.celery_jobs.app import RUN_JOB
from studyteddy.adapters.celery_jobs.messages import UnreadableMessage, from_message
from studyteddy.application.ports.jobs import JobKind, WakeUp
from studyteddy.domain.errors import StudyTeddyError
from studyteddy.entrypoints.worker.process import WorkerProcess
from studyteddy.entrypoints.worker.schedule import (
    PURGE_JOBS,
    PURGE_KEPT_ANSWERS,
    PURGE_LOG_INS,
    PURGE_NOTIFICATIONS,
    PURGE_SECURITY_EVENTS,
    REMIND_PEOPLE,
    SWEEP_JOBS,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")


def register_tasks(app: Celery, process: WorkerProcess) -> None:
    """Let the application's workers do their tasks with what ``process`` opens."""

    @app.task(name=RUN_JOB)
    def run_job(message: object = None, *_: object, **__: object) -> None:
        wake_up = _read(message)
        if wake_up is not None:
            _run(process, wake_up)

    @app.task(name=SWEEP_JOBS)
    def sweep_jobs(*_: object, **__: object) -> None:
        _count("jobs that had waited were sent", process.container.send_waiting_jobs())

    @app.task(name=REMIND_PEOPLE)
    def remind_people(*_: object, **__: object) -> None:
        _count("people were looked at for reminders", process.container.remind_people())

    @app.task(name=PURGE_NOTIFICATIONS)
    def purge_notifications(*_: object, **__: object) -> None:
        _count("old notifications were deleted", process.container.purge_notifications())

    @app.task(name=PURGE_JOBS)
    def purge_jobs(*_: object, **__: object) -> None:
        _count("old jobs were deleted", process.container.purge_jobs())

    @app.task(name=PURGE_KEPT_ANSWERS)
    def purge_kept_answers(*_: object, **__: object) -> None:
        _count("old keys of requests were deleted", process.container.purge_kept_answers())

    @app.task(name=PURGE_LOG_INS)
    def purge_log_ins(*_: object, **__: object) -> None:
        _count("expired log-ins were deleted", process.container.purge_log_ins())

    @app.task(name=PURGE_SECURITY_EVENTS)
    def purge_security_events(*_: object, **__: object) -> None:
        _count("old security events were deleted", process.container.purge_security_events())


def _read(message: object) -> WakeUp | None:
    """The wake-up, unless this version can do nothing with it; its row waits for one that can."""
    try:
        wake_up = from_message(message)
    except UnreadableMessage as fault:
        log.warning("a message was dropped", reason=str(fault))
        return None
    if wake_up.kind not in set(JobKind):
        log.warning("a job is left to a newer worker", job_id=str(wake_up.job_id), job_kind=wake_up.kind)
        return None
    return wake_up


def _run(process: WorkerProcess, wake_up: WakeUp) -> None:
    names = {"job_id": str(wake_up.job_id), "job_kind": wake_up.kind, "request_id": wake_up.request_id}
    begun = perf_counter()
    with structlog.contextvars.bound_contextvars(**names):
        taken = _do(lambda: process.run_job(job_id=wake_up.job_id))
        if taken:
            log.info("job", ms=round((perf_counter() - begun) * 1000, 1))


def _count(event: str, duty: Callable[[], int]) -> None:
    if count := _do(duty):
        log.info(event, count=count)


def _do(work: Callable[[], T]) -> T | None:
    """Do it; a dependency that is away is a line in the log, since the work comes back by itself."""
    try:
        return work()
    except StudyTeddyError as fault:
        logging.getLogger(__name__).warning("not done now: %s", fault.code)
        return None
