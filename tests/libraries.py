"""A student's library over the memory adapters, with an extractor that reads plain lines, for tests of documents."""

from __future__ import annotations

import functools
import io
import math
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.documents.embedding import EmbedDocument
from studyteddy.application.documents.ingestion import IngestDocument
from studyteddy.application.documents.library import AddDocument, AddedDocument
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.ports.embedder import Embedder
from studyteddy.application.ports.jobs import JobHandler, JobKind
from studyteddy.application.ports.text_extractor import Extraction, ExtractionFailed
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.application.retrieval import SearchPassages
from studyteddy.domain.documents import Document, FailureReason, LocatorUnit, MediaType, Section
from studyteddy.domain.errors import UnsupportedType
from studyteddy.domain.ids import UserId
from studyteddy.domain.retrieval.wording import PLAIN
from studyteddy.domain.storage_quota import NO_QUOTA, StorageQuota
from studyteddy.testing.documents import add_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class PageExtractor:
    """Pages are separated by form feeds. A page "!reason" fails for that reason; what isn't UTF-8 isn't supported."""

    def __init__(self) -> None:
        self.before_page: Callable[[int], None] = lambda number: None
        self.runs = 0

    def identify(self, filename: str, head: bytes) -> MediaType:
        if b"\xff" in head:
            raise UnsupportedType("This kind of file can't be read.")
        return MediaType.TEXT

    def extract(self, content: BinaryIO, media_type: MediaType) -> Extraction:
        self.runs += 1
        title, _, rest = content.read().decode().partition("\n")
        pages = rest.split("\f")
        return Extraction(title=title or None, section_count=len(pages), sections=self._sections(pages))

    def _sections(self, pages: Sequence[str]) -> Iterator[Section]:
        for number, text in enumerate(pages, start=1):
            self.before_page(number)
            if text.startswith("!"):
                raise ExtractionFailed(FailureReason(text[1:]))
            yield Section(unit=LocatorUnit.PAGE, number=number, label=None, text=text.strip())


class WordAnalyzer:
    """Words in lower case without a plural s; "the", "a" and "of" mean nothing."""

    def terms(self, text: str) -> list[str]:
        words = re.findall(r"\w+", text.casefold())
        return [word.removesuffix("s") for word in words if word not in ("the", "a", "of")]


class ConceptEmbedder:
    """Two dimensions: how much a text is about money, and how much about plants."""

    model = "concepts"
    dimension = 3

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: Exception | None = None

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.fault is not None:
            raise self.fault
        self.asked += texts
        return [self._vector(text.casefold()) for text in texts]

    def _vector(self, text: str) -> list[float]:
        groups = (("coin", "bank", "dollar"), ("leaf", "plant", "tree"))
        numbers = [0.1, *(float(sum(text.count(word) for word in group)) for group in groups)]
        return [number / math.hypot(*numbers) for number in numbers]


@dataclass
class Library:
    """Everything around the documents of one student."""

    embedder: Embedder | None = None
    unit_of_work: UnitOfWorkFactory = field(default_factory=lambda: functools.partial(InMemoryUnitOfWork, Store()))
    objects: InMemoryObjects = field(default_factory=InMemoryObjects)
    extractor: PageExtractor = field(default_factory=PageExtractor)
    analyzer: WordAnalyzer = field(default_factory=WordAnalyzer)
    events: InMemoryEvents = field(default_factory=InMemoryEvents)
    now: datetime = NOW
    max_size: int = 1_000_000
    quota: StorageQuota = NO_QUOTA

    def __post_init__(self) -> None:
        self.owner = add_user(self.unit_of_work)

    def clock(self) -> datetime:
        return self.now

    @property
    def add(self) -> AddDocument:
        return AddDocument(
            unit_of_work=self.unit_of_work,
            objects=self.objects,
            extractor=self.extractor,
            new_id=uuid.uuid4,
            clock=self.clock,
            max_size=self.max_size,
            quota=self.quota,
        )

    @property
    def ingest(self) -> IngestDocument:
        return IngestDocument(
            unit_of_work=self.unit_of_work,
            objects=self.objects,
            extractor=self.extractor,
            analyzer=self.analyzer,
            events=self.events,
            clock=self.clock,
            embedder=self.embedder,
        )

    @property
    def embed(self) -> EmbedDocument:
        return EmbedDocument(unit_of_work=self.unit_of_work, clock=self.clock, embedder=self.embedder)

    @property
    def run_next(self) -> RunNextJob:
        handlers: dict[JobKind, JobHandler] = {
            JobKind.INGEST_DOCUMENT: self.ingest,
            JobKind.EMBED_DOCUMENT: self.embed,
        }
        return RunNextJob(unit_of_work=self.unit_of_work, clock=self.clock, handlers=handlers)

    @property
    def search(self) -> SearchPassages:
        return SearchPassages(
            unit_of_work=self.unit_of_work, analyzer=self.analyzer, wording=PLAIN, embedder=self.embedder
        )

    def upload(self, text: str | bytes, *, filename: str = "notes.txt", **options: Any) -> AddedDocument:
        content = text if isinstance(text, bytes) else text.encode()
        return self.add(owner=self.owner, filename=filename, content=io.BytesIO(content), **options)

    def document(self, added: AddedDocument) -> Document:
        with self.unit_of_work() as uow:
            return uow.documents.get(self.owner, added.document.id)

    def read(self, text: str, **options: Any) -> Document:
        """A document that was uploaded and read."""
        added = self.upload(text, **options)
        self.run_next(job_id=added.job_id)
        return self.document(added)

    def found(self, query: str, *, owner: UserId | None = None) -> list[str]:
        return [passage.text for passage in self.search(owner=owner or self.owner, query=query).passages]
