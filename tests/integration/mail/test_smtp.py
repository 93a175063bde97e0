"""Letters through a real SMTP server."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engines.smtp_server import Mailbox, certified, running
from studyteddy.adapters.mail.server import MailServer, Tls, sender
from studyteddy.adapters.mail.smtp import SmtpMailer
from studyteddy.application.ports.mailer import LetterKind, Mailer
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.testing.mailer import LINK, MailerContract, a_letter

NOW = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
FROM = sender("Study Teddy <teddy@example.org>")

Start = Callable[..., MailServer]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def start(mailbox: Mailbox) -> Iterator[Start]:
    """Starts a server that fills the mailbox, and tells where it is."""
    with ExitStack() as servers:

        def started(*, tls: Tls = Tls.OFF, user: str = "", password: str = "", **options: Any) -> MailServer:
            port = servers.enter_context(running(mailbox, **options))
            return MailServer(host="127.0.0.1", port=port, tls=tls, user=user, password=password)

        yield started


def mailer_at(server: MailServer, context: ssl.SSLContext | None = None, patience: float = 60.0) -> SmtpMailer:
    return SmtpMailer(server, mail_from=FROM, clock=lambda: NOW, context=context, patience=patience)


class TestSmtpMailer(MailerContract):
    @pytest.fixture
    def mailer(self, start: Start, mailbox: Mailbox) -> SmtpMailer:
        self.mailbox = mailbox
        return mailer_at(start())

    def handed_over(self, mailer: Mailer) -> list[str]:
        return [letter["Message-ID"].strip("<>").partition("@")[0] for letter in self.mailbox.letters]


def test_a_letter_arrives_in_both_forms_at_its_one_address(start: Start, mailbox: Mailbox) -> None:
    link = "https://teddy.example.org/api/v1/notifications/unsubscribe?token=" + "k" * 120
    title = "Tides\r\nBcc: everybody@example.org\r\n.\r\nMAIL FROM:<eve@example.org>"
    values = {"title": title, "link": LINK}
    mailer_at(start()).send(
        a_letter(LetterKind.DOCUMENT_READY, number="one", name="Ada\r\nTo: x", values=values, unsubscribe_url=link)
    )
    (letter,) = mailbox.letters
    assert mailbox.envelopes == [("teddy@example.org", ("ada@example.org",), False)]
    assert (letter["Message-ID"], letter["Bcc"], letter.get_all("To")) == (
        "<one@example.org>", None, ["ada@example.org"],
    )  # fmt: skip
    assert (letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"]) == (f"<{link}>", "List-Unsubscribe=One-Click")
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


def test_starttls_comes_before_the_password(start: Start, mailbox: Mailbox, tmp_path: Path) -> None:
    server_tls, client_tls = certified(tmp_path)
    server = start(
        tls=Tls.REQUIRED, user="teddy", password="right", tls_context=server_tls, authenticator=mailbox.authenticate
    )
    mailer_at(server, client_tls).send(a_letter())
    assert (mailbox.users, mailbox.envelopes[0][2]) == (["teddy"], True)


def test_a_server_may_be_wrapped_in_tls(start: Start, mailbox: Mailbox, tmp_path: Path) -> None:
    server_tls, client_tls = certified(tmp_path)
    mailer_at(start(tls=Tls.WRAPPED, ssl_context=server_tls), client_tls).send(a_letter())
    assert len(mailbox.letters) == 1


def refusal(mailer: SmtpMailer) -> tuple[type, str]:
    with pytest.raises((Invalid, Unavailable)) as refused:
        mailer.send(a_letter())
    return type(refused.value), refused.value.code


AWAY, REFUSED = (Unavailable, "mail_unavailable"), (Invalid, "mail_refused")


def test_a_stranger_gets_neither_letter_nor_password(start: Start, mailbox: Mailbox, tmp_path: Path) -> None:
    server_tls, _ = certified(tmp_path)
    server = start(
        tls=Tls.REQUIRED, user="teddy", password="right", tls_context=server_tls, authenticator=mailbox.authenticate
    )
    assert refusal(mailer_at(server)) == AWAY
    assert (mailbox.users, mailbox.letters) == ([], ())


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(start: Start, mailbox: Mailbox) -> None:
    assert refusal(mailer_at(start(tls=Tls.REQUIRED))) == AWAY
    assert mailbox.letters == ()


def test_a_wrong_password_is_a_server_that_is_away(start: Start, mailbox: Mailbox) -> None:
    server = start(user="teddy", password="wrong", authenticator=mailbox.authenticate, auth_require_tls=False)
    assert refusal(mailer_at(server)) == AWAY
    with pytest.raises(Unavailable):
        mailer_at(server).check()


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("RCPT", "550 no such user", REFUSED),
        ("RCPT", "452 mailbox full", AWAY),
        ("RCPT", "530 log in first", AWAY),
        ("MAIL", "550 you may not send", AWAY),
        ("DATA", "554 looks like spam", REFUSED),
        ("DATA", "451 try later", AWAY),
    ],
)
def test_an_answer_says_never_or_not_now(
    start: Start, mailbox: Mailbox, command: str, answer: str, expected: tuple[type, str]
) -> None:
    mailbox.answers[command] = answer
    assert refusal(mailer_at(start())) == expected
    del mailbox.answers[command]


def test_a_letter_that_was_taken_is_sent_however_the_server_says_goodbye(start: Start, mailbox: Mailbox) -> None:
    mailbox.answers["QUIT"] = "451 no"
    mailer_at(start()).send(a_letter())
    assert len(mailbox.letters) == 1


def test_a_server_that_is_away_or_says_nothing_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        where = MailServer(host="127.0.0.1", port=port, tls=Tls.OFF)
        assert refusal(mailer_at(where, patience=0.2)) == AWAY
    assert refusal(mailer_at(where)) == AWAY
