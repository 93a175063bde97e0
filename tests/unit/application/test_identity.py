from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from builders import PASSWORD, Accounts, TickingClock, new_secret, session_id_of
from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.accounts import LoggedIn
from studyteddy.application.identity.letters import SendReset, SendVerification, TellPasswordChanged
from studyteddy.application.identity.passwords import AskForReset, ChangePassword, ResetPassword
from studyteddy.application.identity.verification import AskForVerification, VerifyEmail
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.ports.jobs import JobKind, JobStatus
from studyteddy.application.ports.mailer import Letter, LetterKind
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import Conflict, Invalid, NotAuthenticated, Unavailable, WrongPassword
from studyteddy.domain.ids import AuthSessionId
from studyteddy.domain.one_use_tokens import TokenPurpose, token_hash

ADA = "ada@example.org"
NEW = "eleven silent otters"


class Identity:
    """Every use case of this capability over one store, and a worker for its letters."""

    def __init__(self) -> None:
        self.clock = TickingClock()
        uow = self.unit_of_work = functools.partial(InMemoryUnitOfWork, Store())
        self.accounts = Accounts(uow, self.clock)
        self.mailer = InMemoryMailer()
        self.waited: list[float] = []
        passwords, ids = self.accounts.passwords, {"new_id": uuid4, "clock": self.clock}
        self.register = replace(self.accounts.register, by_letter=True)
        self.ask_for_verification = AskForVerification(unit_of_work=uow, **ids)
        self.verify = VerifyEmail(unit_of_work=uow, clock=self.clock)
        self.forget = AskForReset(unit_of_work=uow, **ids, timer=lambda: 0.0, sleep=self.waited.append)
        self.reset = ResetPassword(unit_of_work=uow, passwords=passwords, **ids)
        self.change = ChangePassword(unit_of_work=uow, passwords=passwords, **ids)
        post = {"unit_of_work": uow, "mailer": self.mailer, "clock": self.clock, "new_secret": new_secret}
        self.run_next = RunNextJob(
            unit_of_work=uow,
            clock=self.clock,
            handlers={
                JobKind.SEND_VERIFICATION: SendVerification(**post, public_url="https://teddy.example.org"),
                JobKind.SEND_RESET: SendReset(**post, public_url="https://teddy.example.org"),
                JobKind.TELL_PASSWORD_CHANGED: TellPasswordChanged(unit_of_work=uow, mailer=self.mailer),
            },
        )

    def newcomer(self, email: str = ADA) -> LoggedIn:
        return self.register(email=email, password=PASSWORD, display_name="Ada")

    def post(self) -> list[Letter]:
        """Do the waiting jobs, and tell which letters they sent."""
        before = len(self.mailer.letters)
        while self.run_next():
            pass
        return list(self.mailer.letters[before:])

    def user(self, logged_in: LoggedIn) -> User:
        with self.unit_of_work() as uow:
            return uow.users.get(logged_in.user.id)

    def link(self) -> str:
        """The token of the only letter that is waiting."""
        (letter,) = self.post()
        return token_of(letter)

    def reset_token(self, email: str = ADA) -> str:
        self.post()
        self.forget(email=email)
        return self.link()


@pytest.fixture
def identity() -> Identity:
    return Identity()


def token_of(letter: Letter) -> str:
    return str(letter.values["link"]).partition("?token=")[2]


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises((NotAuthenticated, Invalid, Conflict, WrongPassword)) as error:
        act()
    return error.value.code


def test_a_newcomer_gets_a_letter_whose_link_verifies_the_address_once(identity: Identity) -> None:
    ada = identity.newcomer()
    assert identity.user(ada).email_verified_at is None
    (letter,) = identity.post()
    assert (letter.kind, letter.to, letter.name) == (LetterKind.EMAIL_VERIFICATION, ADA, "Ada")
    assert str(letter.values["link"]).startswith("https://teddy.example.org/verify?token=")
    assert letter.values["hours"] == 48
    identity.clock.advance(minutes=1)
    identity.verify(token=token_of(letter))
    assert identity.user(ada).email_verified_at == identity.clock()
    assert refused(lambda: identity.verify(token=token_of(letter))) == "link_used"


def test_only_the_hash_of_a_token_is_kept(identity: Identity) -> None:
    identity.newcomer()
    token = identity.link()
    with identity.unit_of_work() as uow:
        kept = uow.one_use_tokens.find(TokenPurpose.EMAIL_VERIFICATION, token_hash(token))
        jobs = uow.jobs.of_subject(kept.user_id, kept.user_id) if kept else []
    assert kept is not None
    assert jobs
    assert token not in repr(kept) + repr(jobs)


def test_another_letter_ends_the_link_of_the_one_before(identity: Identity) -> None:
    ada = identity.newcomer()
    first = identity.link()
    identity.ask_for_verification(owner=ada.user.id)
    second = identity.link()
    assert refused(lambda: identity.verify(token=first)) == "link_invalid"
    identity.verify(token=second)
    assert refused(lambda: identity.ask_for_verification(owner=ada.user.id)) == "already_verified"


def test_a_letter_that_could_not_be_sent_is_sent_later_with_a_link_of_its_own(identity: Identity) -> None:
    ada = identity.newcomer()
    identity.mailer.fault = Unavailable("away", code="mail_unavailable")
    assert identity.post() == []
    identity.mailer.fault = None
    identity.clock.advance(minutes=10)
    (letter,) = identity.post()
    assert letter.number.endswith("-2")
    identity.verify(token=token_of(letter))
    assert identity.user(ada).email_verified_at


def test_an_address_that_takes_no_letters_ends_the_job(identity: Identity) -> None:
    ada = identity.newcomer()
    identity.mailer.fault = Invalid("no such mailbox", code="mail_refused")
    identity.post()
    with identity.unit_of_work() as uow:
        (job,) = uow.jobs.of_subject(ada.user.id, ada.user.id)
    assert (job.status, job.error) == (JobStatus.FAILED, "mail_refused")


def test_a_forgotten_password_is_set_by_a_letter_which_ends_every_log_in(identity: Identity) -> None:
    ada = identity.newcomer()
    identity.post()
    identity.forget(email=" ADA@example.org ")
    (letter,) = identity.post()
    assert (letter.kind, letter.to, letter.values["minutes"]) == (LetterKind.PASSWORD_RESET, ADA, 30)
    assert str(letter.values["link"]).startswith("https://teddy.example.org/reset?token=")
    identity.reset(token=token_of(letter), password=NEW)
    assert refused(lambda: identity.accounts.log_in(email=ADA, password=PASSWORD)) == "wrong_credentials"
    assert refused(lambda: identity.accounts.authenticate(access_token=ada.access_token)) == "session_ended"
    assert refused(lambda: identity.accounts.refresh(refresh_token=ada.refresh_token)) == "session_ended"
    assert identity.accounts.log_in(email=ADA, password=NEW).user.email_verified_at  # the letter was read there
    assert [letter.kind for letter in identity.post()] == [LetterKind.PASSWORD_CHANGED]


def test_a_reset_link_is_good_once_and_for_half_an_hour(identity: Identity) -> None:
    identity.newcomer()
    token = identity.reset_token()
    identity.reset(token=token, password=NEW)
    assert refused(lambda: identity.reset(token=token, password="another good phrase")) == "link_used"
    late = identity.reset_token()
    identity.clock.advance(minutes=30)
    assert refused(lambda: identity.reset(token=late, password="another good phrase")) == "link_expired"


@pytest.mark.parametrize("token", ["", "nonsense", "\ud83d", "a" * 43])
def test_a_made_up_token_opens_nothing(identity: Identity, token: str) -> None:
    identity.newcomer()
    assert refused(lambda: identity.reset(token=token, password=NEW)) == "link_invalid"
    assert refused(lambda: identity.verify(token=token)) == "link_invalid"


def test_a_token_opens_only_what_it_is_for(identity: Identity) -> None:
    identity.newcomer()
    assert refused(lambda: identity.reset(token=identity.link(), password=NEW)) == "link_invalid"


def test_a_weak_password_leaves_the_link_good(identity: Identity) -> None:
    identity.newcomer()
    token = identity.reset_token()
    assert refused(lambda: identity.reset(token=token, password="password123")) == "weak_password"
    identity.reset(token=token, password=NEW)


def test_a_link_that_was_sent_to_another_address_is_not_good(identity: Identity) -> None:
    ada = identity.newcomer()
    token = identity.reset_token()
    user = identity.user(ada)
    with identity.unit_of_work() as uow:
        uow.users.save(replace(user, email="grace@example.org", version=user.version + 1))
        uow.commit()
    assert refused(lambda: identity.reset(token=token, password=NEW)) == "link_invalid"


def test_an_address_without_an_account_looks_like_any_other(identity: Identity) -> None:
    identity.newcomer()
    identity.post()
    for email in (ADA, "nobody@example.org", "no address", "\ud83d@a.org"):
        identity.forget(email=email)
    assert identity.waited == [identity.forget.answer_after] * 4
    assert [letter.to for letter in identity.post()] == [ADA]


def test_a_disabled_account_gets_no_links(identity: Identity) -> None:
    user = identity.user(identity.newcomer())
    with identity.unit_of_work() as uow:
        uow.users.save(replace(user, disabled=True, version=user.version + 1))
        uow.commit()
    identity.forget(email=ADA)
    assert identity.post() == []


def test_a_changed_password_ends_the_other_log_ins_and_open_resets(identity: Identity) -> None:
    here = identity.newcomer()
    token = identity.reset_token()
    there = identity.accounts.log_in(email=ADA, password=PASSWORD)
    session_id = AuthSessionId(session_id_of(here.refresh_token))
    change = functools.partial(identity.change, owner=here.user.id, session_id=session_id)
    change(current_password=PASSWORD, new_password=NEW)
    assert identity.accounts.authenticate(access_token=here.access_token)
    assert identity.accounts.refresh(refresh_token=here.refresh_token)
    assert refused(lambda: identity.accounts.authenticate(access_token=there.access_token)) == "session_ended"
    assert refused(lambda: identity.reset(token=token, password=PASSWORD)) == "link_invalid"
    assert refused(lambda: change(current_password=PASSWORD, new_password=NEW)) == "wrong_password"
    assert identity.accounts.log_in(email=ADA, password=NEW)
    assert [letter.kind for letter in identity.post()] == [LetterKind.PASSWORD_CHANGED]


def test_a_new_password_is_no_weaker_than_the_first(identity: Identity) -> None:
    ada = identity.newcomer()
    session_id = AuthSessionId(session_id_of(ada.refresh_token))
    with pytest.raises(Invalid) as weak:
        identity.change(owner=ada.user.id, session_id=session_id, current_password=PASSWORD, new_password="password123")
    assert weak.value.faults[0].field == "new_password"


def test_who_has_no_password_cannot_log_in_by_one_but_sets_one_by_a_letter(identity: Identity) -> None:
    ada = identity.newcomer()
    user = identity.user(ada)
    with identity.unit_of_work() as uow:
        uow.users.save(user.with_password("", identity.clock()))
        uow.commit()
    session_id = AuthSessionId(session_id_of(ada.refresh_token))
    change = functools.partial(identity.change, owner=ada.user.id, session_id=session_id, new_password=NEW)
    for password in ("", PASSWORD):
        assert refused(lambda password=password: identity.accounts.log_in(email=ADA, password=password)) == (  # type: ignore[misc]
            "wrong_credentials"
        )
        assert refused(lambda password=password: change(current_password=password)) == "no_password"  # type: ignore[misc]
    identity.reset(token=identity.reset_token(), password=NEW)
    assert identity.accounts.log_in(email=ADA, password=NEW)
