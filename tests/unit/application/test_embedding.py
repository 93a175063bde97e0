from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest

from libraries import ConceptEmbedder, Library
from studyteddy.application.documents.embedding import embed_chunks, open_embeddings
from studyteddy.application.documents.library import DeleteDocument
from studyteddy.application.documents.reindexing import ForgetOldVectors, GetCoverage, Reindex, Reindexed
from studyteddy.application.ports.jobs import Job, JobKind, JobStatus
from studyteddy.application.ports.repositories.vectors import Coverage
from studyteddy.application.ports.unit_of_work import UnitOfWork
from studyteddy.domain.documents import Document, DocumentStatus
from studyteddy.domain.errors import Invalid, NotAllowed, Unavailable

MONEY = "A coin is money. The bank keeps each coin."
PLANTS = "A leaf grows on a plant. Each leaf is green."
DOWN = Unavailable("down", code="provider_unavailable")


class Batched(ConceptEmbedder):
    """Takes two texts in a call, and dies after ``calls`` of them."""

    batch = 2

    def __init__(self, model: str = "concepts", *, calls: int = 10**6) -> None:
        super().__init__()
        self.model = model
        self.calls = calls
        self.sizes: list[int] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.calls == 0:
            raise DOWN
        self.calls -= 1
        self.sizes.append(len(texts))
        return super().embed(texts)


def pages(count: int) -> str:
    return "Book\n" + "\f".join(f"coin page {number}" for number in range(count))


def waiting(library: Library, document: Document) -> list[Job]:
    with library.unit_of_work() as uow:
        return open_embeddings(uow, library.owner, document.id)


def lacking(library: Library, model: str) -> int:
    with library.unit_of_work() as uow:
        return len(uow.vectors.lacking(library.owner, model))


def reindex(library: Library) -> list[Reindexed]:
    use_case = Reindex(
        unit_of_work=library.unit_of_work, new_id=uuid.uuid4, clock=library.clock, embedder=library.embedder
    )
    return list(use_case(owner=library.owner))


def test_texts_are_asked_for_in_calls_of_the_providers_size() -> None:
    embedder = Batched()
    Library(embedder=embedder).read(pages(5))
    assert embedder.sizes == [2, 2, 1]


def test_a_half_embedded_document_is_taken_up_where_it_stopped() -> None:
    embedder = Batched(calls=2)
    library = Library(embedder=embedder)
    document = library.read(pages(7))
    assert document.status is DocumentStatus.READY
    assert (len(embedder.asked), lacking(library, "concepts")) == (4, 1)
    embedder.calls = 10
    library.now += timedelta(minutes=1)
    assert library.run_next()
    assert lacking(library, "concepts") == 0
    assert sorted(embedder.asked) == [f"coin page {number}" for number in range(7)]
    assert library.extractor.runs == 1, "the document itself is read once"


def test_a_document_is_found_by_meaning_once_the_embedder_is_back() -> None:
    embedder = ConceptEmbedder()
    embedder.fault = DOWN
    library = Library(embedder=embedder)
    library.read(f"Book\n{MONEY}\f{PLANTS}")
    embedder.fault = None
    assert library.found("dollar") == []
    assert library.run_next()
    assert library.found("dollar")[0] == MONEY
    assert not library.run_next()


@pytest.mark.parametrize("fault", [DOWN, NotAllowed("key", code="provider_rejected_key")], ids=["down", "key"])
def test_after_a_long_failure_another_job_follows_hour_by_hour(fault: Exception) -> None:
    embedder = ConceptEmbedder()
    embedder.fault = fault
    library = Library(embedder=embedder)
    document = library.read(pages(1))
    for _ in range(3):
        while not (job := waiting(library, document)[0]).not_before or job.attempts:
            library.now = max(library.now, job.not_before or library.now)
            assert library.run_next()
        assert job.not_before == library.now + timedelta(hours=1)
        assert job.attempts == 0
        assert len(waiting(library, document)) == 1
        assert not library.run_next()
        library.now += timedelta(hours=1)
        assert library.run_next()
    embedder.fault = None
    library.now += timedelta(hours=2)
    while library.run_next():
        pass
    assert waiting(library, document) == []
    assert lacking(library, "concepts") == 0


def test_a_model_that_does_not_exist_is_not_asked_for_ever() -> None:
    embedder = ConceptEmbedder()
    embedder.fault = Invalid("unknown model", code="provider_refused")
    library = Library(embedder=embedder)
    document = library.read(pages(1))
    assert library.run_next()
    assert waiting(library, document) == []
    with library.unit_of_work() as uow:
        jobs = uow.jobs.of_subject(library.owner, document.id)
    assert [(job.status, job.error) for job in jobs if job.kind is JobKind.EMBED_DOCUMENT] == [
        (JobStatus.FAILED, "provider_refused")
    ]


def test_a_deleted_document_is_not_embedded() -> None:
    embedder = ConceptEmbedder()
    embedder.fault = DOWN
    library = Library(embedder=embedder)
    document = library.read(pages(1))
    job = waiting(library, document)[0]
    DeleteDocument(unit_of_work=library.unit_of_work, objects=library.objects, clock=library.clock)(
        owner=library.owner, document_id=document.id
    )
    embedder.fault = None
    library.embed.run(job, lambda _: True)
    assert embedder.asked == []


def test_embedding_stops_when_it_is_told_to() -> None:
    embedder = Batched(calls=0)
    library = Library(embedder=embedder)
    document = library.read(pages(6))
    embedder.calls = 10
    library.embed.run(waiting(library, document)[0], lambda _: False)
    assert embedder.sizes == [2]


def test_a_database_that_is_away_is_no_embedder_that_is_away() -> None:
    embedder = Batched(calls=0)
    library = Library(embedder=embedder)
    document = library.read(pages(1))
    embedder.calls = 1

    def away_after_the_call() -> UnitOfWork:
        if embedder.sizes:
            raise Unavailable("away", code="database_unavailable")
        return library.unit_of_work()

    with pytest.raises(Unavailable) as fault:
        list(embed_chunks(away_after_the_call, embedder, library.owner, document.id))
    assert fault.value.code == "database_unavailable"


def two_models() -> Library:
    """A library that was embedded by one model and is to be by another."""
    library = Library(embedder=Batched("old"))
    for text in (f"Money\n{MONEY}", f"Plants\n{PLANTS}", pages(4)):
        library.read(text)
    library.embedder = Batched("new")
    return library


def test_a_change_of_the_model_is_carried_out_by_a_job_for_each_document() -> None:
    library = two_models()
    queued = reindex(library)
    assert len(queued) == lacking(library, "new") == 3
    for left in (2, 1, 0):
        assert library.run_next()
        assert lacking(library, "new") == left
    assert reindex(library) == []
    assert not library.run_next()


def test_reindexing_again_queues_nothing_twice() -> None:
    library = two_models()
    assert [one.job_id for one in reindex(library)] == [one.job_id for one in reindex(library)]


def test_reindexing_does_not_wait_for_the_next_attempt() -> None:
    library = Library(embedder=Batched("m", calls=0))
    document = library.read(pages(2))
    assert library.run_next()
    assert not library.run_next(), "it waits"
    library.embedder = Batched("m")
    (queued,) = reindex(library)
    assert [job.id for job in waiting(library, document)] == [queued.job_id]
    assert library.run_next()
    assert lacking(library, "m") == 0


def test_search_finds_the_right_page_at_every_step_of_a_change() -> None:
    library = two_models()
    reindex(library)
    steps = 0
    while True:
        assert library.found("green leaf")[0] == PLANTS
        assert library.found("coins of the bank")[0] == MONEY
        steps += 1
        if not library.run_next():
            break
    assert steps == 4
    assert library.found("tree")[0] == PLANTS


def test_what_is_not_embedded_yet_keeps_its_place_among_what_is() -> None:
    library = Library(embedder=ConceptEmbedder())
    library.read("Embedded\nA tree is not a leaf of a plant but a tree")
    library.embedder.fault = DOWN  # type: ignore[union-attr]
    library.read(f"Later\n{PLANTS}")
    library.embedder.fault = None  # type: ignore[union-attr]
    assert library.found("green leaf on a plant")[0] == PLANTS


def test_a_new_document_is_embedded_by_the_new_model() -> None:
    library = two_models()
    library.read("New\nA dollar note")
    assert lacking(library, "new") == 3


def test_coverage_tells_what_is_left_to_do() -> None:
    library = two_models()

    def coverage() -> Coverage | None:
        return GetCoverage(unit_of_work=library.unit_of_work, embedder=library.embedder)()

    assert coverage() == Coverage(lacking=3, of_another=3)
    reindex(library)
    assert library.run_next()
    assert coverage() == Coverage(lacking=2, of_another=2)
    library.embedder = None
    assert coverage() is None


def test_old_vectors_are_dropped_where_new_ones_are() -> None:
    library = two_models()
    forget = ForgetOldVectors(unit_of_work=library.unit_of_work, embedder=library.embedder)
    assert forget(owner=library.owner) == 0
    reindex(library)
    while library.run_next():
        pass
    assert forget(owner=library.owner) == 6
    assert forget(owner=library.owner) == 0
    library.embedder = Batched("old")
    assert lacking(library, "old") == 3


def test_without_a_model_there_is_nothing_to_reindex() -> None:
    library = Library()
    library.read(pages(1))
    with pytest.raises(Invalid, match="EMBEDDING_MODEL"):
        reindex(library)
