from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from studyteddy.adapters.circuit_breaker import CircuitBreaker


class Seconds:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker(failures=3, pause=10.0, monotonic=seconds)


def opened(breaker: CircuitBreaker) -> CircuitBreaker:
    for _ in range(3):
        breaker.failed()
    return breaker


def test_a_few_failures_stop_nothing(breaker: CircuitBreaker) -> None:
    breaker.failed()
    breaker.failed()
    assert breaker.allows()
    assert breaker.remaining() == 0


def test_after_enough_failures_in_a_row_nothing_is_allowed_for_the_pause(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    opened(breaker)
    assert not breaker.allows()
    assert breaker.remaining() == 10
    seconds.pass_by(9.9)
    assert not breaker.allows()
    assert breaker.remaining() == pytest.approx(0.1)


def test_a_success_starts_the_count_again(breaker: CircuitBreaker) -> None:
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    breaker.failed()
    assert breaker.allows()


def test_after_the_pause_one_probe_is_let_through(breaker: CircuitBreaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.pass_by(10)
    assert breaker.remaining() == 0
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_closes_it(breaker: CircuitBreaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.pass_by(10)
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_probe_that_fails_opens_it_for_another_pause(breaker: CircuitBreaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.pass_by(10)
    assert breaker.allows()
    breaker.failed()
    seconds.pass_by(9)
    assert not breaker.allows()
    seconds.pass_by(1)
    assert breaker.allows()


def test_a_probe_of_which_nothing_is_heard_costs_one_pause(breaker: CircuitBreaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.pass_by(10)
    assert breaker.allows()
    seconds.pass_by(10)
    assert breaker.allows()


def test_a_pause_that_was_named_opens_it_at_once_for_that_long(breaker: CircuitBreaker, seconds: Seconds) -> None:
    breaker.failed(pause=30)
    assert not breaker.allows()
    seconds.pass_by(29)
    assert breaker.remaining() == 1
    assert not breaker.allows()
    seconds.pass_by(1)
    assert breaker.allows()


def test_short_pauses_that_are_named_again_and_again_count_as_failures(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    for _ in range(3):
        seconds.pass_by(1)
        breaker.failed(pause=1)
    assert breaker.remaining() == 10


def test_a_failure_that_comes_late_does_not_shorten_a_pause(breaker: CircuitBreaker) -> None:
    breaker.failed(pause=60)
    opened(breaker)
    assert breaker.remaining() == 60


def test_of_many_threads_only_one_gets_the_probe(breaker: CircuitBreaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.pass_by(10)
    with ThreadPoolExecutor(16) as threads:
        allowed = list(threads.map(lambda _: breaker.allows(), range(200)))
    assert allowed.count(True) == 1


@pytest.mark.parametrize(("failures", "pause"), [(0, 10.0), (5, 0.0)])
def test_a_breaker_that_could_never_work_is_refused(failures: int, pause: float) -> None:
    with pytest.raises(ValueError, match="at least one failure"):
        CircuitBreaker(failures=failures, pause=pause)
