"""``serve``, ``migrate`` and ``openapi``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studyteddy.entrypoints.commands.opening import opened
from studyteddy.entrypoints.greenlets import cooperative

if TYPE_CHECKING:
    from studyteddy.entrypoints.settings import Settings


def serve(
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; PORT or 8000 by default, with --sockets the next one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")] = None,
    *,
    sockets: Annotated[
        bool, typer.Option("--sockets", help="Serve sockets and event streams; for the production profile.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes; STUDYTEDDY_WEB_PROCESSES by default, with --sockets one.")
    ] = None,
) -> None:
    """Serve Study Teddy until Ctrl-C."""
    from studyteddy.entrypoints.settings import Profile, load_settings

    settings = load_settings()
    chosen = {"port": settings.port + int(sockets) if port is None else port, "host": host or settings.host}
    settings = settings.model_copy(update=chosen)
    if settings.profile is Profile.PRODUCTION:
        _serve_many(settings, sockets=sockets, processes=processes)
    else:
        _serve_few(settings)


def _serve_few(settings: Settings) -> None:
    """All of it from this process."""
    from studyteddy.entrypoints.serving import listen, serve_until_stopped
    from studyteddy.entrypoints.start_checks import tell_of_missing_vectors
    from studyteddy.entrypoints.web_app import build_app

    with opened(settings, quiet=False) as container:
        tell_of_missing_vectors(container)
        web = build_app(container)
        http = listen(web, settings.host, settings.port)
        if settings.database_url is None:  # nobody else works on a database of our own
            container.release_abandoned_jobs()()
        runner, clockwork = container.runner(), container.clockwork()
        runner.start()
        clockwork.start()
        serve_until_stopped(http, ready=lambda: _tell(settings, http.server_port))
        typer.echo("Stopping ...")
        clockwork.stop()
        runner.stop()


def _serve_many(settings: Settings, *, sockets: bool, processes: int | None) -> None:
    """By processes of gunicorn. Those for sockets have their threads replaced before anything else is loaded."""
    if sockets and not cooperative():
        anew = [sys.executable, "-m", "gevent.monkey", "--module", "studyteddy", *sys.argv[1:]]
        os.execv(anew[0], anew)  # noqa: S606 - the same program again
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.gunicorn_server import GunicornServer, Service, bound, share_counts
    from studyteddy.entrypoints.logging import configure_logging
    from studyteddy.entrypoints.start_checks import check_start
    from studyteddy.entrypoints.telemetry import require_packages

    configure_logging(settings.log_level)
    require_packages(settings)
    service = Service(sockets=sockets, processes=processes or (1 if sockets else settings.web_processes))
    counts = share_counts(service)
    container = Container(settings=settings)
    try:
        check_start(container)
    finally:
        container.shutdown_resources()
    listener = bound(settings.host, settings.port)
    taken = listener.getsockname()[1]
    GunicornServer(settings, service, listener, counts, ready=lambda: _tell(settings, taken)).run()


def _tell(settings: Settings, port: int) -> None:
    """The address, in a way that stands out among the log lines of a terminal."""
    address = f"http://{settings.host}:{port}"
    docs = f"{address}/{settings.api_prefix.strip('/')}/docs"
    typer.secho(f"Study Teddy is at {address}  (Ctrl-C stops it)", bold=True, fg=typer.colors.GREEN)
    typer.echo(f"The API is described at {docs}")


def migrate() -> None:
    """Bring the database to the newest schema."""
    from studyteddy.adapters.postgres.migrate import current_revision
    from studyteddy.entrypoints.engines import bring_up_to_date
    from studyteddy.entrypoints.start_checks import database_named

    with opened(migrated=False) as container, database_named(container):
        bring_up_to_date(container.settings(), container.engine())
        typer.echo(f"The database is at revision {current_revision(container.engine())}.")


def openapi(
    *,
    socket: Annotated[bool, typer.Option("--socket", help="Print the JSON schema of the socket's frames.")] = False,
) -> None:
    """Print the OpenAPI description of the HTTP API."""
    import json

    typer.echo(json.dumps(_socket_frames() if socket else _http(), indent=2, ensure_ascii=False))


def _socket_frames() -> dict[str, Any]:
    from studyteddy.entrypoints.http.socket_frames import protocol_schema

    return protocol_schema()


def _http() -> dict[str, Any]:
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import load_settings
    from studyteddy.entrypoints.web_app import describe

    return describe(Container(settings=load_settings()))
