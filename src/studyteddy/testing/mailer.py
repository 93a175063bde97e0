"""What everything has to do that takes letters."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest

from studyteddy.application.ports.mailer import Letter, LetterKind, LetterValue, Mailer
from studyteddy.domain.ids import UserId

ADA = UserId(UUID(int=0xADA))
LINK = "https://teddy.example.org/somewhere?token=a-key&more=1"
VALUES: Mapping[LetterKind, Mapping[str, LetterValue]] = {
    LetterKind.EMAIL_VERIFICATION: {"link": LINK, "hours": 24},
    LetterKind.PASSWORD_RESET: {"link": LINK, "minutes": 30},
    LetterKind.PASSWORD_CHANGED: {},
    LetterKind.TASK_DUE: {
        "count": 3,
        "overdue": 1,
        "tasks": [{"title": "Read chapter 3", "note": "18:00"}, {"title": "Essay", "note": ""}],
        "link": LINK,
    },
    LetterKind.REVIEWS_DUE: {"count": 42, "minutes": 25, "link": LINK},
    LetterKind.WEEKLY_DIGEST: {
        "minutes": 90,
        "reviews": 120,
        "tasks_done": 3,
        "streak": 5,
        "tasks_open": 4,
        "tasks_overdue": 1,
        "reviews_coming": 77,
        "link": LINK,
    },
    LetterKind.DOCUMENT_READY: {"title": "Biology", "link": LINK},
    LetterKind.DOCUMENT_FAILED: {"title": "Biology", "error": "encrypted", "link": LINK},
    LetterKind.LEECH: {"front": "What is a tide?", "lapses": 8, "link": LINK},
}
"""What each kind of letter says, as a use case gives it."""


def a_letter(kind: LetterKind = LetterKind.PASSWORD_RESET, **fields: object) -> Letter:
    """A letter of a kind with everything that its text needs."""
    given = {
        "number": f"letter-{kind}",
        "owner": ADA,
        "kind": kind,
        "to": "ada@example.org",
        "name": "Ada",
        "values": VALUES[kind],
    }
    return Letter(**(given | fields))  # type: ignore[arg-type]


class MailerContract:
    """Subclass it and give the fixture ``mailer``, and ``handed_over``: the numbers of letters that it took so far.
    What keeps letters also gives ``kept``: the numbers of those that are still there."""

    @pytest.fixture
    def mailer(self) -> Mailer:
        raise NotImplementedError

    def handed_over(self, mailer: Mailer) -> list[str]:
        raise NotImplementedError

    def kept(self, mailer: Mailer) -> list[str]:  # noqa: ARG002 - nothing
        return []

    @pytest.mark.parametrize("kind", LetterKind)
    @pytest.mark.parametrize("language", ["en", "de", "tlh"])
    def test_every_kind_of_letter_is_taken_in_every_language(
        self, mailer: Mailer, kind: LetterKind, language: str
    ) -> None:
        mailer.send(a_letter(kind, language=language))
        assert self.handed_over(mailer) == [f"letter-{kind}"]

    def test_letters_are_taken_one_after_the_other(self, mailer: Mailer) -> None:
        for number in ("first", "second"):
            mailer.send(a_letter(number=number))
        assert sorted(self.handed_over(mailer)) == ["first", "second"]

    def test_a_copy_keeps_its_number(self, mailer: Mailer) -> None:
        for _ in range(2):
            mailer.send(a_letter(number="one"))
        assert set(self.handed_over(mailer)) == {"one"}

    @pytest.mark.parametrize("name", ["", "Zoë 学 🧸", "Ada\r\nBcc: all@example.org", "x" * 100])
    def test_any_name_will_do(self, mailer: Mailer, name: str) -> None:
        mailer.send(a_letter(name=name))
        assert len(self.handed_over(mailer)) == 1

    def test_no_copy_is_kept_about_somebody_who_is_forgotten(self, mailer: Mailer) -> None:
        for number, owner in (("hers", ADA), ("also-hers", ADA), ("another", UserId(uuid4()))):
            mailer.send(a_letter(number=number, owner=owner))
        kept = self.kept(mailer)
        mailer.forget(ADA)
        assert self.kept(mailer) == [number for number in kept if number == "another"]

    def test_forgetting_somebody_who_got_no_letter_is_fine(self, mailer: Mailer) -> None:
        mailer.forget(ADA)
        assert self.handed_over(mailer) == []
