"""What this process counts and times, in Prometheus' form. Labels are our own words, never what a user sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of one server keep their counts together; prometheus-client reads it when it's first imported."""

REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
JOB_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800)
MODEL_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160)


class OpenJobs(Protocol):
    """The jobs of one kind that wait or run."""

    @property
    def kind(self) -> str: ...
    @property
    def waiting(self) -> int: ...
    @property
    def running(self) -> int: ...
    @property
    def oldest_seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says at the moment."""

    jobs: Sequence[OpenJobs] = ()
    last_backup: datetime | None = None


class Metrics:
    """Safe to share between threads. Made after the fork, as it opens the files of its process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = own = CollectorRegistry()
        self._answered = Counter(
            "studyteddy_http_requests", "Requests that were answered.", ["method", "route", "status"], registry=own
        )
        self._seconds = Histogram(
            "studyteddy_http_request_seconds",
            "Time until the answer began; for a socket, how long it was open.",
            ["method", "route"],
            buckets=REQUEST_BUCKETS,
            registry=own,
        )
        self._open = Gauge(
            "studyteddy_http_requests_in_progress",
            "Requests under way, open sockets and streams.",
            ["route"],
            multiprocess_mode="livesum",
            registry=own,
        )
        self._jobs = Counter("studyteddy_jobs", "Attempts at jobs.", ["kind", "outcome"], registry=own)
        self._job_seconds = Histogram(
            "studyteddy_job_seconds", "Time that an attempt took.", ["kind"], buckets=JOB_BUCKETS, registry=own
        )
        self._model_calls = Counter(
            "studyteddy_model_calls", "Questions to models.", ["model", "outcome"], registry=own
        )
        self._model_seconds = Histogram(
            "studyteddy_model_call_seconds",
            "Time until the end of an answer.",
            ["model"],
            buckets=MODEL_BUCKETS,
            registry=own,
        )
        self._tokens = Counter(
            "studyteddy_model_tokens", "Tokens as told by models.", ["model", "direction"], registry=own
        )

    def request_began(self, route: str) -> None:
        self._open.labels(route).inc()

    def request_left(self, route: str) -> None:
        self._open.labels(route).dec()

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._answered.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        self._jobs.labels(kind, outcome).inc()
        self._job_seconds.labels(kind).observe(seconds)

    def model_called(self, model: str, outcome: str, seconds: float) -> None:
        self._model_calls.labels(model, outcome).inc()
        self._model_seconds.labels(model).observe(seconds)

    def tokens_used(self, model: str, *, prompt: int, completion: int) -> None:
        self._tokens.labels(model, "prompt").inc(prompt)
        self._tokens.labels(model, "completion").inc(completion)

    def exposition(self, figures: Callable[[], Figures] | None = None) -> bytes:
        """All counts of this server, and what the database says now, unless it is away."""
        from prometheus_client import CollectorRegistry, generate_latest

        told = bytes(generate_latest(self._of_all_processes()))
        if figures is None:
            return told
        of_the_database = CollectorRegistry()
        of_the_database.register(_Database(figures))
        return told + bytes(generate_latest(of_the_database))

    def _of_all_processes(self) -> CollectorRegistry:
        if (directory := os.environ.get(DIRECTORY_VARIABLE)) is None:
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=directory)  # type: ignore[no-untyped-call]
        return registry


class _Database:
    """A collector of prometheus-client."""

    def __init__(self, figures: Callable[[], Figures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        waiting = GaugeMetricFamily("studyteddy_jobs_waiting", "Jobs that a worker could take.", labels=["kind"])
        running = GaugeMetricFamily("studyteddy_jobs_running", "Jobs that are worked on.", labels=["kind"])
        oldest = GaugeMetricFamily("studyteddy_oldest_waiting_job_seconds", "How long it has waited.", labels=["kind"])
        backup = GaugeMetricFamily("studyteddy_last_backup_timestamp_seconds", "When the last backup was verified.")
        figures = self._figures()
        for jobs in figures.jobs:
            waiting.add_metric([jobs.kind], jobs.waiting)
            running.add_metric([jobs.kind], jobs.running)
            oldest.add_metric([jobs.kind], jobs.oldest_seconds)
        if figures.last_backup is not None:
            backup.add_metric([], figures.last_backup.timestamp())
        yield from (waiting, running, oldest, backup)


def forget_process(pid: int) -> None:
    """Count what a dead process had open no longer; what it had counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
