from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO

import pytest

from libraries import ConceptEmbedder, Library
from studyteddy.application.documents import ingestion
from studyteddy.application.documents.library import DeleteDocument, EditDocument, ReprocessDocument
from studyteddy.application.ports.events import Event
from studyteddy.application.ports.jobs import MAX_ATTEMPTS, JobKind, JobStatus
from studyteddy.domain.documents import DocumentStatus, FailureReason
from studyteddy.domain.errors import Invalid, NotAllowed, NotFound, RateLimited, Unavailable

MONEY = "A coin is money. The bank keeps each coin."
PLANTS = "A leaf grows on a plant. Each leaf is green."
BOOK = f"Money and plants\n{MONEY}\f\f{PLANTS}"


def _news(library: Library) -> list[Event]:
    subscription = library.events.subscribe(library.owner, "user", after_seq=0)
    events: list[Event] = []
    while (event := subscription.next(0)) is not None:
        events.append(event)
    subscription.close()
    return events


def test_a_read_document_is_ready_to_be_searched() -> None:
    library = Library()
    document = library.read(BOOK)
    assert (document.status, document.progress, document.page_count, document.chunk_count) == (
        DocumentStatus.READY, 100, 3, 2,
    )  # fmt: skip
    assert library.found("green leaves") == [PLANTS]
    (passage,) = library.search(owner=library.owner, query="bank").passages
    assert (passage.locator.number, passage.title, passage.document_id) == (1, "Money and plants", document.id)


def test_a_document_takes_the_title_that_it_states_unless_it_was_given_one() -> None:
    library = Library()
    assert library.read("Stated title\ntext one").title == "Stated title"
    assert library.read("Stated title\ntext two", title="Mine").title == "Mine"
    assert library.read("\ntext three", filename="week_3.txt").title == "week 3"


def test_a_document_says_what_it_is_about() -> None:
    page = "Osmosis moves water through a membrane. The membrane holds proteins. Water follows the salt. " * 3
    other = "Diffusion needs no membrane. Proteins carry sugar. " * 3
    document = Library().read(f"Title\n{page}\f{other}\f{page}")
    assert "Osmosis moves" in document.key_concepts or "Osmosis" in document.key_concepts
    assert document.summary is None or document.summary.endswith(".")


def test_progress_is_told_to_whoever_looks() -> None:
    library = Library()
    document = library.read(BOOK)
    told = [(event.kind, event.data["status"], event.data["progress"]) for event in _news(library)]
    assert told == [("document-progress", "processing", 0), ("document-progress", "ready", 100)]
    assert {event.data["document_id"] for event in _news(library)} == {str(document.id)}


def test_progress_moves_while_a_long_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "_TELL_EVERY", 0.0)
    library = Library()
    added = library.upload("Title\n" + "\f".join(f"page {number}" for number in range(10)))
    seen: list[int] = []
    library.extractor.before_page = lambda number: seen.append(library.document(added).progress)
    library.run_next(job_id=added.job_id)
    assert seen == [0, 8, 16, 24, 32, 40, 48, 56, 64, 72]
    assert [event.data["progress"] for event in _news(library)] == [0, *range(8, 81, 8), 100]


@pytest.mark.parametrize("reason", [FailureReason.ENCRYPTED, FailureReason.NO_TEXT_LAYER, FailureReason.TOO_MANY_PAGES])
def test_a_document_that_cannot_be_read_says_why(reason: FailureReason) -> None:
    library = Library()
    added = library.upload(f"Title\ngood page\f!{reason}")
    library.run_next(job_id=added.job_id)
    document = library.document(added)
    assert (document.status, document.error) == (DocumentStatus.FAILED, reason)
    with library.unit_of_work() as uow:
        job = uow.jobs.get(library.owner, added.job_id)
    assert (job.status, job.error) == (JobStatus.FAILED, str(reason))
    assert _news(library)[-1].data == {
        "document_id": str(document.id), "status": "failed", "progress": 0, "error": str(reason),
    }  # fmt: skip
    assert library.found("good page") == []


def test_nothing_is_found_before_a_document_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "STORED_AT_ONCE", 1)
    library = Library()
    added = library.upload("Title\n" + "\f".join(["coin page"] * 5))
    seen: list[list[str]] = []
    library.extractor.before_page = lambda number: seen.append(library.found("coin"))
    library.run_next(job_id=added.job_id)
    assert seen == [[]] * 5
    assert len(library.found("coin")) == 5


def test_a_killed_reading_is_taken_up_and_leaves_no_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "STORED_AT_ONCE", 1)

    class Killed(BaseException):
        pass

    library = Library()
    added = library.upload("Title\n" + "\f".join(f"coin number{number}" for number in range(6)))

    def kill(number: int) -> None:
        if number == 4:
            raise Killed

    library.extractor.before_page = kill
    with pytest.raises(Killed):
        library.run_next(job_id=added.job_id)
    assert library.document(added).status is DocumentStatus.PROCESSING
    library.extractor.before_page = lambda number: None
    library.now += timedelta(minutes=1)
    assert library.run_next()
    document = library.document(added)
    assert (document.status, document.chunk_count) == (DocumentStatus.READY, 6)
    assert sorted(library.found("coin")) == [f"coin number{number}" for number in range(6)]
    assert library.search(owner=library.owner, query="coin").known.chunk_count == 6


@pytest.mark.parametrize("part", [1, 2, 3, 1_000])
def test_a_long_document_is_indexed_in_parts_as_in_one(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = "\f".join(f"coin word{number} leaf" * (1 + number % 3) for number in range(7))
    whole = Library()
    whole.read(f"Title\n{pages}")
    monkeypatch.setattr(ingestion, "INDEXED_AT_ONCE", part)
    parts = Library()
    parts.read(f"Title\n{pages}")
    for query in ("coin", "word3", "leaf word5"):
        one = whole.search(owner=whole.owner, query=query)
        other = parts.search(owner=parts.owner, query=query)
        assert [(p.text, p.score) for p in one.passages] == [(p.text, p.score) for p in other.passages]
        assert one.known == other.known


def test_a_shorter_reading_forgets_the_rest_of_the_longer_one() -> None:
    library = Library()
    added = library.upload("Title\n" + "\f".join(f"coin page {number}" for number in range(5)))
    library.run_next(job_id=added.job_id)
    library.objects.delete(added.document.storage_key)
    import io

    library.objects.put(added.document.storage_key, io.BytesIO(b"Title\ncoin alone"))
    again = ReprocessDocument(unit_of_work=library.unit_of_work, new_id=uuid.uuid4, clock=library.clock)(
        owner=library.owner, document_id=added.document.id
    )
    library.run_next(job_id=again.job_id)
    assert library.found("coin") == ["coin alone"]
    with library.unit_of_work() as uow, pytest.raises(NotFound):
        uow.documents.section(library.owner, added.document.id, 2)


def test_a_document_deleted_while_it_is_read_ends_quietly() -> None:
    library = Library()
    added = library.upload(BOOK)
    delete = DeleteDocument(unit_of_work=library.unit_of_work, objects=library.objects, clock=library.clock)

    def vanish(number: int) -> None:
        if number == 2:
            delete(owner=library.owner, document_id=added.document.id)

    library.extractor.before_page = vanish
    library.run_next(job_id=added.job_id)
    assert library.found("coin leaf") == []
    assert library.objects._objects == {}
    with library.unit_of_work() as uow:
        assert uow.jobs.get(library.owner, added.job_id).status in (JobStatus.DONE, JobStatus.CANCELLED)


def test_an_edit_while_it_is_read_is_kept() -> None:
    library = Library()
    added = library.upload(BOOK)
    edit = EditDocument(unit_of_work=library.unit_of_work, clock=library.clock)
    library.extractor.before_page = lambda number: (
        edit(owner=library.owner, document_id=added.document.id, subject=f"Subject {number}"), None
    )[1]  # fmt: skip
    library.run_next(job_id=added.job_id)
    document = library.document(added)
    assert (document.status, document.subject) == (DocumentStatus.READY, "Subject 3")


def test_a_job_that_runs_again_after_the_end_changes_nothing() -> None:
    library = Library()
    added = library.upload(BOOK)
    library.run_next(job_id=added.job_id)
    ready = library.document(added)
    with library.unit_of_work() as uow:
        job = replace(uow.jobs.get(library.owner, added.job_id), status=JobStatus.RUNNING)
    library.ingest.run(job, lambda progress: True)
    assert library.document(added) == ready
    assert library.extractor.runs == 1


def test_missing_bytes_fail_the_document() -> None:
    library = Library()
    added = library.upload(BOOK)
    library.objects.delete(added.document.storage_key)
    library.run_next(job_id=added.job_id)
    assert library.document(added).error is FailureReason.CORRUPT


def test_chunks_with_a_vector_are_not_embedded_again() -> None:
    embedder = ConceptEmbedder()
    library = Library(embedder=embedder)
    added = library.upload(BOOK)
    library.run_next(job_id=added.job_id)
    assert embedder.asked == [MONEY, PLANTS]
    again = ReprocessDocument(unit_of_work=library.unit_of_work, new_id=uuid.uuid4, clock=library.clock)(
        owner=library.owner, document_id=added.document.id
    )
    library.run_next(job_id=again.job_id)
    assert library.document(added).status is DocumentStatus.READY
    assert embedder.asked == [MONEY, PLANTS]


FAULTS = [
    Unavailable("down", code="provider_unavailable"),
    RateLimited("slow down"),
    NotAllowed("wrong key", code="provider_rejected_key"),
    Invalid("unknown model", code="provider_refused"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["down", "limited", "key", "model"])
def test_a_document_does_not_wait_for_an_embedder_that_is_away(fault: Exception) -> None:
    embedder = ConceptEmbedder()
    embedder.fault = fault
    library = Library(embedder=embedder)
    document = library.read(BOOK)
    assert document.status is DocumentStatus.READY
    assert library.found("green leaves") == [PLANTS]
    with library.unit_of_work() as uow:
        kinds = {job.kind for job in uow.jobs.of_subject(library.owner, document.id)}
    assert kinds == {JobKind.INGEST_DOCUMENT, JobKind.EMBED_DOCUMENT}


def test_a_store_that_stays_away_fails_the_document_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    added = library.upload(BOOK)

    def away(key: str) -> BinaryIO:
        raise Unavailable("away", code="storage_unavailable")

    monkeypatch.setattr(library.objects, "open", away)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert library.run_next(), attempt
        expected = DocumentStatus.FAILED if attempt == MAX_ATTEMPTS else DocumentStatus.PROCESSING
        assert library.document(added).status is expected
        library.now += timedelta(minutes=10)
    assert library.document(added).error is FailureReason.PROVIDER_UNAVAILABLE
    assert not library.run_next()


def test_endless_terms_do_not_reach_the_index() -> None:
    library = Library()
    library.read("Title\n" + "x" * 800 + " coin")
    assert library.search(owner=library.owner, query="coin").known.total_length == 1
