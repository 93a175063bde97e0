"""How good retrieval is, by the very code that the product ranks with: ``python -m benchmarks.retrieval_quality``.

Prints nDCG@10 on the judged collections, the share of study questions whose right page is among the first five
passages, and the share of questions refused. Needs the folder of test material (``--data``), which is no part of the
project, and says so where it is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.quality.judged import Judged
from benchmarks.quality.library import Library
from benchmarks.quality.questions import Question, confidence, is_found, read_questions
from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.domain.documents import Section
from studyteddy.domain.retrieval.support import ENOUGH

HERE = Path(__file__).resolve().parent
GOALS = {"cranfield": 0.38, "squad2": 0.88}
FOUND_GOAL = 0.90
REFUSED_GOAL = 0.80


def row(name: str, measured: float, goal: float | None = None, note: str = "") -> None:
    """Print one line of the table."""
    verdict = "" if goal is None else f"{goal:>8.2f}  {'ok' if measured >= goal else 'MISSED'}"
    print(f"{name:<58}{measured:>9.4f}{verdict:<18}{note}")


def measure_judged(folder: Path) -> None:
    """nDCG@10 of both collections."""
    for name, goal in GOALS.items():
        started = time.perf_counter()
        judged = Judged.read(folder / name)
        row(f"{name} nDCG@10", judged.ndcg(judged.library()), goal, f"{time.perf_counter() - started:.0f} s")


def read_documents(folder: Path) -> dict[str, list[Section]]:
    """The sections of every document, by file name."""
    extractor = SandboxedExtractor()
    sections: dict[str, list[Section]] = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as content:
            media_type = extractor.identify(path.name, content.read(8192))
            content.seek(0)
            sections[path.name] = list(extractor.extract(content, media_type).sections)
    return sections


def measure_questions(sections: dict[str, list[Section]], folder: Path) -> None:
    """Pages found and questions refused, in the whole library and in one document."""
    library = Library()
    for name, parts in sections.items():
        library.add(name, parts)
    answerable, unanswerable = read_questions(folder)
    answerable = [question for question in answerable if question.file in sections]
    for alone in (False, True):
        for held_out in (False, True):
            measure_split(
                library,
                sections,
                [question for question in answerable if question.held_out is held_out],
                [question for question in unanswerable if question.held_out is held_out],
                alone=alone,
                where=f"{'one document' if alone else 'all documents'}, {'held out' if held_out else 'tuned on'}",
            )


def measure_split(
    library: Library,
    sections: dict[str, list[Section]],
    answerable: Sequence[Question],
    unanswerable: Sequence[Question],
    *,
    alone: bool,
    where: str,
) -> None:
    """Pages found and questions refused for one half of the questions."""

    def found(question: Question) -> bool:
        return is_found(question, library, sections, alone=alone)

    def refused(question: Question) -> bool:
        return is_refused(question, library, alone=alone)

    row(f"right page in 5 passages, {where}", share(answerable, found), FOUND_GOAL, f"{len(answerable)} questions")
    row("  answerable, yet refused", share(answerable, refused))
    row("  unanswerable, refused", share(unanswerable, refused), REFUSED_GOAL, f"{len(unanswerable)} questions")
    for kind in ("far", "near", "lure"):
        row(f"    {kind}", share([question for question in unanswerable if question.kind == kind], refused))


def is_refused(question: Question, library: Library, *, alone: bool) -> bool:
    """Whether the documents count as saying nothing; a question of no document is asked of a fixed one."""
    names = sorted(library.postings)
    only = question.file or names[len(question.text) % len(names)]
    return confidence(question, library, only=only if alone else None) < ENOUGH


def share(questions: Sequence[Question], holds: Callable[[Question], bool]) -> float:
    """For which share of the questions something holds; 0 for none."""
    return sum(map(holds, questions)) / len(questions) if questions else 0.0


def main(arguments: Iterable[str]) -> int:
    """Measure and print; 0 whatever the figures are, 2 where the material is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "../shared/data")
    parser.add_argument("--questions", type=Path, default=HERE / "questions")
    options = parser.parse_args(list(arguments))
    if not options.data.is_dir():
        print(f"The test material is not at {options.data}; name its folder with --data.", file=sys.stderr)
        return 2
    print(f"{'measure':<58}{'measured':>9}{'goal':>8}")
    measure_judged(options.data / "retrieval")
    measure_questions(read_documents(options.data / "documents"), options.questions)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
