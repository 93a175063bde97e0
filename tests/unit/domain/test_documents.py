from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.documents import (
    MAX_FILENAME,
    Document,
    DocumentFilter,
    DocumentStatus,
    FailureReason,
    Locator,
    LocatorUnit,
    MediaType,
    clean_filename,
    title_of,
)
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import DocumentId, UserId

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def _document(filename: str = "week_3.pdf", title: str | None = None, subject: str | None = None) -> Document:
    return Document.create(
        id=DocumentId(UUID(int=7)),
        owner=UserId(UUID(int=1)),
        filename=filename,
        media_type=MediaType.PDF,
        size=10,
        sha256="ab" * 32,
        title=title,
        subject=subject,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("notes.pdf", "notes.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\my notes.pdf", "my notes.pdf"),
        ("folder/", "document"),
        ("a\0b\x07\x1b.pdf", "ab.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("two\nlines\r.pdf", "twolines.pdf"),
        ("half\ud83d.pdf", "half.pdf"),
        ("CON", "CON"),
        ("👩‍🔬 Größe.pdf", "👩‍🔬 Größe.pdf"),
        ("u\u0308ber.pdf", "über.pdf"),
        ("  spaced.pdf  ", "spaced.pdf"),
        ("", "document"),
        ("...", "document"),
        (".bashrc", ".bashrc"),
        ("x" * 4_096 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 4_096, "x" * 255),
        ("x." + "y" * 4_096, "x." + "y" * 253),
    ],
)
def test_a_file_name_is_shown_without_what_could_harm(name: str, shown: str) -> None:
    assert clean_filename(name) == shown


@given(st.text(alphabet=st.characters(), max_size=600))
def test_any_name_makes_a_document(name: str) -> None:
    cleaned = clean_filename(name)
    assert 1 <= len(cleaned) <= MAX_FILENAME
    assert not {"/", "\\", "\0", "\n", "\u202e"} & set(cleaned)
    assert clean_filename(cleaned) == cleaned
    cleaned.encode()
    document = _document(name)
    assert document.filename == cleaned
    assert document.title


@pytest.mark.parametrize(
    ("name", "title"),
    [("week_3.pdf", "week 3"), ("a.b.pdf", "a.b"), ("README", "README"), (".pdf", ".pdf"), ("_.pdf", "_.pdf")],
)
def test_a_title_is_made_of_the_file_name(name: str, title: str) -> None:
    assert title_of(name) == title


def test_a_new_document_waits_to_be_read() -> None:
    document = _document(subject="  ")
    assert (document.status, document.progress, document.subject, document.version) == (
        DocumentStatus.QUEUED, 0, None, 1,
    )  # fmt: skip
    assert document.storage_key == f"{document.owner}/{document.sha256}-{document.id}"


def test_what_is_not_a_document_cannot_be_built() -> None:
    document = _document()
    for field, value in (
        ("title", ""),
        ("title", " x"),
        ("title", "x" * 256),
        ("title", "nul\0"),
        ("filename", ""),
        ("subject", ""),
        ("subject", "x" * 101),
        ("progress", 101),
        ("progress", -1),
        ("status", DocumentStatus.FAILED),
        ("error", FailureReason.CORRUPT),
    ):
        with pytest.raises(Invalid):
            replace(document, **{field: value})


def test_a_document_goes_from_queued_to_ready() -> None:
    started = _document().started(LATER)
    assert (started.status, started.version, started.updated_at) == (DocumentStatus.PROCESSING, 2, LATER)
    ready = started.finished(page_count=3, chunk_count=9, summary="S.", key_concepts=("cell",), now=LATER)
    assert (ready.status, ready.progress, ready.page_count, ready.chunk_count) == (DocumentStatus.READY, 100, 3, 9)


def test_a_document_that_failed_can_be_read_again() -> None:
    failed = _document().started(NOW).failed(FailureReason.ENCRYPTED, NOW)
    assert failed.error is FailureReason.ENCRYPTED
    again = failed.queued(LATER)
    assert (again.status, again.error, again.progress) == (DocumentStatus.QUEUED, None, 0)


@pytest.mark.parametrize("waiting", [_document(), _document().started(NOW)])
def test_a_document_under_work_is_not_queued_again(waiting: Document) -> None:
    with pytest.raises(Conflict) as refused:
        waiting.queued(LATER)
    assert refused.value.code == "in_progress"


@pytest.mark.parametrize(
    ("given_title", "stated", "title"),
    [
        (None, "The Book", "The Book"),
        (None, None, "week 3"),
        (None, "  ", "week 3"),
        (None, "x" * 300, "x" * 255),
        ("Mine", "The Book", "Mine"),
    ],
)
def test_the_files_own_title_counts_unless_its_owner_gave_one(
    given_title: str | None, stated: str | None, title: str
) -> None:
    ready = _document(title=given_title).finished(
        page_count=1, chunk_count=1, summary=None, key_concepts=(), now=NOW, own_title=stated
    )
    assert ready.title == title


def test_a_filter_is_checked() -> None:
    with pytest.raises(Invalid):
        DocumentFilter(text="x" * 256)
    with pytest.raises(Invalid):
        DocumentFilter(subject="nul\0")


def test_a_locator_runs_forward_from_one() -> None:
    for number, start, end in ((0, 0, 1), (1, 2, 1), (1, -1, 1)):
        with pytest.raises(Invalid):
            Locator(unit=LocatorUnit.PAGE, number=number, label=None, char_start=start, char_end=end)


def test_no_two_documents_share_a_place_for_their_bytes() -> None:
    one = _document()
    assert one.storage_key != replace(one, id=DocumentId(uuid4())).storage_key
    assert one.storage_key != replace(one, owner=UserId(uuid4())).storage_key
