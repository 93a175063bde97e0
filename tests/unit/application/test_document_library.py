from __future__ import annotations

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import BinaryIO

import pytest

from libraries import NOW, Library
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.application.documents.library import (
    DeleteDocument,
    EditDocument,
    OpenFile,
    ReadPage,
    ReprocessDocument,
)
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.documents import DocumentStatus, MediaType
from studyteddy.domain.errors import (
    Conflict,
    Invalid,
    NotFound,
    StaleVersion,
    StudyTeddyError,
    TooLarge,
    Unavailable,
    UnsupportedType,
)
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.storage_quota import StorageQuota
from studyteddy.testing.documents import add_user


def _reprocess(library: Library) -> ReprocessDocument:
    return ReprocessDocument(unit_of_work=library.unit_of_work, new_id=uuid.uuid4, clock=library.clock)


def _delete(library: Library) -> DeleteDocument:
    return DeleteDocument(unit_of_work=library.unit_of_work, objects=library.objects, clock=library.clock)


def _open(library: Library) -> OpenFile:
    return OpenFile(unit_of_work=library.unit_of_work, objects=library.objects)


def test_an_upload_waits_for_its_job() -> None:
    library = Library()
    added = library.upload("Cells\nA cell divides.", filename="bio/cell_notes.txt", subject=" Biology ")
    document = added.document
    assert (document.status, document.filename, document.title, document.subject, document.size) == (
        DocumentStatus.QUEUED, "cell_notes.txt", "cell notes", "Biology", 21,
    )  # fmt: skip
    assert (document.media_type, document.created_at, added.existing) == (MediaType.TEXT, NOW, False)
    with library.unit_of_work() as uow:
        job = uow.jobs.get(library.owner, added.job_id)
    assert (job.status, job.subject_id) == (JobStatus.QUEUED, document.id)
    with library.objects.open(document.storage_key) as stream:
        assert stream.read() == b"Cells\nA cell divides."


def test_the_same_bytes_again_give_the_document_that_is_there() -> None:
    library = Library()
    first = library.upload("Cells\nA cell divides.", filename="one.txt")
    again = library.upload("Cells\nA cell divides.", filename="other.txt", title="Another name")
    assert again.existing
    assert (again.document, again.job_id) == (first.document, first.job_id)


def test_two_people_may_have_the_same_bytes() -> None:
    library = Library()
    first = library.upload("Cells\nA cell divides.")
    library.owner = add_user(library.unit_of_work)
    second = library.upload("Cells\nA cell divides.")
    assert not second.existing
    assert second.document.storage_key != first.document.storage_key


def test_two_uploads_of_the_same_bytes_at_once_make_one_document() -> None:
    class Meeting(InMemoryObjects):
        """Both uploads have stored their bytes before either is committed."""

        barrier = Barrier(2)

        def put(self, key: str, content: BinaryIO) -> None:
            super().put(key, content)
            self.barrier.wait(timeout=10)

    library = Library(objects=Meeting())
    with ThreadPoolExecutor(2) as pool:
        uploads = [pool.submit(library.upload, "Cells\nA cell divides.") for _ in range(2)]
        one, other = (upload.result() for upload in uploads)
    assert one.document == other.document
    assert sorted((one.existing, other.existing)) == [False, True]
    assert list(library.objects._objects) == [one.document.storage_key]


@pytest.mark.parametrize(
    ("content", "error", "code"),
    [
        (b"", Invalid, "empty_file"),
        (b"x" * 1_000_001, TooLarge, "too_large"),
        (b"\xff\xfe binary", UnsupportedType, "unsupported_type"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing(content: bytes, error: type[Invalid], code: str) -> None:
    library = Library()
    with pytest.raises(error) as refused:
        library.upload(content)
    assert refused.value.code == code
    assert library.objects._objects == {}


def test_a_file_of_exactly_the_limit_is_taken() -> None:
    assert Library().upload(b"x" * 1_000_000).document.size == 1_000_000


def test_a_bad_title_is_refused_before_anything_is_stored() -> None:
    library = Library()
    with pytest.raises(Invalid):
        library.upload("text", title="x" * 256)
    assert library.objects._objects == {}


@pytest.mark.parametrize(
    ("fault", "left"),
    [(Conflict("Somebody else was first."), 0), (Unavailable("The database fell silent; it may have committed."), 1)],
    ids=["refused", "in doubt"],
)
def test_bytes_are_removed_when_their_document_was_surely_not_committed(fault: StudyTeddyError, left: int) -> None:
    library = Library()
    working = library.unit_of_work

    class Failing:
        def __enter__(self) -> object:
            self.uow = working()
            entered = self.uow.__enter__()
            entered.commit = self._fail  # type: ignore[method-assign]
            return entered

        def _fail(self) -> None:
            raise fault

        def __exit__(self, *fault: object) -> None:
            self.uow.__exit__(*fault)  # type: ignore[arg-type]

    library.unit_of_work = Failing  # type: ignore[assignment]
    with pytest.raises(type(fault)):
        library.upload("text")
    assert len(library.objects._objects) == left


def test_a_file_comes_back_byte_by_byte_to_its_owner_only() -> None:
    library = Library()
    document = library.upload(b"\x00\x01 any bytes \r\n").document
    opened = _open(library)(owner=library.owner, document_id=document.id)
    assert opened.content.read() == b"\x00\x01 any bytes \r\n"
    with pytest.raises(NotFound):
        _open(library)(owner=add_user(library.unit_of_work), document_id=document.id)


def test_title_and_subject_can_be_changed_from_the_version_that_was_seen() -> None:
    library = Library()
    document = library.upload("text", subject="Biology").document
    edit = EditDocument(unit_of_work=library.unit_of_work, clock=library.clock)
    changed = edit(owner=library.owner, document_id=document.id, version=1, title=" Cells ", subject=None)
    assert (changed.title, changed.subject, changed.version) == ("Cells", None, 2)
    with pytest.raises(StaleVersion):
        edit(owner=library.owner, document_id=document.id, version=1, title="Late")


def test_a_page_is_read_by_its_number() -> None:
    library = Library()
    document = library.read("Title\nfirst page\fsecond page\f")
    read = ReadPage(unit_of_work=library.unit_of_work)
    found = read(owner=library.owner, document_id=document.id, number=2)
    assert (found.section.text, found.page_count) == ("second page", 3)
    assert read(owner=library.owner, document_id=document.id, number=3).section.text == ""
    for number in (0, 4, -1, 10**30):
        with pytest.raises(NotFound):
            read(owner=library.owner, document_id=document.id, number=number)


def test_a_page_tells_where_a_passage_stands_on_it() -> None:
    library = Library()
    document = library.read("Title\n\n  first page\fsecond page")
    read = ReadPage(unit_of_work=library.unit_of_work)
    found = read(owner=library.owner, document_id=document.id, number=1, chunk=chunk_id(document.id, 0))
    assert found.passage is not None
    assert found.section.text[found.passage.char_start : found.passage.char_end] == "first page"
    assert read(owner=library.owner, document_id=document.id, number=1).passage is None


def test_a_passage_of_another_page_document_or_person_is_unknown() -> None:
    library = Library()
    document = library.read("Title\nfirst page\fsecond page")
    other = library.read("Title\nanother text")
    read = ReadPage(unit_of_work=library.unit_of_work)
    for chunk in (chunk_id(document.id, 1), chunk_id(other.id, 0), chunk_id(document.id, 7)):
        with pytest.raises(NotFound):
            read(owner=library.owner, document_id=document.id, number=1, chunk=chunk)
    library.owner = add_user(library.unit_of_work)
    theirs = library.read("Title\nthe text of somebody else")
    with pytest.raises(NotFound):
        read(owner=document.owner, document_id=document.id, number=1, chunk=chunk_id(theirs.id, 0))


def test_a_document_that_waits_has_no_pages_yet() -> None:
    library = Library()
    document = library.upload("Title\nfirst page").document
    with pytest.raises(NotFound):
        ReadPage(unit_of_work=library.unit_of_work)(owner=library.owner, document_id=document.id, number=1)


def test_a_document_whose_job_was_forgotten_gets_another_one_that_finds_nothing_to_do() -> None:
    library = Library()
    text = "Cells\nA cell divides."
    first = library.upload(text)
    library.run_next()
    with library.unit_of_work() as uow:
        assert uow.jobs.purge(before=library.clock() + timedelta(days=1), limit=10) == 1
        uow.commit()
    again = library.upload(text)
    assert again.document.id == first.document.id
    library.run_next()
    with library.unit_of_work() as uow:
        assert uow.jobs.get(library.owner, again.job_id).status is JobStatus.DONE
        assert uow.documents.get(library.owner, first.document.id).chunk_count == 1


def test_a_document_is_read_again_on_demand_but_not_twice_at_once() -> None:
    library = Library()
    document = library.read("Title\nA cell divides.")
    again = _reprocess(library)(owner=library.owner, document_id=document.id)
    assert (again.document.status, again.document.progress) == (DocumentStatus.QUEUED, 0)
    assert library.found("cell") == []
    with pytest.raises(Conflict):
        _reprocess(library)(owner=library.owner, document_id=document.id)
    library.run_next(job_id=again.job_id)
    assert library.found("cell") == ["A cell divides."]


def test_a_deleted_document_is_gone_from_everywhere_and_can_come_back() -> None:
    library = Library()
    document = library.read("Title\nA cell divides.")
    _delete(library)(owner=library.owner, document_id=document.id)
    assert library.objects._objects == {}
    assert library.found("cell") == []
    with pytest.raises(NotFound):
        _open(library)(owner=library.owner, document_id=document.id)
    again = library.upload("Title\nA cell divides.")
    assert not again.existing
    assert again.document.id != document.id


def test_deleting_cancels_the_job_that_waits() -> None:
    library = Library()
    added = library.upload("Title\nA cell divides.")
    _delete(library)(owner=library.owner, document_id=added.document.id)
    assert not library.run_next(job_id=added.job_id)
    with library.unit_of_work() as uow:
        assert uow.jobs.get(library.owner, added.job_id).status is JobStatus.CANCELLED


def test_another_persons_document_cannot_be_deleted_or_read_again() -> None:
    library = Library()
    document = library.read("Title\nA cell divides.")
    stranger = add_user(library.unit_of_work)
    for use in (_delete(library), _reprocess(library)):
        with pytest.raises(NotFound):
            use(owner=stranger, document_id=document.id)
    assert library.found("cell") == ["A cell divides."]
    with library.objects.open(document.storage_key) as stream:
        assert stream.read()


def test_a_stale_delete_deletes_nothing() -> None:
    library = Library()
    document = library.read("Title\nA cell divides.")
    with pytest.raises(StaleVersion):
        _delete(library)(owner=library.owner, document_id=document.id, version=1)
    assert library.found("cell") == ["A cell divides."]


def test_an_upload_that_breaks_off_leaves_nothing() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionError("the client went away")

    library = Library()
    with pytest.raises(ConnectionError):
        library.add(owner=library.owner, filename="a.txt", content=Broken())  # type: ignore[arg-type]
    assert library.objects._objects == {}


def test_a_file_beyond_the_quota_is_refused_and_leaves_nothing() -> None:
    library = Library(quota=StorageQuota(documents=1))
    kept = library.upload("One.")
    with pytest.raises(Conflict, match="number 2"):
        library.upload("Two.")
    assert library.upload("One.").document == kept.document
    assert len(library.objects._objects) == 1


def test_of_twenty_uploads_at_once_as_many_are_kept_as_the_quota_allows() -> None:
    library = Library(quota=StorageQuota(documents=7))
    ready = Barrier(20)

    def upload(number: int) -> str:
        ready.wait()
        try:
            library.upload(f"Text {number}.")
        except Conflict as refusal:
            return refusal.code
        return "kept"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(upload, range(20)))
    assert outcomes == ["kept"] * 7 + ["quota_exceeded"] * 13
    assert len(library.objects._objects) == 7
