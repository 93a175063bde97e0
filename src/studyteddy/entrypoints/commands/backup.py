"""``backup`` and ``restore``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studyteddy.entrypoints.commands.opening import unopened

if TYPE_CHECKING:
    from studyteddy.application.ports.backups import Manifest
    from studyteddy.entrypoints.container import Container

File = Annotated[Path, typer.Argument(help="The backup, one file.", metavar="FILE")]


def backup(
    file: File,
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Write nothing; check a backup that is there.")] = False,
) -> None:
    """Write everything to one file: accounts and all their data, documents, keys. It may run while people work."""
    if verify:
        with unopened() as container:
            _tell("is whole", file, container.verify_backup()(path=file))
        return
    with _reachable() as container:
        _tell("is written and checked", file, container.back_up()(path=file))


def restore(
    file: File,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Wipe what is there; says what that is.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Really wipe it.")] = False,
    end_logins: Annotated[bool, typer.Option("--end-logins", help="Log everybody out.")] = False,
) -> None:
    """Make a Study Teddy from a backup, in an empty place. Stop the server there first."""
    with _reachable() as container:
        manifest = container.restore()(path=file, replace=replace, sure=yes, end_logins=end_logins)
        _tell("is restored", file, manifest)


@contextmanager
def _reachable() -> Iterator[Container]:
    """A container whose database answers, at whatever revision its schema is."""
    from studyteddy.entrypoints.start_checks import database_named

    with unopened() as container:
        with database_named(container), container.direct_engine().connect():
            pass
        yield container


def _tell(what: str, file: Path, manifest: Manifest) -> None:
    held = f"{manifest.rows} rows, files: {manifest.objects} ({manifest.object_bytes / 1e6:.1f} MB)"
    typer.echo(f"{file} {what}: {held}, as of {manifest.created_at:%Y-%m-%d %H:%M} UTC.")
    if manifest.lacking:
        typer.echo("Files that were gone when their turn came:", err=True)
    for key in manifest.lacking:
        typer.echo(f"  {key}", err=True)
