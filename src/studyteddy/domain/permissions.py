"""Who may do what: the one place that decides it. Routes state a capability; nothing else compares roles or scopes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum

from studyteddy.domain.accounts import UserRole
from studyteddy.domain.errors import NotAllowed


class Scope(StrEnum):
    """What an API token is good for. ``write`` implies ``read``."""

    READ = "read"
    WRITE = "write"


class Capability(StrEnum):
    """What a group of routes is for. Whose data they touch is another question: always the caller's own."""

    STUDY = "study"
    OWN_ACCOUNT = "own_account"
    PUBLISH_DECKS = "publish_decks"
    ADMINISTER = "administer"


EVERYBODY = frozenset(UserRole)
_ROLES = {
    Capability.STUDY: EVERYBODY,
    Capability.OWN_ACCOUNT: EVERYBODY,
    Capability.PUBLISH_DECKS: frozenset({UserRole.TEACHER, UserRole.ADMIN}),
    Capability.ADMINISTER: frozenset({UserRole.ADMIN}),
}
# A script that is broken into must not be able to lock its owner out or to make itself at home.
_OPEN_TO_SCRIPTS = frozenset({Capability.STUDY, Capability.PUBLISH_DECKS})


def roles_for(capability: Capability) -> frozenset[UserRole]:
    """The roles of which one is needed."""
    return _ROLES[capability]


def require(
    capability: Capability, *, roles: AbstractSet[UserRole], scopes: AbstractSet[Scope] | None, changes: bool
) -> None:
    """Raise ``NotAllowed`` unless somebody may do this now.

    ``scopes`` are those of the API token that the request came with, None for a log-in; ``changes`` tells whether the
    request may change anything. Codes: ``needs_log_in``, ``scope_missing``, ``not_allowed``.
    """
    if scopes is not None:
        _require_scope(capability, scopes, changes)
    if not roles & _ROLES[capability]:
        needed = " or ".join(sorted(_ROLES[capability]))
        raise NotAllowed(f"This needs the role {needed}. Ask an administrator for it.")


def _require_scope(capability: Capability, scopes: AbstractSet[Scope], changes: bool) -> None:
    if capability not in _OPEN_TO_SCRIPTS:
        raise NotAllowed("An API token can't do this. Log in and use the access token.", code="needs_log_in")
    if Scope.WRITE not in scopes and (changes or Scope.READ not in scopes):
        needed = Scope.WRITE if changes else Scope.READ
        raise NotAllowed(f"This needs an API token with the scope {needed}. Make another one.", code="scope_missing")
