"""``ask``: the whole loop in this process, on the same database as the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from studyteddy.entrypoints.commands.opening import account, finished, opened

if TYPE_CHECKING:
    from studyteddy.domain.accounts import User
    from studyteddy.domain.ids import DocumentId
    from studyteddy.domain.tutor.messages import Citation, Message
    from studyteddy.entrypoints.container import Container


def ask(
    question: str,
    user: Annotated[str, typer.Option(help="Address of the account whose documents are asked.", metavar="EMAIL")],
    document: Annotated[
        list[UUID] | None, typer.Option(help="Ask this document alone; may be given several times.", metavar="ID")
    ] = None,
) -> None:
    """Ask a question of somebody's documents and print the answer with its citations."""
    with opened() as container:
        answer = _answer(container, account(container, user), question, document or [])
    typer.echo(answer.content)
    if answer.citations:
        typer.echo()
    for citation in answer.citations:
        typer.echo(_line(citation))
    if answer.problem is not None:
        typer.echo(f"The answer could not be finished ({answer.problem}). Ask again later.", err=True)
        raise typer.Exit(1)


def _answer(container: Container, student: User, question: str, documents: list[UUID]) -> Message:
    scope: frozenset[DocumentId] = frozenset(map(_document_id, documents))
    asked = container.ask_tutor()(owner=student.id, question=question, document_ids=scope)
    try:
        finished(container, student, asked.job_id)
    except KeyboardInterrupt:
        container.cancel_answer()(owner=student.id, message_id=asked.answer.id)
        raise
    return container.wait_for_answer()(owner=student.id, message_id=asked.answer.id, seconds=0)


def _document_id(value: UUID) -> DocumentId:
    from studyteddy.domain.ids import DocumentId

    return DocumentId(value)


def _line(citation: Citation) -> str:
    """Number, file, place, and the words there."""
    place = f"{citation.locator.unit} {citation.locator.number}"
    label = f" ({citation.locator.label})" if citation.locator.label else ""
    return f'[{citation.number}] {citation.filename}, {place}{label}: "{citation.quote}"'
