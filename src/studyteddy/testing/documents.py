"""What every store of documents has to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.documents import (
    Document,
    DocumentFilter,
    DocumentOrder,
    DocumentStatus,
    FailureReason,
    LocatorUnit,
    MediaType,
    Section,
)
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.storage_quota import StorageUse

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def add_user(unit_of_work: UnitOfWorkFactory) -> UserId:
    """A fresh account that rows may belong to."""
    user_id = UserId(uuid4())
    user = User.registered(
        id=user_id,
        email=f"{user_id.hex}@example.org",
        display_name="Reader",
        password_hash="-",  # noqa: S106 - no password has this hash
        time_zone="UTC",
        now=NOW,
    )
    with unit_of_work() as uow:
        uow.users.add(user)
        uow.commit()
    return user_id


def a_document(owner: UserId, *, title: str = "Notes", subject: str | None = None, now: datetime = NOW) -> Document:
    """A document that waits to be read, with bytes of its own."""
    name = uuid4()
    return Document.create(
        id=DocumentId(name),
        owner=owner,
        filename="notes.pdf",
        media_type=MediaType.PDF,
        size=1_234,
        sha256=name.hex * 2,
        title=title,
        subject=subject,
        now=now,
    )


def a_section(number: int, text: str = "Cells divide.") -> Section:
    return Section(unit=LocatorUnit.PAGE, number=number, label=None, text=text)


def add_document(unit_of_work: UnitOfWorkFactory, document: Document) -> Document:
    with unit_of_work() as uow:
        assert uow.documents.add(document)
        uow.commit()
    return document


class DocumentsContract:
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

    def test_a_document_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = replace(
            a_document(owner, title="Größe 🧸", subject="Biology").finished(
                page_count=3, chunk_count=7, summary="It is about cells.", key_concepts=("cell", "nucleus"), now=NOW
            ),
            version=1,
        )
        add_document(unit_of_work, document)
        with unit_of_work() as uow:
            assert uow.documents.get(owner, document.id) == document
            assert uow.documents.by_sha256(owner, document.sha256) == document

    def test_a_failed_document_keeps_its_reason(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = replace(a_document(owner).failed(FailureReason.ENCRYPTED, NOW), version=1)
        add_document(unit_of_work, document)
        with unit_of_work() as uow:
            assert uow.documents.get(owner, document.id).error is FailureReason.ENCRYPTED

    def test_the_same_bytes_are_kept_once_for_each_owner(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        first = add_document(unit_of_work, a_document(owner))
        again = replace(a_document(owner), sha256=first.sha256)
        theirs = replace(a_document(stranger), sha256=first.sha256)
        with unit_of_work() as uow:
            assert not uow.documents.add(again)
            assert uow.documents.add(theirs)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.documents.by_sha256(owner, first.sha256) == first
            assert uow.documents.by_sha256(stranger, first.sha256) == theirs

    def test_another_persons_document_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        document = add_document(unit_of_work, a_document(owner))
        with unit_of_work() as uow:
            assert uow.documents.by_sha256(stranger, document.sha256) is None
            with pytest.raises(NotFound):
                uow.documents.get(stranger, document.id)
            with pytest.raises(NotFound):
                uow.documents.delete(stranger, document.id)
            with pytest.raises(NotFound):
                uow.documents.put_sections(stranger, document.id, [a_section(1)])
            with pytest.raises(NotFound):
                uow.documents.section(stranger, document.id, 1)
            with pytest.raises(NotFound):
                uow.documents.save(replace(document, owner=stranger, version=2))

    def test_a_write_based_on_an_old_version_is_stale(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = add_document(unit_of_work, a_document(owner))
        with unit_of_work() as uow:
            uow.documents.save(document.edited(NOW, title="One"))
            uow.commit()
        with unit_of_work() as uow, pytest.raises(StaleVersion):
            uow.documents.save(document.edited(NOW, title="Two"))
        with unit_of_work() as uow:
            assert uow.documents.get(owner, document.id).title == "One"

    def test_progress_moves_forward_without_a_new_version(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = add_document(unit_of_work, a_document(owner))
        with unit_of_work() as uow:
            uow.documents.save(document.started(NOW))
            for progress in (40, 20):
                uow.documents.note_progress(owner, document.id, progress, now=NOW)
            uow.commit()
        with unit_of_work() as uow:
            kept = uow.documents.get(owner, document.id)
        assert (kept.progress, kept.version) == (40, 2)

    def test_progress_of_a_document_that_is_not_processed_is_ignored(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        waiting = add_document(unit_of_work, a_document(owner))
        with unit_of_work() as uow:
            uow.documents.note_progress(owner, waiting.id, 40, now=NOW)
            uow.documents.note_progress(owner, DocumentId(uuid4()), 40, now=NOW)
            uow.documents.save(waiting.started(NOW))
            uow.documents.note_progress(stranger, waiting.id, 40, now=NOW)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.documents.get(owner, waiting.id).progress == 0

    def test_what_is_not_committed_never_happened(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = a_document(owner)
        with unit_of_work() as uow:
            uow.documents.add(document)
        with unit_of_work() as uow, pytest.raises(NotFound):
            uow.documents.get(owner, document.id)

    def test_sections_are_replaced_by_number_and_trimmed_at_the_end(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = add_document(unit_of_work, a_document(owner))
        for texts in (("a", "b", "c"), ("a", "B")):
            with unit_of_work() as uow:
                sections = [a_section(number, text) for number, text in enumerate(texts, start=1)]
                uow.documents.put_sections(owner, document.id, sections)
                uow.documents.trim_sections(owner, document.id, len(texts))
                uow.commit()
        with unit_of_work() as uow:
            assert uow.documents.section(owner, document.id, 2) == a_section(2, "B")
            for number in (0, 3):
                with pytest.raises(NotFound):
                    uow.documents.section(owner, document.id, number)

    def test_a_section_keeps_its_label_its_unit_and_every_character(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        document = add_document(unit_of_work, a_document(owner))
        section = Section(unit=LocatorUnit.SLIDE, number=1, label="Loops > while", text="tab\t\n\nemoji 🧸 \u202e")
        empty = Section(unit=LocatorUnit.SLIDE, number=2, label=None, text="")
        with unit_of_work() as uow:
            uow.documents.put_sections(owner, document.id, [section, empty])
            uow.commit()
        with unit_of_work() as uow:
            assert uow.documents.section(owner, document.id, 1) == section
            assert uow.documents.section(owner, document.id, 2) == empty

    def test_a_deleted_document_leaves_nothing(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        document = add_document(unit_of_work, a_document(owner))
        with unit_of_work() as uow:
            uow.documents.put_sections(owner, document.id, [a_section(1)])
            uow.commit()
        with unit_of_work() as uow:
            uow.documents.delete(owner, document.id)
            uow.commit()
        add_document(unit_of_work, replace(document, version=1))
        with unit_of_work() as uow, pytest.raises(NotFound):
            uow.documents.section(owner, document.id, 1)

    def test_the_use_counts_what_the_owner_has_and_what_was_just_added(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        add_document(unit_of_work, a_document(stranger))
        with unit_of_work() as uow:
            assert uow.documents.use(owner) == StorageUse()
            assert uow.documents.add(replace(a_document(owner), size=3 * 10**9))
            assert uow.documents.add(replace(a_document(owner), size=2 * 10**9))
            assert uow.documents.use(owner) == uow.documents.use(owner, held=True) == StorageUse(2, 5 * 10**9)
        with unit_of_work() as uow:
            assert uow.documents.use(owner) == StorageUse()

    def test_of_many_who_add_and_ask_at_once_nobody_misses_another(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        def keep(_: int) -> int:
            with unit_of_work() as uow:
                uow.documents.add(a_document(owner))
                seen = uow.documents.use(owner, held=True).documents
                uow.commit()
            return seen

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(keep, range(12))) == list(range(1, 13))

    def test_a_filter_lets_through_what_it_says(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        cells = add_document(unit_of_work, a_document(owner, title="ZELLEN Straße", subject="Biology"))
        atoms = add_document(unit_of_work, a_document(owner, title="Atoms 100%_", subject="Physics"))
        add_document(unit_of_work, a_document(stranger, title="Zellen"))
        with unit_of_work() as uow:
            uow.documents.save(atoms.failed(FailureReason.CORRUPT, NOW))
            uow.commit()

        def found(wanted: DocumentFilter) -> set[UUID]:
            with unit_of_work() as uow:
                page = uow.documents.page(owner, wanted, DocumentOrder.TITLE, PageRequest())
            return {document.id for document in page.items}

        assert found(DocumentFilter()) == {cells.id, atoms.id}
        assert found(DocumentFilter(text="zellen")) == {cells.id}
        assert found(DocumentFilter(text="NOTES.PDF")) == {cells.id, atoms.id}
        assert found(DocumentFilter(text="%_")) == {atoms.id}
        assert found(DocumentFilter(subject="Physics")) == {atoms.id}
        assert found(DocumentFilter(status=DocumentStatus.FAILED)) == {atoms.id}
        assert found(DocumentFilter(status=DocumentStatus.FAILED, subject="Biology")) == set()

    @pytest.mark.parametrize("order", list(DocumentOrder))
    def test_pages_hold_every_document_once_in_order(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, order: DocumentOrder
    ) -> None:
        titles = ["beta", "Alpha", "alpha", "Ωmega", "beta", "a_b", "aB"]
        for day, title in enumerate(titles):
            add_document(unit_of_work, a_document(owner, title=title, now=NOW + timedelta(days=day // 2)))
        seen: list[Document] = []
        request = PageRequest(limit=2)
        while True:
            with unit_of_work() as uow:
                page = uow.documents.page(owner, DocumentFilter(), order, request)
            seen += page.items
            if page.next is None:
                break
            request = PageRequest(limit=2, after=page.next)
        keys = [(order.value_of(document), document.id) for document in seen]
        assert len(seen) == len(titles)
        assert keys == sorted(keys, reverse=order.descending)
