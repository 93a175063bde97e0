"""``reindex``: vectors of the present embedding model for every document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studyteddy.entrypoints.commands.opening import account, all_accounts, finished, opened

if TYPE_CHECKING:
    from studyteddy.domain.accounts import User
    from studyteddy.entrypoints.container import Container


def reindex(
    user: Annotated[str | None, typer.Option(help="Address of the account to do it for.", metavar="EMAIL")] = None,
    *,
    all_users: Annotated[
        bool, typer.Option("--all-users", help="Do it for all accounts, one after the other.")
    ] = False,
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="Drop the vectors of other models where the new ones are complete.")
    ] = False,
) -> None:
    """Embed the documents that lack vectors of EMBEDDING_MODEL, as after a change of it; a line each.

    Search works meanwhile, and a server that runs beside helps along. Stopped halfway, the next call goes on there.
    """
    if (user is None) is not all_users:
        raise typer.BadParameter("name one account by --user, or say --all-users")
    failed = dropped = 0
    with opened() as container:
        for student in all_accounts(container) if user is None else [account(container, user)]:
            failed += _reindexed(container, student)
            if forget_old:
                dropped += container.forget_old_vectors()(owner=student.id)
    if forget_old:
        typer.echo(f"Dropped {dropped} vectors of other models.")
    if failed:
        typer.echo(f"{failed} documents still lack vectors; search finds them by their words.", err=True)
        raise typer.Exit(1)
    typer.echo("All documents have their vectors.")


def _reindexed(container: Container, student: User) -> int:
    """Work through the documents of one account; tells how many could not be embedded."""
    from studyteddy.application.ports.jobs import JobStatus

    queued = container.reindex()(owner=student.id)
    failed = 0
    for number, one in enumerate(queued, start=1):
        job = finished(container, student, one.job_id)
        well = job.status is JobStatus.DONE
        failed += not well
        why = "" if well else f" ({job.error or job.status})"
        place = f"{number} of {len(queued)}"
        typer.echo(f"{'embedded' if well else 'failed  '}  {student.email}  {place}: {one.document.title}{why}")
    return failed
