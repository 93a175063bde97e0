"""Sending wake-ups to the queue."""

from __future__ import annotations

from celery import Celery
from kombu.exceptions import OperationalError

from studyteddy.adapters.celery_jobs.app import RUN_JOB, USUAL, queue_of
from studyteddy.adapters.celery_jobs.messages import to_message
from studyteddy.application.ports.jobs import WakeUp
from studyteddy.domain.errors import Unavailable


class CelerySender:
    """Tells the workers of a job by a message of its own. Made in the process that uses it; threads may share it."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def __call__(self, wake_up: WakeUp) -> None:
        """Send it, within seconds. Raises ``Unavailable`` when Redis refuses, hangs or is full."""
        try:
            self._app.send_task(
                RUN_JOB,
                args=(to_message(wake_up),),
                queue=queue_of(wake_up.kind),
                priority=USUAL,
                retry=False,
            )
        except (OperationalError, OSError) as error:
            raise Unavailable("The queue does not answer. The job waits.", code="queue_unavailable") from error

    def close(self) -> None:
        self._app.close()
