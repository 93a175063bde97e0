"""Threads: one conversation of a student with the tutor."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import DocumentId, ThreadId, UserId
from studyteddy.domain.text_rules import require_text
from studyteddy.domain.tutor.prompt import Mode

MAX_TITLE = 255
MAX_SCOPE = 100
"""Documents that a thread can be narrowed to."""

_TITLE_FROM_QUESTION = 80
UNTITLED = "New conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation. ``document_ids`` narrow what answers may rest on (empty: all documents of its owner); ``mode`` is
    the one used last and holds until another is asked for. ``message_count`` numbers what is said.
    """

    id: ThreadId
    owner: UserId
    title: str
    mode: Mode = Mode.EXPLAIN
    document_ids: frozenset[DocumentId] = frozenset()
    message_count: int = 0
    version: int = 1
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        require_text("title", self.title, limit=MAX_TITLE)
        if len(self.document_ids) > MAX_SCOPE:
            raise Invalid.field(
                "document_ids", f"Choose at most {MAX_SCOPE} documents, or none to ask all of them.", code="too_many"
            )

    def _changed(self, now: datetime, **changes: object) -> Thread:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    def edited(
        self,
        now: datetime,
        *,
        title: str | None = None,
        mode: Mode | None = None,
        document_ids: frozenset[DocumentId] | None = None,
    ) -> Thread:
        """The thread with some settings changed; None leaves one as it is, an empty set opens it to all documents."""
        return self._changed(
            now,
            title=self.title if title is None else title.strip(),
            mode=self.mode if mode is None else mode,
            document_ids=self.document_ids if document_ids is None else document_ids,
        )

    def asked(
        self, now: datetime, *, question: str, mode: Mode | None, document_ids: frozenset[DocumentId] | None
    ) -> Thread:
        """The thread with room for one more question and its answer, at the two last positions.

        The first question names a thread that nobody has named.
        """
        unnamed = self.message_count == 0 and self.title == UNTITLED
        edited = self.edited(now, mode=mode, document_ids=document_ids)
        title = title_from(question) if unnamed else self.title
        return replace(edited, title=title, message_count=self.message_count + 2)


def title_from(question: str) -> str:
    """A title made of the start of a question, cut between words."""
    text = " ".join(question.split())
    if len(text) <= _TITLE_FROM_QUESTION:
        return text or UNTITLED
    cut = re.match(rf".{{1,{_TITLE_FROM_QUESTION}}}(?=\s)", text)
    return (cut[0] if cut else text[:_TITLE_FROM_QUESTION]).rstrip(" ,;:-") + "\u2026"
