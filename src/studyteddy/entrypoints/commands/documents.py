"""``import documents``: files and folders, read at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studyteddy.entrypoints.commands.opening import account, finished, opened

if TYPE_CHECKING:
    from studyteddy.domain.accounts import User
    from studyteddy.domain.documents import Document
    from studyteddy.entrypoints.container import Container

ADVICE = {
    "encrypted": "it is protected by a password; save it without one",
    "no_text_layer": "it holds no text, perhaps pictures of pages; let a text recognition program (OCR) read it first",
    "unsupported_type": "files of this kind can't be read; save it as PDF",
    "type_mismatch": "its content is not what its name says; give it its true extension",
    "corrupt": "it is damaged; save or download it again",
    "too_large": "it holds too much; split it",
    "too_many_pages": "it has too many pages; split it",
    "expands_too_much": "it unpacks to more than any text book has; it may be malicious",
    "timeout": "reading it took too long; split it or import it again",
    "rate_limited": "there was too much to do at once; import it again later",
    "provider_unavailable": "the database or the store of files did not answer; import it again later",
}


def import_documents(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with all that can be read in them.")],
    user: Annotated[str, typer.Option(help="Address of the account that gets them.", metavar="EMAIL")],
    subject: Annotated[str | None, typer.Option(help="Subject to file them under.")] = None,
) -> None:
    """Add documents and wait until each is ready to be asked, or has failed; a line each."""
    failed = False
    with opened() as container:
        student = account(container, user)
        for path, named in _files(paths):
            line, well = _imported(container, student, path, subject, named=named)
            failed = failed or not well
            if line:
                typer.echo(line)
    if failed:
        raise typer.Exit(1)


def _files(paths: list[Path]) -> Iterator[tuple[Path, bool]]:
    """The files in order, and whether each was named itself rather than found in a folder. Hidden ones are left out."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for found in sorted(path.rglob("*")):
            if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts):
                yield found, False


def _imported(container: Container, student: User, path: Path, subject: str | None, *, named: bool) -> tuple[str, bool]:
    """What to say of a file, and whether all is well with it; nothing of a file in a folder that is no document."""
    from studyteddy.domain.errors import StudyTeddyError

    try:
        with path.open("rb") as content:
            added = container.add_document()(owner=student.id, filename=path.name, content=content, subject=subject)
        if added.existing and added.document.error is not None:
            added = container.reprocess_document()(owner=student.id, document_id=added.document.id)
        finished(container, student, added.job_id)
        document = container.get_document()(owner=student.id, document_id=added.document.id)
    except StudyTeddyError as fault:
        if fault.code == "unsupported_type" and not named:
            return "", True
        return f"failed  {path}: {fault.message}", False
    except OSError as fault:
        return f"failed  {path}: {fault.strerror or fault}", False
    return _told(path, document, known=added.existing)


def _told(path: Path, document: Document, *, known: bool) -> tuple[str, bool]:
    if document.error is not None:
        return f"failed  {path}: {ADVICE[document.error]} ({document.error})", False
    size = f"{_count(document.page_count or 0, 'part')}, {_count(document.chunk_count, 'passage')}"
    return f"ready   {path}: {size}, id {document.id}{' (was there already)' if known else ''}", True


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
