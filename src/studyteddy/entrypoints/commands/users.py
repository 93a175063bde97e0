"""``user add``, ``user list`` and ``user set-password``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from studyteddy.entrypoints.commands.opening import opened

if TYPE_CHECKING:
    from studyteddy.domain.accounts import User
    from studyteddy.entrypoints.container import Container

Password = Annotated[
    str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for when left out.")
]


def add(
    email: str,
    name: Annotated[str, typer.Option(help="Name to show.")] = "",
    time_zone: Annotated[str, typer.Option(help="IANA name, for example Europe/Berlin.")] = "UTC",
    password: Password = "",
) -> None:
    """Make an account."""
    with opened() as container:
        display_name = name or email.partition("@")[0]
        user = container.add_user()(email=email, password=password, display_name=display_name, time_zone=time_zone)
        typer.echo(f"Made the account {user.email} ({user.id}).")


def list_all() -> None:
    """List all accounts by address: id, address, name, roles, and whether it is disabled."""
    with opened() as container:
        for user in _all(container):
            roles = "+".join(sorted(user.roles)) + (" disabled" if user.disabled else "")
            typer.echo(f"{user.id}  {user.email}  {user.display_name}  {roles}")


def _all(container: Container) -> Iterator[User]:
    from studyteddy.domain.paging import MAX_LIMIT, PageRequest

    request: PageRequest | None = PageRequest(limit=MAX_LIMIT)
    while request is not None:
        page = container.list_users()(request=request)
        yield from page.items
        request = PageRequest(limit=MAX_LIMIT, after=page.next) if page.next else None


def set_password(email: str, password: Password = "") -> None:
    """Give an account a new password and log it out everywhere."""
    with opened() as container:
        user = container.set_password()(email=email, password=password)
        typer.echo(f"The account {user.email} has a new password and is logged out everywhere.")
