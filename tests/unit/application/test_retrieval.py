from __future__ import annotations

import pytest

from libraries import ConceptEmbedder, Library
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.domain.retrieval.support import NO_SUPPORT
from studyteddy.testing.documents import add_user

MONEY = "A coin is money. The bank keeps each coin."
PLANTS = "A leaf grows on a plant. Each leaf is green."


@pytest.fixture
def library() -> Library:
    library = Library()
    library.read(f"Book\n{MONEY}\f{PLANTS}")
    return library


@pytest.mark.parametrize("query", ["", "   \n", "x" * 2_001, "nul\0", "\ud800"])
def test_a_query_that_cannot_be_searched_is_refused(library: Library, query: str) -> None:
    with pytest.raises(Invalid):
        library.found(query)


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_limit_out_of_range_is_refused(library: Library, limit: int) -> None:
    with pytest.raises(Invalid):
        library.search(owner=library.owner, query="coin", limit=limit)


@pytest.mark.parametrize("query", ["the of a", "???", "unheard"])
def test_a_query_without_a_known_word_finds_nothing(library: Library, query: str) -> None:
    found = library.search(owner=library.owner, query=query)
    assert found.passages == ()
    assert found.support == NO_SUPPORT


def test_the_best_passage_comes_first_and_the_limit_holds(library: Library) -> None:
    library.read("Other\nOne coin among many other words that say nothing about it")
    found = library.search(owner=library.owner, query="coins of the bank", limit=1)
    assert [passage.text for passage in found.passages] == [MONEY]
    assert found.terms == ("coin", "bank")
    assert found.support.coverage == 1.0


def test_filters_narrow_the_search(library: Library) -> None:
    other = library.read("Other\nAnother coin", subject="History")

    def found(filters: SearchFilters) -> list[str]:
        return [passage.text for passage in library.search(owner=library.owner, query="coin", filters=filters).passages]

    assert found(SearchFilters(subject="History")) == ["Another coin"]
    assert found(SearchFilters(document_ids=frozenset({other.id}))) == ["Another coin"]
    assert found(SearchFilters(document_ids=frozenset())) == []


def test_nobody_finds_what_belongs_to_somebody_else(library: Library) -> None:
    assert library.found("coin", owner=add_user(library.unit_of_work)) == []


def test_meaning_finds_what_shares_no_word() -> None:
    library = Library(embedder=ConceptEmbedder())
    library.read(f"Book\n{MONEY}\f{PLANTS}\fSomething else entirely")
    assert library.found("tree")[0] == PLANTS
    assert library.found("dollar")[0] == MONEY


def test_words_and_meaning_together_beat_either() -> None:
    library = Library(embedder=ConceptEmbedder())
    library.read("Book\nThe bank of the river\fA dollar buys little\fThe bank keeps dollars and coins")
    assert library.found("bank dollar")[0] == "The bank keeps dollars and coins"


@pytest.mark.parametrize(
    "fault", [Unavailable("down", code="provider_unavailable"), Invalid("no such model", code="provider_refused")]
)
def test_words_alone_decide_while_the_embedder_is_away(fault: Exception) -> None:
    embedder = ConceptEmbedder()
    library = Library(embedder=embedder)
    library.read(f"Book\n{MONEY}\f{PLANTS}")
    embedder.fault = fault
    assert library.found("green leaf") == [PLANTS]
    assert library.found("tree") == []
