"""``user add``, ``user list``, ``user set-password``, ``user set-roles``, ``user disable`` and ``user enable``."""

from __future__ import annotations

from typing import Annotated

import typer

from studyteddy.domain.accounts import UserRole
from studyteddy.entrypoints.commands.opening import all_accounts, opened

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
        for user in all_accounts(container):
            roles = "+".join(sorted(user.roles)) + (" disabled" if user.disabled else "")
            typer.echo(f"{user.id}  {user.email}  {user.display_name}  {roles}")


def set_password(email: str, password: Password = "") -> None:
    """Give an account a new password and log it out everywhere."""
    with opened() as container:
        user = container.set_password()(email=email, password=password)
        typer.echo(f"The account {user.email} has a new password and is logged out everywhere.")


def set_roles(
    email: str, roles: Annotated[list[UserRole], typer.Argument(help="All that the account should have.")]
) -> None:
    """Give an account other roles: student, teacher, admin. This is how a server gets its first administrator."""
    with opened() as container:
        user = container.find_user()(email=email)
        changed = container.administer_user()(user_id=user.id, roles=frozenset(roles))
        typer.echo(f"The account {changed.email} is now: {', '.join(sorted(changed.roles))}.")


def disable(email: str) -> None:
    """Shut an account at once and log it out everywhere; its data stay."""
    _set_disabled(email, disabled=True)


def enable(email: str) -> None:
    """Open an account that was disabled."""
    _set_disabled(email, disabled=False)


def _set_disabled(email: str, *, disabled: bool) -> None:
    with opened() as container:
        user = container.find_user()(email=email)
        changed = container.administer_user()(user_id=user.id, disabled=disabled)
        typer.echo(f"The account {changed.email} is {'disabled' if changed.disabled else 'enabled'}.")
