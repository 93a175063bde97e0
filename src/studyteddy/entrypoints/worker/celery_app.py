"""One worker as this process: Celery with our tasks and our logs."""

from __future__ import annotations

import logging
import signal
import socket
from types import FrameType
from typing import Any

from celery import signals
from celery.apps.worker import Worker
from celery.worker import WorkController, state

from studyteddy.adapters.celery_jobs.app import QueueName, celery_app
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.worker.logs import keep_own_logs
from studyteddy.entrypoints.worker.process import WorkerProcess
from studyteddy.entrypoints.worker.tasks import register_tasks

log = logging.getLogger(__name__)

MEMORY_KB = 768 * 1024
"""A process that reads documents and has grown beyond this is replaced after its task."""


class _Worker(Worker):
    """Celery's worker without its banner; SIGTERM and Ctrl-C let the running tasks finish."""

    def install_platform_tweaks(self, worker: WorkController) -> None:  # noqa: ARG002
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    state.should_stop = 0  # type: ignore[assignment] # the exit code


def run_worker(settings: Settings, queue: QueueName, concurrency: int) -> int:
    """Work for a queue until SIGTERM, and tell the exit code."""
    process = WorkerProcess(settings)
    app = celery_app(settings.redis_url or "")
    register_tasks(app, process)
    keep_own_logs()
    options: dict[str, Any] = {"quiet": True, "without_gossip": True, "without_mingle": True, "without_heartbeat": True}
    name = f"{queue}@{socket.gethostname()}"
    in_processes = queue is QueueName.INGEST
    if in_processes:
        options |= {"pool": "prefork", "max_memory_per_child": MEMORY_KB}
        signals.worker_process_init.connect(lambda **_: process.open(), weak=False)
        signals.worker_process_shutdown.connect(lambda **_: process.close(), weak=False)
    else:
        options |= {"pool": "threads"}
        process.open()
    worker = _Worker(app=app, hostname=name, queues=[queue.value], concurrency=concurrency, **options)
    log.info("worker %s starts, %d at once", queue.value, concurrency)
    try:
        worker.start()
    finally:
        process.close()
    return int(worker.exitcode or 0)
