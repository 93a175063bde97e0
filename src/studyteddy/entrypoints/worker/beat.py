"""The clock as this process: it asks the workers for what is due."""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from types import FrameType

from celery import beat

from studyteddy.adapters.celery_jobs.app import celery_app
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.worker.logs import keep_own_logs
from studyteddy.entrypoints.worker.schedule import schedule

log = logging.getLogger(__name__)


def run_beat(settings: Settings) -> int:
    """Ask until SIGTERM or Ctrl-C, and tell the exit code.

    Nothing is kept on disk, and two clocks do no harm: whatever beat asks for may be done twice.
    """
    app = celery_app(settings.redis_url or "")
    app.conf.beat_schedule = schedule(settings.job_lease)
    keep_own_logs()
    service = beat.Service(app, scheduler_cls=beat.Scheduler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    log.info("beat starts")
    with suppress(SystemExit):
        service.start()
    log.info("beat stops")
    return 0


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
