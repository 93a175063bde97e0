from __future__ import annotations

import threading

from studyteddy.entrypoints.clockwork import Clockwork, Turn

PATIENCE = 30.0


def test_each_duty_is_done_at_the_start_and_again_after_its_time_even_when_it_fails() -> None:
    often, once, done = threading.Semaphore(0), threading.Semaphore(0), threading.Event()

    def fail() -> None:
        often.release()
        raise ValueError("the database is away")

    def rarely() -> None:
        once.release()
        done.set()

    clockwork = Clockwork([Turn(fail, 0.001), Turn(rarely, 3600.0)])
    clockwork.start()
    assert all(often.acquire(timeout=PATIENCE) for _ in range(5))
    assert done.wait(PATIENCE)
    clockwork.stop()
    assert once.acquire(blocking=False)
    assert not once.acquire(blocking=False)


def test_one_that_was_never_started_can_be_stopped() -> None:
    Clockwork([]).stop()
