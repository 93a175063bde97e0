"""``serve``, ``migrate`` and ``openapi``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from studyteddy.entrypoints.commands.opening import opened


def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on; PORT or 8000 by default.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")] = None,
) -> None:
    """Serve Study Teddy until Ctrl-C."""
    from studyteddy.entrypoints.serving import listen, serve_until_stopped
    from studyteddy.entrypoints.settings import load_settings
    from studyteddy.entrypoints.web_app import build_app

    settings = load_settings()
    chosen = {"port": settings.port if port is None else port, "host": host or settings.host}
    settings = settings.model_copy(update=chosen)
    with opened(settings, quiet=False) as container:
        web = build_app(container)
        http = listen(web, settings.host, settings.port)
        if settings.database_url is None:  # nobody else works on a database of our own
            container.release_abandoned_jobs()()
        runner = container.runner()
        runner.start()
        address = f"http://{settings.host}:{http.server_port}"
        docs = f"{address}/{settings.api_prefix.strip('/')}/docs"
        serve_until_stopped(http, ready=lambda: _tell(address, docs))
        typer.echo("Stopping ...")
        runner.stop()


def _tell(address: str, docs: str) -> None:
    """The address, in a way that stands out among the log lines of a terminal."""
    typer.secho(f"Study Teddy is at {address}  (Ctrl-C stops it)", bold=True, fg=typer.colors.GREEN)
    typer.echo(f"The API is described at {docs}")


def migrate() -> None:
    """Bring the database to the newest schema."""
    from studyteddy.adapters.postgres.migrate import current_revision

    with opened() as container:
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
