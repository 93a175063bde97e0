"""Collections with judged answers (queries, documents and which document answers which query), and nDCG over them."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.library import Library
from studyteddy.domain.documents import LocatorUnit, Section

DEPTH = 10


def lines_of(path: Path) -> Iterator[Any]:
    """The JSON values of a file with one on each line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection: texts and queries by id, and the ids of the texts that answer each query."""

    texts: Mapping[str, str]
    queries: Mapping[str, str]
    answers: Mapping[str, frozenset[str]]

    @staticmethod
    def read(folder: Path) -> Judged:
        """Read ``docs.jsonl``, ``queries.jsonl`` and ``qrels.tsv``; a judgement of 0 or less means not relevant."""
        answers: defaultdict[str, set[str]] = defaultdict(set)
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t"):
                if int(row["score"]) > 0:
                    answers[row["query-id"]].add(row["corpus-id"])
        return Judged(
            texts={row["id"]: row["text"] for row in lines_of(folder / "docs.jsonl")},
            queries={row["id"]: row["text"] for row in lines_of(folder / "queries.jsonl") if row["id"] in answers},
            answers={query: frozenset(texts) for query, texts in answers.items()},
        )

    def library(self) -> Library:
        """Every text as a document of one page."""
        library = Library()
        for name, text in self.texts.items():
            library.add(name, [Section(unit=LocatorUnit.PAGE, number=1, label=None, text=text)])
        return library

    def ndcg(self, library: Library) -> float:
        """The mean nDCG@10 over all queries that have an answer."""
        gains = [
            ndcg([passage.filename for passage in library.search(text, limit=DEPTH).passages], self.answers[query])
            for query, text in self.queries.items()
        ]
        return sum(gains) / len(gains)


def ndcg(ranking: Sequence[str], answers: frozenset[str], *, depth: int = DEPTH) -> float:
    """Normalized discounted cumulative gain of a ranking (Jarvelin and Kekalainen, 2002), each answer worth 1."""
    distinct = list(dict.fromkeys(ranking))[:depth]
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(distinct) if name in answers)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(depth, len(answers))))
