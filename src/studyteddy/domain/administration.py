"""What an administrator may see and change of other people's accounts, and what keeps a server from losing its last
administrator."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from studyteddy.domain.accounts import User, UserRole
from studyteddy.domain.errors import Conflict, Invalid, NotAllowed
from studyteddy.domain.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """What must all be true of an account; None lets everything through. ``email_prefix`` is in normal form."""

    email_prefix: str | None = None
    role: UserRole | None = None
    disabled: bool | None = None

    def matches(self, user: User) -> bool:
        return (
            (self.email_prefix is None or user.email.startswith(self.email_prefix))
            and (self.role is None or self.role in user.roles)
            and (self.disabled is None or user.disabled is self.disabled)
        )


ALL_USERS = UserFilter()


def administers(user: User) -> bool:
    """Whether the account can administer the server now."""
    return UserRole.ADMIN in user.roles and not user.disabled


def administered(
    user: User,
    *,
    roles: AbstractSet[UserRole] | None,
    disabled: bool | None,
    actor: UserId | None,
    admins: AbstractSet[UserId],
    now: datetime,
) -> User:
    """The account with other roles, disabled or enabled; None leaves as it is, and no change is the same account.

    ``admins`` are all who administer now, ``actor`` is the one who does this, None for an operator at the command line.
    Raises ``NotAllowed`` when the actor is no administrator (any more), ``Conflict`` (``own_account``) when they would
    shut themselves out, and ``Conflict`` (``last_admin``) when nobody would be left.
    """
    if actor is not None and actor not in admins:
        raise NotAllowed("This needs the role admin. Ask an administrator for it.")
    if roles is not None and not roles:
        raise Invalid.field("roles", "Give the account at least one role.")
    changed = replace(
        user,
        roles=user.roles if roles is None else frozenset(roles),
        disabled=user.disabled if disabled is None else disabled,
    )
    if changed == user:
        return user
    if user.id in admins and not administers(changed):
        if actor == user.id:
            raise Conflict("You can't take your own access away. Ask another administrator.", code="own_account")
        if len(admins) == 1:
            raise Conflict("This is the last administrator. Make another one first.", code="last_admin")
    return replace(changed, version=user.version + 1, updated_at=now)
