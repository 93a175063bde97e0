"""``export`` and ``import account``: one person's data, out of an account and into one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studyteddy.entrypoints.commands.opening import account, opened

if TYPE_CHECKING:
    from studyteddy.application.ports.account_archives import Contents

Email = Annotated[str, typer.Argument(help="Address of the account.", metavar="EMAIL")]


def export(email: Email, file: Annotated[Path, typer.Argument(help="The zip file to write.", metavar="FILE")]) -> None:
    """Write everything that somebody has to one file: documents, tasks, cards, the review log, conversations."""
    part = file.with_name(f"{file.name}.part")
    with opened() as container:
        student = account(container, email)
        pieces = container.export_account()(owner=student.id)
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as written:
                for piece in pieces:
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
            with part.open("rb") as content, container.account_archives().reading(content) as archive:
                archive.check()
                contents = archive.contents
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _tell(f"{file} is written and checked", contents)


def import_account(
    email: Email, file: Annotated[Path, typer.Argument(help="A file that an export wrote.", metavar="FILE")]
) -> None:
    """Bring such a file into an account that is empty. Its documents are read again by the server or its workers."""
    from studyteddy.application.portability.importing import ImportIds
    from studyteddy.domain.ids import JobId

    with opened() as container, file.open("rb") as content:
        student = account(container, email)
        ids = ImportIds(JobId(container.new_id()()))
        contents = container.take_in()(owner=student.id, content=content, ids=ids, beat=lambda _: True)
        if contents is not None:
            _tell(f"{file} is in the account {student.email}", contents)


def _tell(what: str, contents: Contents) -> None:
    counts = ", ".join(f"{count} {kind.replace('_', ' ')}s" for kind, count in contents.counts.items() if count)
    typer.echo(f"{what}: {counts or 'nothing'}. Content {contents.digest}")
    if contents.lacking:
        typer.echo(f"Documents whose files were gone: {len(contents.lacking)}", err=True)
