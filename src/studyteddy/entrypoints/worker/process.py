"""What a process of a worker works with: a container of its own, made after the fork."""

from __future__ import annotations

import logging
import threading

from studyteddy.application.jobs import RunNextJob
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings

log = logging.getLogger(__name__)


class WorkerProcess:
    """Opens a container when it is first asked for, and keeps it until the process ends; threads may share it.

    An engine that does not answer fails the task that asked, not the process: the next one tries again.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._container: Container | None = None
        self._run_job: RunNextJob | None = None

    @property
    def container(self) -> Container:
        with self._lock:
            if self._container is None:
                self._container = self._opened()
            return self._container

    @property
    def run_job(self) -> RunNextJob:
        """The use case with all handlers. They are made once: that reads word lists and opens clients."""
        if self._run_job is None:
            self._run_job = self.container.run_next_job()
        return self._run_job

    def open(self) -> None:
        """Be ready before the first task comes."""
        try:
            _ = self.run_job
        except Exception:
            log.exception("this process is not ready yet; its first task will try again")

    def close(self) -> None:
        with self._lock:
            container, self._container = self._container, None
        if container is not None:
            container.runner().stop()
            container.shutdown_resources()

    def _opened(self) -> Container:
        container = Container(settings=self._settings)
        try:
            container.init_resources()
            container.runner().start()
        except BaseException:
            container.shutdown_resources()
            raise
        return container
