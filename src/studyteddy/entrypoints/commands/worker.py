"""``worker``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from studyteddy.entrypoints.settings import Settings


class Role(StrEnum):
    ALL = "all"
    INGEST = "ingest"
    TUTOR = "tutor"
    DEFAULT = "default"
    BEAT = "beat"


TUTOR_THREADS = 8
DEFAULT_THREADS = 4


def worker(
    role: Annotated[
        Role, typer.Argument(help="What to work for: reading documents, the tutor, the rest, the clock, or all of it.")
    ] = Role.ALL,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes of ingest, or threads of tutor or default.")
    ] = None,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Do the jobs of the production profile until SIGTERM or Ctrl-C; what is under way is finished first."""
    from studyteddy.entrypoints.faults import SettingsFault
    from studyteddy.entrypoints.logging import configure_logging
    from studyteddy.entrypoints.settings import Profile, load_settings

    settings = load_settings()
    if settings.profile is not Profile.PRODUCTION:
        raise SettingsFault(["STUDYTEDDY_PROFILE: workers belong to production; the embedded server does its own jobs"])
    if concurrency is not None and role in (Role.ALL, Role.BEAT):
        raise typer.BadParameter("It goes with ingest, tutor or default.", param_hint="--concurrency")
    configure_logging(settings.log_level)
    if parent is not None:
        from studyteddy.entrypoints.worker.supervisor import end_with

        end_with(parent)
    else:
        from studyteddy.entrypoints.worker.metrics_server import tell_metrics

        tell_metrics(settings)
    code = _run(settings, role, concurrency)
    if code:
        raise typer.Exit(code)


def _run(settings: Settings, role: Role, concurrency: int | None) -> int:
    if role is Role.ALL:
        from studyteddy.entrypoints.worker.supervisor import supervise

        _check(settings)
        return supervise([part.value for part in Role if part is not Role.ALL])
    if role is Role.BEAT:
        from studyteddy.entrypoints.worker.beat import run_beat

        return run_beat(settings)
    from studyteddy.adapters.celery_jobs.app import QueueName
    from studyteddy.entrypoints.worker.celery_app import run_worker

    _check(settings)
    usual = {Role.INGEST: settings.workers, Role.TUTOR: TUTOR_THREADS, Role.DEFAULT: DEFAULT_THREADS}
    return run_worker(settings, QueueName(role.value), concurrency or usual[role])


def _check(settings: Settings) -> None:
    """Refuse to start where work would get lost, as on a Redis that may evict it."""
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.start_checks import check_start

    container = Container(settings=settings)
    try:
        container.init_resources()
        check_start(container)
    finally:
        container.shutdown_resources()
