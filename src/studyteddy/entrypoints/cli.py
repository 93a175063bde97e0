"""The ``studyteddy`` program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Settings

EXIT_FAULT = 1
EXIT_SETTINGS = 2

app = typer.Typer(
    name="studyteddy",
    help="Plan, read, ask, make cards, review.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
users = typer.Typer(help="Accounts on this Study Teddy.", no_args_is_help=True)
app.add_typer(users, name="user")


def main() -> None:
    """Run the program; an expected fault is one line on standard error and an exit code."""
    from studyteddy.domain.errors import StudyTeddyError
    from studyteddy.entrypoints.faults import PortInUse, SettingsFault

    try:
        app()
    except SettingsFault as error:
        _complain("The settings are wrong:", *error.faults)
        sys.exit(EXIT_SETTINGS)
    except PortInUse as error:
        _complain(str(error))
        sys.exit(EXIT_FAULT)
    except StudyTeddyError as error:
        _complain(error.message)
        sys.exit(EXIT_FAULT)
    except OSError as error:
        _complain(f"{error.filename or 'The system'}: {error.strerror or error}")
        sys.exit(EXIT_FAULT)


def _complain(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


@contextmanager
def _opened(settings: Settings | None = None) -> Iterator[Container]:
    """A container with its database open, closed again whatever happens."""
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.logging import configure_logging
    from studyteddy.entrypoints.settings import load_settings

    settings = settings or load_settings()
    configure_logging(settings.log_level)
    container = Container(settings=settings)
    try:
        container.init_resources()
        yield container
    finally:
        container.shutdown_resources()


@app.command()
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
    with _opened(settings) as container:
        web = build_app(container)
        server = listen(web, settings.host, settings.port)
        container.release_abandoned_jobs()()
        runner = container.runner()
        runner.start()
        address = f"http://{settings.host}:{server.server_port}"
        serve_until_stopped(server, ready=lambda: typer.echo(f"Study Teddy is at {address}  (Ctrl-C stops it)"))
        typer.echo("Stopping ...")
        runner.stop()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from studyteddy.adapters.postgres.migrate import current_revision

    with _opened() as container:
        typer.echo(f"The database is at revision {current_revision(container.engine())}.")


@app.command()
def openapi() -> None:
    """Print the OpenAPI description of the HTTP API."""
    import json

    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import load_settings
    from studyteddy.entrypoints.web_app import describe

    typer.echo(json.dumps(describe(Container(settings=load_settings())), indent=2, ensure_ascii=False))


@users.command("add")
def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="Name to show.")] = "",
    time_zone: Annotated[str, typer.Option(help="IANA name, for example Europe/Berlin.")] = "UTC",
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for when left out.")
    ] = "",
) -> None:
    """Make an account."""
    with _opened() as container:
        add = container.add_user()
        user = add(
            email=email, password=password, display_name=name or email.split("@", maxsplit=1)[0], time_zone=time_zone
        )
        typer.echo(f"Made the account {user.email} ({user.id}).")
