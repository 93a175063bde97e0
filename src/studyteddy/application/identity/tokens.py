"""What the token of a letter opens."""

from __future__ import annotations

from datetime import datetime

from studyteddy.application.ports.unit_of_work import UnitOfWork
from studyteddy.domain.accounts import User
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose, link_unknown, token_hash


def opened(uow: UnitOfWork, purpose: TokenPurpose, token: str, now: datetime) -> tuple[OneUseToken, User]:
    """The token as used now, still to be spent, and whose it is.

    ``NotAuthenticated``: ``link_invalid`` for a token that is not known, ``link_used`` and ``link_expired``. A letter
    to an address that is no longer the account's proves nothing.
    """
    found = uow.one_use_tokens.find(purpose, token_hash(token))
    if found is None:
        raise link_unknown()
    used, user = found.used(now), uow.users.get(found.user_id)
    if user.email != found.email:
        raise link_unknown()
    return used, user
