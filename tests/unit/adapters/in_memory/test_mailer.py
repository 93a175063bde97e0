from __future__ import annotations

import pytest

from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.application.ports.mailer import Letter, LetterKind, Mailer
from studyteddy.domain.errors import Unavailable
from studyteddy.testing.mailer import ADA, MailerContract


class TestInMemoryMailer(MailerContract):
    @pytest.fixture
    def mailer(self) -> InMemoryMailer:
        return InMemoryMailer()

    def handed_over(self, mailer: Mailer) -> list[str]:
        assert isinstance(mailer, InMemoryMailer)
        return [letter.number for letter in mailer.letters]

    kept = handed_over


def _letter(number: str, to: str = "ada@example.org") -> Letter:
    return Letter(number=number, owner=ADA, kind=LetterKind.WEEKLY_DIGEST, to=to, name="Ada")


def test_letters_are_kept_in_their_order_the_newest_of_them() -> None:
    mailer = InMemoryMailer(most=2)
    for number in "abc":
        mailer.send(_letter(number))
    assert [letter.number for letter in mailer.letters] == ["b", "c"]


def test_letters_are_found_by_whom_they_are_for() -> None:
    mailer = InMemoryMailer()
    mailer.send(_letter("a"))
    mailer.send(_letter("b", to="grace@example.org"))
    assert mailer.to("grace@example.org") == [_letter("b", to="grace@example.org")]


def test_a_mail_server_can_be_away() -> None:
    mailer = InMemoryMailer()
    mailer.fault = Unavailable("The mail server does not answer.", code="mail_unavailable")
    with pytest.raises(Unavailable):
        mailer.send(_letter("a"))
    assert mailer.letters == ()
