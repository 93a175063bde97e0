"""What every store of vectors has to know of its documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from studyteddy.application.ports.repositories.vectors import Coverage
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.testing.chunk_index import a_chunk, embed, index_document
from studyteddy.testing.documents import NOW, a_document, add_user

EVERYTHING = SearchFilters()
OLD, NEW = "old-model", "new-model"


class VectorsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def a_book(unit_of_work: UnitOfWorkFactory, owner: UserId, *, ready: bool = True, minutes: int = 0) -> Document:
        document = a_document(owner, now=NOW + timedelta(minutes=minutes))
        index_document(unit_of_work, document, ["one", "two"], ready=ready)
        return document

    @staticmethod
    def lacking(unit_of_work: UnitOfWorkFactory, owner: UserId, model: str) -> Sequence[DocumentId]:
        with unit_of_work() as uow:
            return list(uow.vectors.lacking(owner, model))

    @staticmethod
    def coverage(unit_of_work: UnitOfWorkFactory, model: str) -> Coverage:
        with unit_of_work() as uow:
            return uow.vectors.coverage(model)

    def test_a_document_lacks_a_model_until_it_is_complete(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        later, earlier = (self.a_book(unit_of_work, owner, minutes=minutes) for minutes in (5, 0))
        self.a_book(unit_of_work, owner, ready=False)
        self.a_book(unit_of_work, add_user(unit_of_work))
        assert self.lacking(unit_of_work, owner, NEW) == [earlier.id, later.id]
        embed(unit_of_work, earlier, [1.0, 0.0], model=NEW, complete=False)
        assert self.lacking(unit_of_work, owner, NEW) == [earlier.id, later.id]
        embed(unit_of_work, earlier, [1.0, 0.0], [0.0, 1.0], model=NEW)
        assert self.lacking(unit_of_work, owner, NEW) == [later.id]
        assert self.lacking(unit_of_work, owner, OLD) == [earlier.id, later.id]

    def test_only_complete_documents_are_searched_by_meaning(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        whole, half = self.a_book(unit_of_work, owner), self.a_book(unit_of_work, owner)
        embed(unit_of_work, whole, [1.0, 0.0], [0.0, 1.0], model=NEW)
        embed(unit_of_work, half, [1.0, 0.0], model=NEW, complete=False)
        with unit_of_work() as uow:
            found = uow.chunk_index.dense(owner, NEW, [1.0, 0.0], EVERYTHING, limit=10)
            assert {match.chunk_id for match in found} == {a_chunk(whole.id, index, "").id for index in (0, 1)}
            assert uow.chunk_index.unembedded(owner, NEW, EVERYTHING) == {half.id}
            only = SearchFilters(document_ids=frozenset({whole.id}))
            assert uow.chunk_index.unembedded(owner, NEW, only) == set()
            assert uow.chunk_index.unembedded(owner, OLD, EVERYTHING) == {whole.id, half.id}

    def test_a_document_that_is_put_anew_is_not_complete(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = self.a_book(unit_of_work, owner)
        embed(unit_of_work, document, [1.0, 0.0], [0.0, 1.0], model=NEW)
        with unit_of_work() as uow:
            uow.chunk_writer.put(owner, document.id, [a_chunk(document.id, 0, "changed")])
            uow.commit()
        assert self.lacking(unit_of_work, owner, NEW) == [document.id]

    def test_coverage_counts_the_documents_of_everybody(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        before = self.coverage(unit_of_work, NEW)
        first, second = self.a_book(unit_of_work, owner), self.a_book(unit_of_work, add_user(unit_of_work))
        self.a_book(unit_of_work, owner, ready=False)
        assert self.coverage(unit_of_work, NEW) == Coverage(before.lacking + 2, before.of_another)
        for model in (OLD, "z-model"):
            embed(unit_of_work, first, [1.0, 0.0], [0.0, 1.0], model=model)
            assert self.coverage(unit_of_work, NEW) == Coverage(before.lacking + 2, before.of_another + 1)
        for document in (first, second):
            embed(unit_of_work, document, [1.0, 0.0], [0.0, 1.0], model=NEW)
        assert self.coverage(unit_of_work, NEW) == before

    def test_vectors_of_other_models_are_dropped_where_the_new_ones_are_complete(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        done, open_, theirs = (self.a_book(unit_of_work, of) for of in (owner, owner, add_user(unit_of_work)))
        for document in (done, open_, theirs):
            embed(unit_of_work, document, [1.0, 0.0], [0.0, 1.0], model=OLD)
        for document in (done, theirs):
            embed(unit_of_work, document, [1.0, 0.0], [0.0, 1.0], model=NEW)
        with unit_of_work() as uow:
            assert uow.vectors.forget_others(owner, NEW) == 2
            uow.commit()

        def has_old(document: Document) -> bool:
            with unit_of_work() as uow:
                return not uow.chunk_writer.without_vector(document.owner, document.id, OLD, limit=1)

        assert [has_old(document) for document in (done, open_, theirs)] == [False, True, True]
        assert self.lacking(unit_of_work, owner, NEW) == [open_.id]

    def test_nobody_notes_anything_of_another_persons_document(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = self.a_book(unit_of_work, owner)
        stranger = add_user(unit_of_work)
        with unit_of_work() as uow, pytest.raises(NotFound):
            uow.vectors.note_complete(stranger, document.id, NEW)
        assert self.lacking(unit_of_work, owner, NEW) == [document.id]
