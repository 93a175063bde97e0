from __future__ import annotations

from uuid import UUID, uuid5

import pytest

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.retrieval.reranking import (
    NEARNESS_WEIGHT,
    NEARNESS_WINDOW,
    NEIGHBOUR_SHARE,
    PLACE_CHARS,
    Candidate,
    nearness,
    rerank,
    spread,
)

DOCUMENT = DocumentId(UUID(int=1))
WORTH = {"hash": 3.0, "tabl": 2.0, "grow": 1.0}


def passage(name: str, score: float, page: int = 1, start: int = 0) -> Passage:
    locator = Locator(unit=LocatorUnit.PAGE, number=page, label=None, char_start=start, char_end=start + 9)
    return Passage(
        chunk_id=ChunkId(uuid5(DOCUMENT, name)),
        document_id=DOCUMENT,
        filename="notes.pdf",
        title="Notes",
        locator=locator,
        text=name,
        score=score,
    )


def names(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_words_that_stand_together_as_in_the_question_lift_a_passage() -> None:
    apart = Candidate(passage=passage("apart", 2.0, page=1), terms=["hash", *["x"] * 20, "tabl"])
    together = Candidate(passage=passage("together", 1.5, page=2), terms=["hash", "tabl", *["x"] * 20])
    ranked = rerank(["hash", "tabl"], [apart, together], WORTH, limit=5)
    assert names(ranked) == ["together", "apart"]
    assert ranked[0].score == pytest.approx(1.5 + NEARNESS_WEIGHT * 2.0)
    assert ranked[1].score == 2.0


def test_nearness_falls_with_the_distance_and_ends_at_the_window() -> None:
    def at(distance: int) -> float:
        return nearness(["hash", "tabl"], ["tabl", *["x"] * (distance - 1), "hash"], WORTH)

    assert at(1) == 2 * at(2) == NEARNESS_WEIGHT * 2.0
    assert at(NEARNESS_WINDOW) > 0
    assert at(NEARNESS_WINDOW + 1) == 0


def test_nearness_takes_the_closest_of_many_places() -> None:
    terms = ["hash", "x", "x", "x", "hash", "tabl", "x", "x", "tabl"]
    assert nearness(["hash", "tabl"], terms, WORTH) == NEARNESS_WEIGHT * 2.0


def test_only_neighbours_in_the_question_count_as_a_pair() -> None:
    assert nearness(["hash", "grow", "tabl"], ["hash", "tabl"], WORTH) == 0
    assert nearness(["hash", "hash"], ["hash", "hash"], WORTH) == 0
    assert nearness([], ["hash"], WORTH) == 0


def test_a_second_passage_of_a_page_comes_after_the_first_of_every_other() -> None:
    ranking = [passage("a", 9, 1), passage("b", 8, 1, 100), passage("c", 7, 2), passage("d", 6, 3)]
    assert names(spread(ranking, limit=4)) == ["a", "c", "d", "b"]
    assert names(spread(ranking, limit=2)) == ["a", "c"]


def test_a_long_chapter_counts_as_several_places() -> None:
    ranking = [passage("a", 9, 1, 0), passage("b", 8, 1, PLACE_CHARS), passage("c", 7, 1, 10)]
    assert names(spread(ranking, limit=3)) == ["a", "b", "c"]


def test_another_candidate_of_the_page_supports_a_passage_and_a_bad_one_does_no_harm() -> None:
    pages = [passage("a", 5.0, 1), passage("b", 4.0, 1, 100), passage("c", 5.1, 2), passage("d", -3.0, 2, 100)]
    ranked = rerank([], [Candidate(passage=one, terms=[]) for one in pages], {}, limit=4)
    assert names(ranked) == ["a", "c", "b", "d"]
    assert ranked[0].score == pytest.approx(5.0 + NEIGHBOUR_SHARE * 4.0)
    assert ranked[1].score == 5.1


def test_equal_passages_keep_their_order() -> None:
    candidates = [Candidate(passage=passage(name, 1.0, page), terms=[]) for page, name in enumerate("xyz", start=1)]
    assert names(rerank(["hash"], candidates, WORTH, limit=3)) == ["x", "y", "z"]
