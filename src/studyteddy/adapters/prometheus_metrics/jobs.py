"""Jobs, counted and timed."""

from __future__ import annotations

from time import perf_counter

from studyteddy.adapters.prometheus_metrics.metrics import Metrics
from studyteddy.application.ports.jobs import Heartbeat, Job, JobHandler
from studyteddy.domain.errors import RateLimited, StudyTeddyError, Unavailable


class MeasuredHandler:
    """The ``JobHandler`` port. An attempt is done, failed or crashed; passing faults make it retried, and one that
    was told to stop is stopped.
    """

    def __init__(self, inner: JobHandler, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def run(self, job: Job, beat: Heartbeat) -> None:
        began, outcome = perf_counter(), "done"

        def watched(progress: int) -> bool:
            nonlocal outcome
            go_on = beat(progress)
            outcome = outcome if go_on else "stopped"
            return go_on

        try:
            self._inner.run(job, watched)
        except (Unavailable, RateLimited):
            outcome = "retried"
            raise
        except StudyTeddyError:
            outcome = "failed"
            raise
        except BaseException:
            outcome = "crashed"
            raise
        finally:
            self._metrics.job_ended(str(job.kind), outcome, perf_counter() - began)

    def give_up(self, job: Job, code: str) -> None:
        self._inner.give_up(job, code)
