from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, cast

import pytest

from builders import PASSWORD
from portability import Place, furnish
from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.adapters.system_clock import new_id
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.portability.leaving import EraseAccount, LeaveForGood
from studyteddy.application.ports.jobs import MAX_ATTEMPTS, JobKind
from studyteddy.domain.errors import Invalid, NotAuthenticated, Unavailable, WrongPassword
from studyteddy.domain.ids import UserId
from studyteddy.domain.leaving import buried_digest, tombstone_key
from studyteddy.testing.mailer import a_letter

EMAIL = "ada@example.org"


class Leaving:
    """A place with somebody who leaves it."""

    def __init__(self) -> None:
        self.place = Place()
        self.ada = self.place.newcomer(EMAIL)
        furnish(self.place, self.ada)
        teddy, parts = self.place.teddy, cast(Any, self.place.teddy)._parts
        self.leave = LeaveForGood(
            unit_of_work=teddy.unit_of_work, passwords=parts["passwords"], new_id=new_id, clock=self.place.clock
        )
        self.objects: InMemoryObjects = self.place.objects
        self.mailer = InMemoryMailer()
        self.erase = EraseAccount(
            unit_of_work=teddy.unit_of_work,
            objects=self.objects,
            events=parts["events"],
            mailer=self.mailer,
            new_id=new_id,
            clock=self.place.clock,
        )
        self.run_next = RunNextJob(
            unit_of_work=teddy.unit_of_work,
            clock=self.place.clock,
            handlers={**parts["handlers"], JobKind.ERASE_ACCOUNT: self.erase},
        )

    def rows(self) -> dict[str, int]:
        store = self.place.teddy.unit_of_work.args[0]
        return {name: len(store.table(name)) for name in store.names() if store.table(name)}


@pytest.fixture
def leaving() -> Leaving:
    return Leaving()


def test_who_leaves_is_out_at_once_and_forgotten_by_a_job(leaving: Leaving) -> None:
    device = leaving.place.teddy.log_in(email=EMAIL, password=PASSWORD)
    leaving.leave(owner=leaving.ada, password=PASSWORD)
    with pytest.raises(NotAuthenticated):
        leaving.place.teddy.authenticate(access_token=device.access_token)
    with pytest.raises(NotAuthenticated):
        leaving.place.teddy.log_in(email=EMAIL, password=PASSWORD)
    assert leaving.place.newcomer(EMAIL) != leaving.ada
    assert leaving.run_next()
    assert not leaving.run_next()
    left = {"users", "auth_sessions", "tombstones", "security_events", "jobs_sent"}
    assert set(leaving.rows()) <= left
    assert leaving.rows()["users"] == leaving.rows()["tombstones"] == 1
    digest = buried_digest(leaving.ada)
    assert list(leaving.objects._objects) == [tombstone_key(digest)]


def test_what_was_told_to_them_and_what_they_wished_is_forgotten(leaving: Leaving) -> None:
    told = {"notifications", "notification_settings", "calendar_feeds", "api_tokens", "notification_looks"}
    with leaving.place.teddy.unit_of_work() as uow:
        uow.notification_settings.look_at(leaving.ada, leaving.place.clock())
        uow.commit()
    assert told <= set(leaving.rows())
    leaving.leave(owner=leaving.ada, password=PASSWORD)
    assert leaving.run_next()
    assert not told & set(leaving.rows())


def test_no_letter_to_them_is_kept(leaving: Leaving) -> None:
    other = leaving.place.newcomer("bob@example.org")
    for owner in (leaving.ada, other, leaving.ada):
        leaving.mailer.send(a_letter(owner=owner))
    leaving.leave(owner=leaving.ada, password=PASSWORD)
    assert leaving.run_next()
    assert [letter.owner for letter in leaving.mailer.letters] == [other]


def test_others_keep_what_is_theirs(leaving: Leaving) -> None:
    bob = leaving.place.newcomer("bob@example.org")
    furnish(leaving.place, bob)
    before = leaving.place.contents(leaving.place.exported(bob))
    leaving.leave(owner=leaving.ada, password=PASSWORD)
    leaving.run_next()
    assert leaving.place.contents(leaving.place.exported(bob)) == before


@pytest.mark.parametrize("stated", [{}, {"password": "wrong"}, {"confirmation": EMAIL}])
def test_without_the_password_nothing_is_deleted(leaving: Leaving, stated: dict[str, str]) -> None:
    before = leaving.rows()
    with pytest.raises(WrongPassword) as refused:
        leaving.leave(owner=leaving.ada, **stated)
    assert refused.value.code == "wrong_password"
    assert leaving.rows() == before


def test_who_has_no_password_types_the_address(leaving: Leaving) -> None:
    with leaving.place.teddy.unit_of_work() as uow:
        uow.users.save(uow.users.get(leaving.ada).with_password("", leaving.place.clock()))
        uow.commit()
    for typed in (None, "bob@example.org", "nonsense"):
        with pytest.raises(Invalid) as refused:
            leaving.leave(owner=leaving.ada, confirmation=typed)
        assert refused.value.code == "wrong_confirmation"
    leaving.leave(owner=leaving.ada, confirmation=" ADA@example.org ")


class _Failing(InMemoryObjects):
    """A store that deletes nothing until it is mended."""

    mended = False

    def delete(self, key: str) -> None:
        if not self.mended:
            raise Unavailable("The store is away.", code="storage_unavailable")
        super().delete(key)


def test_a_job_that_fails_goes_on_later_and_is_never_given_up(leaving: Leaving) -> None:
    failing = _Failing()
    failing._objects = leaving.objects._objects
    run_next = replace(leaving.run_next, handlers={JobKind.ERASE_ACCOUNT: replace(leaving.erase, objects=failing)})
    leaving.leave(owner=leaving.ada, password=PASSWORD)
    for _ in range(MAX_ATTEMPTS):
        assert run_next()
        leaving.place.clock.advance(minutes=15)
    assert not run_next()
    assert leaving.rows()["users"] == 1
    failing.mended = True
    leaving.place.clock.advance(hours=1)
    assert run_next()
    assert "users" not in leaving.rows()


def test_an_upload_that_comes_in_meanwhile_is_forgotten_too(leaving: Leaving) -> None:
    """Its bytes and its row are there after the job has looked for them."""
    events = cast(Any, leaving.place.teddy)._parts["events"]
    place, ada = leaving.place, leaving.ada

    class Late:
        said = False

        def forget(self, owner: UserId) -> None:
            if not self.said:
                self.said = True
                place.teddy.add_document(owner=ada, filename="late.txt", content=io.BytesIO(b"Late words."))
            events.forget(owner)

    erase = replace(leaving.erase, events=cast(Any, Late()))
    leaving.leave(owner=ada, password=PASSWORD)
    run_next = replace(leaving.run_next, handlers={JobKind.ERASE_ACCOUNT: erase})
    assert run_next()
    assert "users" not in leaving.rows()
    assert list(leaving.objects._objects) == [tombstone_key(buried_digest(ada))]
