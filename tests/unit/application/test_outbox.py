from __future__ import annotations

import functools
from datetime import timedelta

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.outbox import NoteSentJobs, SendWaitingJobs
from studyteddy.application.ports.jobs import LEASE, Job, WakeUp
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import JobId
from studyteddy.testing.documents import NOW, add_user
from studyteddy.testing.jobs import a_job


class Office:
    """Jobs that wait, and a queue that takes so many of their wake-ups."""

    def __init__(self, jobs: int) -> None:
        self.now = NOW
        self.unit_of_work = functools.partial(InMemoryUnitOfWork, Store())
        owner = add_user(self.unit_of_work)
        self.jobs = [a_job(owner, now=NOW + timedelta(milliseconds=number)) for number in range(jobs)]
        with self.unit_of_work() as uow:
            for job in self.jobs:
                uow.jobs.add(job)
            uow.commit()
        self.sent: list[JobId] = []
        self.takes = 10_000
        self.send_waiting = SendWaitingJobs(unit_of_work=self.unit_of_work, clock=lambda: self.now, send=self.send)
        self.note = NoteSentJobs(unit_of_work=self.unit_of_work, clock=lambda: self.now)

    def send(self, wake_up: WakeUp) -> None:
        if len(self.sent) >= self.takes:
            raise Unavailable("full", code="queue_unavailable")
        self.sent.append(wake_up.job_id)

    def pass_time(self, share_of_lease: float) -> None:
        self.now += LEASE * share_of_lease

    def claimed(self) -> Job:
        with self.unit_of_work() as uow:
            job = uow.jobs.claim(None, now=self.now)
            uow.commit()
        assert job is not None
        return job


def test_all_that_wait_are_sent_once_oldest_first() -> None:
    office = Office(450)
    assert office.send_waiting() == 0
    office.pass_time(0.2)
    assert office.send_waiting() == 450
    assert office.sent == [job.id for job in office.jobs]
    assert office.send_waiting() == 0


def test_a_job_of_a_dead_worker_is_sent_again_before_two_leases_are_over() -> None:
    office = Office(1)
    office.note([office.jobs[0].id])
    office.claimed()
    office.pass_time(0.99)
    assert office.send_waiting() == 0
    office.pass_time(0.02)
    assert office.send_waiting() == 1


def test_a_message_that_was_lost_is_sent_again_within_a_lease() -> None:
    office = Office(1)
    office.note([office.jobs[0].id])
    office.pass_time(0.6)
    assert office.send_waiting() == 0
    office.pass_time(0.1)
    assert office.send_waiting() == 1


def test_what_the_queue_did_not_take_is_sent_as_soon_as_it_does() -> None:
    office = Office(10)
    office.pass_time(0.2)
    office.takes = 4
    with pytest.raises(Unavailable):
        office.send_waiting()
    office.takes = 10_000
    assert office.send_waiting() == 6
    assert office.sent == [job.id for job in office.jobs]
