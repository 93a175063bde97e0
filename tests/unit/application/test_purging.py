from __future__ import annotations

import functools
from datetime import timedelta
from uuid import uuid4

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application import purging
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.application.ports.repositories.idempotency import KEPT_FOR, Attempt
from studyteddy.domain.errors import NotFound
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.security_events import SecurityEventKind
from studyteddy.testing.accounts import an_auth_session
from studyteddy.testing.documents import NOW, add_user
from studyteddy.testing.jobs import a_job

DAY = timedelta(days=1)


@pytest.fixture
def unit_of_work() -> functools.partial[InMemoryUnitOfWork]:
    return functools.partial(InMemoryUnitOfWork, Store())


def test_jobs_are_forgotten_a_month_after_their_end(
    unit_of_work: functools.partial[InMemoryUnitOfWork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    owner = add_user(unit_of_work)
    old = [a_job(owner, now=NOW - 31 * DAY, status=JobStatus.DONE) for _ in range(5)]
    kept = [a_job(owner, now=NOW - 29 * DAY, status=JobStatus.FAILED), a_job(owner, now=NOW - 99 * DAY)]
    with unit_of_work() as uow:
        for job in (*old, *kept):
            uow.jobs.add(job)
        uow.commit()
    purge = purging.PurgeJobs(unit_of_work=unit_of_work, clock=lambda: NOW)
    assert purge() == 5
    assert purge() == 0
    with unit_of_work() as uow:
        for job in kept:
            uow.jobs.get(owner, job.id)


def test_answers_are_forgotten_when_no_retry_can_ask_for_them(
    unit_of_work: functools.partial[InMemoryUnitOfWork],
) -> None:
    owner = add_user(unit_of_work)
    with unit_of_work() as uow:
        for key, age in (("old", KEPT_FOR + DAY), ("fresh", KEPT_FOR)):
            uow.idempotency.claim(Attempt(id=uuid4(), owner=owner, key=key, fingerprint="f", began_at=NOW - age))
        uow.commit()
    assert purging.PurgeKeptAnswers(unit_of_work=unit_of_work, clock=lambda: NOW)() == 1
    with unit_of_work() as uow:
        assert uow.idempotency.find(owner, "fresh", now=NOW) is not None


def test_links_of_letters_are_forgotten_with_the_log_ins_of_their_time(
    unit_of_work: functools.partial[InMemoryUnitOfWork],
) -> None:
    old, kept = (
        OneUseToken.of(name, TokenPurpose.PASSWORD_RESET, add_user(unit_of_work), "ada@example.org", NOW - days * DAY)
        for name, days in (("old", 8), ("kept", 6))
    )
    with unit_of_work() as uow:
        uow.one_use_tokens.put(old)
        uow.one_use_tokens.put(kept)
        uow.commit()
    assert purging.PurgeLogIns(unit_of_work=unit_of_work, clock=lambda: NOW)() == 1
    with unit_of_work() as uow:
        assert uow.one_use_tokens.find(kept.purpose, kept.hash) == kept
        assert uow.one_use_tokens.find(old.purpose, old.hash) is None


def test_log_ins_are_forgotten_a_week_after_they_expired(
    unit_of_work: functools.partial[InMemoryUnitOfWork],
) -> None:
    owner = add_user(unit_of_work)
    old, kept = (an_auth_session(owner, expires_at=NOW - days * DAY) for days in (8, 6))
    with unit_of_work() as uow:
        uow.auth_sessions.add(old)
        uow.auth_sessions.add(kept)
        uow.commit()
    assert purging.PurgeLogIns(unit_of_work=unit_of_work, clock=lambda: NOW)() == 1
    with unit_of_work() as uow:
        assert uow.auth_sessions.get(kept.id) == kept
        with pytest.raises(NotFound):
            uow.auth_sessions.get(old.id)


def test_security_events_are_forgotten_after_half_a_year(unit_of_work: functools.partial[InMemoryUnitOfWork]) -> None:
    owner = add_user(unit_of_work)
    with unit_of_work() as uow:
        for days in (181, 179):
            uow.security_events.add(SecurityEventKind.LOGGED_IN, owner=owner, at=NOW - days * DAY)
        uow.commit()
    assert purging.PurgeSecurityEvents(unit_of_work=unit_of_work, clock=lambda: NOW)() == 1
    with unit_of_work() as uow:
        assert [event.at for event in uow.security_events.page(owner, PageRequest()).items] == [NOW - 179 * DAY]
