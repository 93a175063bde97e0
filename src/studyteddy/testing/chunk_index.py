"""What every chunk index has to do."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

import pytest

from studyteddy.application.ports.chunk_index import LexicalMatches, Match
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Chunk, Document, Locator, LocatorUnit
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.lexical import DocumentPostings, best_chunks, build_postings, statistics
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.testing.documents import NOW, a_document, add_document, add_user

EVERYTHING = SearchFilters()
MODEL = "test-model"


def a_chunk(document_id: DocumentId, index: int, text: str) -> Chunk:
    return Chunk(
        id=chunk_id(document_id, index),
        document_id=document_id,
        index=index,
        text=text,
        locator=Locator(
            unit=LocatorUnit.PAGE, number=index // 2 + 1, label="Cells", char_start=3, char_end=3 + len(text)
        ),
        token_count=len(text) // 3,
    )


def index_document(
    unit_of_work: UnitOfWorkFactory, document: Document, texts: Sequence[str], *, ready: bool = True, part: int = 1_000
) -> DocumentPostings:
    """Add a document with these chunks, the words of which are its terms, told to the index in parts."""
    document = add_document(unit_of_work, document)
    owner, name = document.owner, document.id
    with unit_of_work() as uow:
        uow.chunk_writer.put(owner, name, [a_chunk(name, index, text) for index, text in enumerate(texts)])
        uow.chunk_writer.clear_postings(owner, name)
        for first in range(0, len(texts), part):
            postings = build_postings([text.split() for text in texts[first : first + part]])
            uow.chunk_writer.put_postings(owner, name, postings, first_index=first)
        uow.chunk_writer.trim(owner, name, len(texts))
        if ready:
            finished = document.finished(page_count=1, chunk_count=len(texts), summary=None, key_concepts=(), now=NOW)
            uow.documents.save(finished)
        uow.commit()
    return build_postings([text.split() for text in texts])


def embed(
    unit_of_work: UnitOfWorkFactory,
    document: Document,
    *vectors: Sequence[float],
    model: str = MODEL,
    complete: bool = True,
) -> None:
    """Give the first chunks of a document these vectors, and count it as embedded."""
    with unit_of_work() as uow:
        named = {chunk_id(document.id, index): vector for index, vector in enumerate(vectors)}
        uow.chunk_writer.put_vectors(document.owner, document.id, model, named)
        if complete:
            uow.vectors.note_complete(document.owner, document.id, model)
        uow.commit()


class ChunkIndexContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.fixture
    def stranger(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def lexical(
        unit_of_work: UnitOfWorkFactory,
        owner: UserId,
        query: Mapping[str, float],
        filters: SearchFilters = EVERYTHING,
        limit: int = 50,
    ) -> LexicalMatches:
        with unit_of_work() as uow:
            return uow.chunk_index.lexical(owner, query, filters, limit=limit)

    @staticmethod
    def dense(
        unit_of_work: UnitOfWorkFactory,
        owner: UserId,
        vector: Sequence[float],
        filters: SearchFilters = EVERYTHING,
        *,
        model: str = MODEL,
        limit: int = 50,
    ) -> Sequence[Match]:
        with unit_of_work() as uow:
            return uow.chunk_index.dense(owner, model, vector, filters, limit=limit)

    @pytest.mark.parametrize("seed", range(6))
    def test_words_are_ranked_by_the_formula_of_the_domain(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, seed: int
    ) -> None:
        chance = random.Random(seed)  # noqa: S311
        words = [f"word{number}" for number in range(30)]
        weights = [1 / (number + 1) for number in range(30)]
        library: dict[DocumentId, DocumentPostings] = {}
        for _ in range(5):
            document = a_document(owner)
            texts = [" ".join(chance.choices(words, weights, k=chance.randint(1, 40))) for _ in range(12)]
            texts[7] = texts[3]
            library[document.id] = index_document(unit_of_work, document, texts, part=chance.choice([5, 1_000]))
        library = dict(sorted(library.items()))
        query = {"word0": 1.0, "word9": 0.5, "word17": 1.0, "word25": 0.15, "nowhere": 1.0}
        known = statistics(library.values(), query)
        expected = best_chunks(query, library, known, limit=20)

        found = self.lexical(unit_of_work, owner, query, limit=20)

        assert found.known == known
        assert [match.chunk_id for match in found.matches] == [chunk_id(one.document, one.index) for one in expected]
        for match, one in zip(found.matches, expected, strict=True):
            assert math.isclose(match.score, one.score, rel_tol=1e-9, abs_tol=1e-9)

    def test_equal_scores_stand_in_the_order_of_the_document(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["cell wall plant leaf"] * 9)
        found = self.lexical(unit_of_work, owner, {"leaf": 1.0, "cell": 0.3, "wall": 0.7}, limit=5)
        assert [match.chunk_id for match in found.matches] == [chunk_id(document.id, index) for index in range(5)]

    def test_only_documents_that_are_ready_are_searched(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        hidden = a_document(owner)
        index_document(unit_of_work, hidden, ["cell"], ready=False)
        embed(unit_of_work, hidden, [1.0, 0.0])
        with unit_of_work() as uow:
            assert uow.chunk_index.passages(owner, [Match(chunk_id(hidden.id, 0), 1.0)]) == []
        found = self.lexical(unit_of_work, owner, {"cell": 1.0})
        assert (found.matches, found.known.chunk_count, dict(found.known.counts)) == ((), 0, {})
        assert self.dense(unit_of_work, owner, [1.0, 0.0]) == []

    def test_nobody_finds_anything_of_another_person(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        theirs = a_document(stranger)
        index_document(unit_of_work, theirs, ["canary"])
        embed(unit_of_work, theirs, [1.0, 0.0])
        asked_for = SearchFilters(document_ids=frozenset({theirs.id}))
        for filters in (EVERYTHING, asked_for):
            found = self.lexical(unit_of_work, owner, {"canary": 1.0}, filters)
            assert found.matches == ()
            assert found.known.chunk_count == 0
            assert self.dense(unit_of_work, owner, [1.0, 0.0], filters) == []
        with unit_of_work() as uow:
            assert uow.chunk_index.passages(owner, [Match(chunk_id(theirs.id, 0), 1.0)]) == []
            for write in (
                lambda: uow.chunk_writer.put(owner, theirs.id, [a_chunk(theirs.id, 0, "changed")]),
                lambda: uow.chunk_writer.clear_postings(owner, theirs.id),
                lambda: uow.chunk_writer.put_postings(owner, theirs.id, build_postings([["x"]])),
                lambda: uow.chunk_writer.trim(owner, theirs.id, 0),
                lambda: uow.chunk_writer.put_vectors(owner, theirs.id, MODEL, {chunk_id(theirs.id, 0): [0.0, 1.0]}),
                lambda: uow.chunk_writer.without_vector(owner, theirs.id, MODEL, limit=1),
            ):
                with pytest.raises(NotFound):
                    write()

    def test_filters_narrow_what_is_searched_and_counted(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        cells = a_document(owner, subject="Biology")
        atoms = a_document(owner, subject="Physics")
        for document in (cells, atoms):
            index_document(unit_of_work, document, ["nucleus here", "and nothing"])
            embed(unit_of_work, document, [1.0, 0.0])

        def found(filters: SearchFilters) -> tuple[set[object], set[object], int]:
            words = self.lexical(unit_of_work, owner, {"nucleus": 1.0}, filters)
            vectors = self.dense(unit_of_work, owner, [1.0, 0.0], filters)
            return {m.chunk_id for m in words.matches}, {m.chunk_id for m in vectors}, words.known.chunk_count

        first, second = chunk_id(cells.id, 0), chunk_id(atoms.id, 0)
        assert found(EVERYTHING) == ({first, second}, {first, second}, 4)
        assert found(SearchFilters(subject="Physics")) == ({second}, {second}, 2)
        assert found(SearchFilters(document_ids=frozenset({cells.id}))) == ({first}, {first}, 2)
        assert found(SearchFilters(document_ids=frozenset({cells.id}), subject="Physics")) == (set(), set(), 0)
        assert found(SearchFilters(document_ids=frozenset())) == (set(), set(), 0)

    def test_a_passage_says_where_it_stands(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = a_document(owner, title="Cells")
        index_document(unit_of_work, document, ["one", "two 🧸", "three"])
        gone = chunk_id(document.id, 99)
        wanted = [Match(chunk_id(document.id, 2), 0.5), Match(gone, 0.4), Match(chunk_id(document.id, 1), 0.25)]
        with unit_of_work() as uow:
            passages = uow.chunk_index.passages(owner, wanted)
        assert [(one.text, one.score) for one in passages] == [("three", 0.5), ("two 🧸", 0.25)]
        assert passages[0].locator == a_chunk(document.id, 2, "three").locator
        assert {(one.document_id, one.filename, one.title) for one in passages} == {(document.id, "notes.pdf", "Cells")}

    def test_writing_twice_leaves_the_same_as_once(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["cell wall", "cell", "stale words"], ready=False)
        texts = ["cell wall", "cell membrane"]
        for _ in range(2):
            with unit_of_work() as uow:
                chunks = [a_chunk(document.id, index, text) for index, text in enumerate(texts)]
                uow.chunk_writer.put(owner, document.id, chunks)
                uow.chunk_writer.clear_postings(owner, document.id)
                uow.chunk_writer.put_postings(owner, document.id, build_postings([text.split() for text in texts]))
                uow.chunk_writer.trim(owner, document.id, len(texts))
                uow.commit()
        with unit_of_work() as uow:
            uow.documents.save(document.finished(page_count=1, chunk_count=2, summary=None, key_concepts=(), now=NOW))
            uow.commit()
        found = self.lexical(unit_of_work, owner, {"cell": 1.0, "stale": 1.0})
        assert found.known.chunk_count == 2
        assert found.known.total_length == 4
        assert {match.chunk_id for match in found.matches} == {chunk_id(document.id, index) for index in (0, 1)}
        with unit_of_work() as uow:
            everything = [Match(chunk_id(document.id, index), 0.0) for index in range(3)]
            assert [one.text for one in uow.chunk_index.passages(owner, everything)] == texts

    def test_vectors_are_ranked_by_their_inner_product(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        chance = random.Random(7)  # noqa: S311
        document = a_document(owner)
        index_document(unit_of_work, document, [f"chunk {index}" for index in range(40)])
        # Sixteenths are exact as 16-bit floats, and so are the sums of their products as 32-bit ones.
        vectors = [[chance.randint(-32, 32) / 16 for _ in range(24)] for _ in range(40)]
        embed(unit_of_work, document, *vectors)
        query = [chance.randint(-32, 32) / 16 for _ in range(24)]
        products = [sum(a * b for a, b in zip(query, vector, strict=True)) for vector in vectors]
        expected = sorted(range(40), key=lambda index: (-products[index], chunk_id(document.id, index)))[:10]

        found = self.dense(unit_of_work, owner, query, limit=10)

        assert [match.chunk_id for match in found] == [chunk_id(document.id, index) for index in expected]
        for match, index in zip(found, expected, strict=True):
            assert match.score == products[index]

    def test_vectors_of_different_models_or_dimensions_are_never_compared(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["one"])
        embed(unit_of_work, document, [0.0, 1.0, 0.0], model="other")
        assert len(self.dense(unit_of_work, owner, [0.0, 1.0, 0.0], model="other")) == 1
        embed(unit_of_work, document, [1.0, 0.0])
        assert len(self.dense(unit_of_work, owner, [1.0, 0.0])) == 1
        assert self.dense(unit_of_work, owner, [0.0, 1.0, 0.0], model="other") == []
        assert self.dense(unit_of_work, owner, [1.0, 0.0, 0.0]) == []
        assert self.dense(unit_of_work, owner, [1.0, 0.0], model="third") == []

    def test_a_chunk_is_embedded_again_only_when_its_text_has_changed(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["one", "two", "three"])

        def lacking(model: str = MODEL, limit: int = 10) -> list[int]:
            with unit_of_work() as uow:
                return [one.index for one in uow.chunk_writer.without_vector(owner, document.id, model, limit=limit)]

        assert lacking() == [0, 1, 2]
        assert lacking(limit=2) == [0, 1]
        embed(unit_of_work, document, [1.0, 0.0], [0.0, 1.0], [0.6, 0.8])
        assert lacking() == []
        assert lacking("other") == [0, 1, 2]
        with unit_of_work() as uow:
            texts = ["one", "CHANGED"]
            uow.chunk_writer.put(owner, document.id, [a_chunk(document.id, i, text) for i, text in enumerate(texts)])
            uow.chunk_writer.trim(owner, document.id, 2)
            uow.vectors.note_complete(owner, document.id, MODEL)
            uow.commit()
        assert lacking() == [1]
        found = self.dense(unit_of_work, owner, [0.0, 1.0])
        assert [match.chunk_id for match in found] == [chunk_id(document.id, 0)]

    def test_a_new_vector_of_the_same_model_replaces_the_old_one(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["one"])
        for vector in ([1.0, 0.0], [0.0, 1.0]):
            embed(unit_of_work, document, vector)
        assert [match.score for match in self.dense(unit_of_work, owner, [1.0, 0.0])] == [0.0]

    def test_a_deleted_document_is_found_no_more(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = a_document(owner)
        index_document(unit_of_work, document, ["canary"])
        embed(unit_of_work, document, [1.0, 0.0])
        with unit_of_work() as uow:
            uow.documents.delete(owner, document.id)
            uow.commit()
        # The same document again, with other words: nothing of the first one may come back.
        index_document(unit_of_work, document, ["sparrow"])
        found = self.lexical(unit_of_work, owner, {"canary": 1.0})
        assert (found.matches, found.known.chunk_count) == ((), 1)
        assert self.dense(unit_of_work, owner, [1.0, 0.0]) == []

    def test_a_query_without_terms_finds_nothing(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        index_document(unit_of_work, a_document(owner), ["cell"])
        assert self.lexical(unit_of_work, owner, {}).matches == ()
        assert self.lexical(unit_of_work, owner, {"unheard": 1.0}).matches == ()

    def test_strange_terms_are_terms(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        strange = ["'", "\\", "%", "_", "日本", "🧸", '"', "c++", "null", "a" * 800]
        document = a_document(owner)
        index_document(unit_of_work, document, strange)
        for index, term in enumerate(strange):
            found = self.lexical(unit_of_work, owner, {term: 1.0})
            assert [match.chunk_id for match in found.matches] == [chunk_id(document.id, index)]
