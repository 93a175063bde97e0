from __future__ import annotations

import email
import email.policy
import logging
import stat
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from studyteddy.adapters.mail.logged import LoggedMailer
from studyteddy.adapters.mail.messages import message_of
from studyteddy.adapters.mail.server import Tls, mail_server, sender
from studyteddy.adapters.mail.wording import LANGUAGES, worded
from studyteddy.application.ports.mailer import LetterKind, Mailer
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.testing.mailer import LINK, MailerContract, a_letter

NOW = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
FROM = sender("Study Teddy <teddy@example.org>")


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def written(**fields: object) -> EmailMessage:
    """A letter as a mail program reads it."""
    return read(message_of(a_letter(**fields), mail_from=FROM, now=NOW).as_bytes())  # type: ignore[arg-type]


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_both_forms_of_a_letter_carry_its_link(kind: LetterKind, language: str) -> None:
    words = worded(a_letter(kind, language=language))
    linked = kind is not LetterKind.PASSWORD_CHANGED
    assert (LINK in words.text, LINK.replace("&", "&amp;") in words.html) == (linked, linked)
    assert f'lang="{language}"' in words.html


def test_a_value_that_was_forgotten_is_no_empty_place() -> None:
    with pytest.raises(UndefinedError):
        worded(a_letter(LetterKind.PASSWORD_RESET, values={"minutes": 30}))


def test_what_people_wrote_is_text_and_no_markup() -> None:
    title = '<script>alert(1)</script>"><img src=x>'
    text, html = parts(written(kind=LetterKind.DOCUMENT_READY, values={"title": title, "link": LINK}))
    assert "<script>" not in html
    assert "<img" not in html
    assert title in text


def test_a_title_cannot_begin_a_header_or_a_line() -> None:
    title = "Biology\r\nBcc: everybody@example.org\r\n\r\nVisit\u2028us\u202e"
    message = written(kind=LetterKind.DOCUMENT_READY, values={"title": title, "link": LINK})
    assert message["Subject"] == "Ready to study: Biology Bcc: everybody@example.org Visit us"
    assert message["Bcc"] is None
    assert "\nBcc" not in parts(message)[0]


@pytest.mark.parametrize(
    "name", ["Win now at evil.example", "http://evil.example", "@everybody", "a" * 61, "<b>Ada</b>"]
)
def test_a_name_that_could_be_a_link_is_not_greeted(name: str) -> None:
    text, html = parts(written(name=name))
    assert text.splitlines()[0] == "Hello,"
    assert "<p>Hello,</p>" in html


@pytest.mark.parametrize("name", ["Ada", "Dr. Ada Lovelace", "Zoë O’Brien-Ruiz", "李"])
def test_people_are_greeted_by_name(name: str) -> None:
    assert parts(written(name=name))[0].splitlines()[0] == f"Hello {name},"


def test_the_headers_say_what_kind_of_letter_it_is() -> None:
    message = written(number="0198-reset")
    assert (message["From"], message["To"], message["Message-ID"], message["Auto-Submitted"], message["Date"]) == (
        "Study Teddy <teddy@example.org>", "ada@example.org", "<0198-reset@example.org>", "auto-generated",
        "Sun, 29 Mar 2026 09:00:00 +0000",
    )  # fmt: skip
    assert message["List-Unsubscribe"] is None


def test_a_long_link_to_unsubscribe_stays_whole() -> None:
    link = "https://teddy.example.org/api/v1/notifications/unsubscribe?token=" + "k" * 120
    letter = a_letter(LetterKind.REVIEWS_DUE, unsubscribe_url=link)
    raw = message_of(letter, mail_from=FROM, now=NOW).as_bytes()
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in raw
    assert read(raw)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(link in part for part in parts(read(raw)))


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b@c.org", "a b@example.org", "ada@example.org\nBcc: x@example.org", "ä@example.org",
           "@x.org", "ada@example.org>,<eve@example.org", "ada@" + "x" * 70 + ".org"],
)  # fmt: skip
def test_a_letter_goes_to_one_address_or_not_at_all(to: str) -> None:
    with pytest.raises(Invalid) as refused:
        written(to=to)
    assert refused.value.code == "mail_refused"


def test_a_domain_in_other_letters_is_written_as_the_network_has_it() -> None:
    assert written(to="ada@bücher.example")["To"] == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://teddy:p%40ss@mail.example.org", ("mail.example.org", 587, Tls.REQUIRED, "teddy", "p@ss")),
        ("smtps://mail.example.org", ("mail.example.org", 465, Tls.WRAPPED, "", "")),
        ("smtp://mailpit:1025?tls=off", ("mailpit", 1025, Tls.OFF, "", "")),
        ("smtp://127.0.0.1", ("127.0.0.1", 25, Tls.OFF, "", "")),
        ("smtp://[::1]:2525", ("::1", 2525, Tls.OFF, "", "")),
    ],
)  # fmt: skip
def test_the_address_of_a_server_says_how_it_is_spoken_to(url: str, found: tuple[object, ...]) -> None:
    server = mail_server(url)
    assert (server.host, server.port, server.tls, server.user, server.password) == found
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://teddy@mail.example.org",
            "smtp://mail.example.org?tls=on", "smtp://mail.example.org?verify=off", "smtp://mail.example.org:port"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp|tls|user|[Pp]ort"):
        mail_server(url)


@pytest.mark.parametrize("address", ["", "Study Teddy", "a@b@c", "Teddy <a@b.org>\nBcc: x@y.org"])
def test_a_sender_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        sender(address)


class TestLoggedMailer(MailerContract):
    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        return tmp_path / "home" / "outbox"

    @pytest.fixture
    def mailer(self, directory: Path) -> LoggedMailer:
        return LoggedMailer(directory, clock=lambda: NOW, most=3)

    @pytest.fixture(autouse=True)
    def kept_in(self, directory: Path) -> None:
        self.directory = directory

    def handed_over(self, mailer: Mailer) -> list[str]:
        messages = [read(path.read_bytes()) for path in sorted(self.directory.glob("*"))]
        return [message["Message-ID"].strip("<>").partition("@")[0] for message in messages]

    kept = handed_over

    def test_only_the_owner_can_read_what_it_keeps(self, mailer: LoggedMailer, directory: Path) -> None:
        mailer.send(a_letter())
        (letter,) = directory.iterdir()
        assert [stat.S_IMODE(path.stat().st_mode) for path in (directory, letter)] == [0o700, 0o600]
        assert LINK in parts(read(letter.read_bytes()))[0]

    def test_the_log_names_the_file_and_nothing_of_the_letter(
        self, mailer: LoggedMailer, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            mailer.send(a_letter())
        assert "password_reset" in caplog.text
        assert ".eml" in caplog.text
        assert not any(word in caplog.text for word in ("token", "a-key", "ada@"))

    def test_the_newest_are_kept(self, mailer: LoggedMailer) -> None:
        for number in "abcde":
            mailer.send(a_letter(number=number))
        assert self.handed_over(mailer) == ["c", "d", "e"]

    def test_a_directory_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("not a directory")
        with pytest.raises(Unavailable) as away:
            LoggedMailer(tmp_path / "file" / "outbox", clock=lambda: NOW).send(a_letter())
        assert away.value.code == "mail_unavailable"
