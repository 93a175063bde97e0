"""The evaluation questions over study documents: is the right page found, and are unanswerable questions refused?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.judged import lines_of
from benchmarks.quality.library import Library
from studyteddy.domain.documents import Section
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.retrieval.support import support

SHOWN = 5
UNANSWERABLE = "unanswerable.jsonl"
_TYPOGRAPHY = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})


def folded(text: str) -> str:
    """Text without regard to case, runs of white space and the shape of quotation marks."""
    return " ".join(text.translate(_TYPOGRAPHY).casefold().split())


@dataclass(frozen=True, slots=True)
class Question:
    """A question; the pages that answer it, or for formats without pages the words that the answering section holds."""

    text: str
    file: str | None
    pages: frozenset[int]
    evidence: str
    held_out: bool
    kind: str

    def is_answered_by(self, passage: Passage, section: Section) -> bool:
        """Whether the passage leads to the right place."""
        if passage.filename != self.file:
            return False
        if self.pages:
            return passage.locator.number in self.pages
        return self.evidence in folded(section.text)


def read_questions(folder: Path) -> tuple[list[Question], list[Question]]:
    """The answerable and the unanswerable questions, in the order of their files."""
    answerable: list[Question] = []
    unanswerable: list[Question] = []
    for path in sorted(folder.glob("*.jsonl")):
        (unanswerable if path.name == UNANSWERABLE else answerable).extend(
            Question(
                text=row["question"],
                file=row["file"],
                pages=frozenset(row.get("pages") or ()),
                evidence=folded(row.get("evidence", "")),
                held_out=row["split"] == "held_out",
                kind=row.get("kind", "answerable"),
            )
            for row in lines_of(path)
        )
    return answerable, unanswerable


def is_found(question: Question, library: Library, sections: Mapping[str, Sequence[Section]], *, alone: bool) -> bool:
    """Whether a right place is among the passages shown, searching the whole library or the one document ``alone``."""
    found = library.search(question.text, only=question.file if alone else None, limit=SHOWN)
    return any(
        question.is_answered_by(passage, sections[passage.filename][passage.locator.number - 1])
        for passage in found.passages
    )


def confidence(question: Question, library: Library, *, only: str | None) -> float:
    """How probable it is, by the words of the passages shown, that the documents answer the question."""
    found = library.search(question.text, only=only, limit=SHOWN)
    passages = [library.analyzer.terms(passage.text) for passage in found.passages]
    return support(found.terms, passages, found.known, library.wording).confidence
