"""How good search and answers are in the whole product: embedded PostgreSQL, ingestion, search, the extractive tutor.

    python -m benchmarks.quality.answers

Every study document is uploaded through the use cases, then each question is searched for and asked: of its own
document, and of the whole library. A quotation counts when it stands, white space and case aside, on the page that
its citation names, as the page is served to readers.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.questions import SHOWN, Question, folded, read_questions
from benchmarks.retrieval_quality import FOUND_GOAL, REFUSED_GOAL, row
from studyteddy.domain.documents import DocumentStatus
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.domain.tutor.messages import Citation, Message
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings

HERE = Path(__file__).resolve().parents[1]
PATIENCE = 120.0


@dataclass(slots=True)
class Product:
    """A running Study Teddy with one student and their documents by file name."""

    container: Container
    owner: UserId
    documents: dict[str, DocumentId]

    def page(self, document_id: DocumentId, number: int) -> str:
        """The text of a page as a reader gets it."""
        read = self.container.read_page()(owner=self.owner, document_id=document_id, number=number)
        return read.section.text

    def is_found(self, question: Question, *, alone: bool) -> bool:
        """Whether a right page is among the first five passages."""
        own = self.documents[question.file or ""]
        filters = SearchFilters(document_ids=frozenset({own}) if alone else None)
        found = self.container.search()(owner=self.owner, query=question.text, filters=filters, limit=SHOWN)
        return any(
            question.is_answered_by(passage, self._section(passage.document_id, passage.locator.number))
            for passage in found.passages
        )

    def _section(self, document_id: DocumentId, number: int) -> object:
        return self.container.read_page()(owner=self.owner, document_id=document_id, number=number).section

    def ask(self, question: Question, *, alone: bool) -> Message:
        """The finished answer."""
        own = self.documents.get(question.file or "") if alone else None
        asked = self.container.ask_tutor()(
            owner=self.owner, question=question.text, document_ids=frozenset({own}) if own else None
        )
        wait = self.container.wait_for_answer()
        return wait(owner=self.owner, message_id=asked.answer.id, seconds=PATIENCE)

    def quotations(self, answer: Message) -> list[bool]:
        """For each citation, whether its quotation stands on the page that it names."""
        return [self._stands(citation) for citation in answer.citations]

    def _stands(self, citation: Citation) -> bool:
        page = self.page(citation.document_id, citation.locator.number)
        stands = citation.verified and folded(citation.quote) in folded(page)
        if not stands:
            print(f"  not there: {citation.filename} {citation.locator.number}: {citation.quote!r}")
        return stands


@contextmanager
def product(folder: Path) -> Iterator[Product]:
    """Start Study Teddy on a new home, upload the documents of a folder, and wait until all are read."""
    with tempfile.TemporaryDirectory() as home:
        container = Container(settings=Settings(_env_file=None, STUDYTEDDY_HOME=Path(home)))
        container.init_resources()
        runner = container.runner()
        runner.start()
        try:
            register = container.add_user()
            owner = register(email="eval@example.org", password="seven green kites", display_name="Eval").id
            yield Product(container, owner, upload(container, owner, folder))
        finally:
            runner.stop()
            container.shutdown_resources()


def upload(container: Container, owner: UserId, folder: Path) -> dict[str, DocumentId]:
    """All documents, read to the end."""
    added = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as content:
            added[path.name] = container.add_document()(owner=owner, filename=path.name, content=content).document.id
    for name, document_id in added.items():
        until = time.monotonic() + PATIENCE
        while (document := container.get_document()(owner=owner, document_id=document_id)).status in (
            DocumentStatus.QUEUED,
            DocumentStatus.PROCESSING,
        ):
            if time.monotonic() > until:
                raise TimeoutError(f"{name} was not read in time")
            time.sleep(0.05)
        if document.status is not DocumentStatus.READY:
            raise ValueError(f"{name} could not be read: {document.error}")
    return added


def measure_files(running: Product, questions: Sequence[Question]) -> None:
    """A line for each file: pages found in it and in the whole library."""
    print(f"\n{'right page in the first five passages':<44}{'asked':>6}{'document':>10}{'library':>9}")
    totals = [0, 0]
    for name in sorted({question.file or "" for question in questions}):
        asked = [question for question in questions if question.file == name]
        found = [sum(running.is_found(question, alone=alone) for question in asked) for alone in (True, False)]
        totals = [total + count for total, count in zip(totals, found, strict=True)]
        print(f"  {name:<42}{len(asked):>6}{found[0] / len(asked):>10.2f}{found[1] / len(asked):>9.2f}")
    row("right page in 5 passages, own document", totals[0] / len(questions), FOUND_GOAL, f"{len(questions)} questions")
    row("right page in 5 passages, whole library", totals[1] / len(questions))


def measure_answers(running: Product, questions: Sequence[Question], unanswerable: Sequence[Question]) -> None:
    """Quotations that stand where they should, and refusals."""
    quotations: list[bool] = []
    for alone in (True, False):
        where = "own document" if alone else "whole library"
        answers = [running.ask(question, alone=alone) for question in questions]
        quotations += [holds for answer in answers for holds in running.quotations(answer)]
        row(f"  answerable, yet refused, {where}", sum(map(refuses, answers)) / len(answers))
    row("citations whose quotation stands on their page", sum(quotations) / len(quotations), 1.0, f"{len(quotations)}")
    refused = [refuses(running.ask(question, alone=False)) for question in unanswerable]
    row("unanswerable, refused, whole library", sum(refused) / len(refused), REFUSED_GOAL, f"{len(refused)} questions")
    for kind in ("far", "near", "lure"):
        some = [answer for answer, question in zip(refused, unanswerable, strict=True) if question.kind == kind]
        row(f"    {kind}", sum(some) / len(some))


def refuses(answer: Message) -> bool:
    """Whether the tutor says that the documents do not answer."""
    return NOT_IN_DOCUMENTS in answer.content


def main(arguments: Iterable[str] = ()) -> int:
    """Measure and print; 2 where the material is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, default=HERE.parent.parent / "shared" / "data" / "documents")
    parser.add_argument("--questions", type=Path, default=HERE / "questions")
    options = parser.parse_args(list(arguments))
    if not options.documents.is_dir():
        print(f"The study documents are not at {options.documents}; name their folder.", file=sys.stderr)
        return 2
    answerable, unanswerable = read_questions(options.questions)
    with product(options.documents) as running:
        answerable = [question for question in answerable if question.file in running.documents]
        measure_files(running, answerable)
        measure_answers(running, answerable, unanswerable)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
