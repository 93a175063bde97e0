from __future__ import annotations

from itertools import chain, combinations

import pytest

from studyteddy.domain.accounts import UserRole
from studyteddy.domain.errors import NotAllowed
from studyteddy.domain.permissions import Capability, Scope, require

STUDENT, TEACHER, ADMIN = UserRole.STUDENT, UserRole.TEACHER, UserRole.ADMIN
EVERY_SET_OF_ROLES = [
    frozenset(some) for some in chain.from_iterable(combinations(UserRole, size) for size in range(len(UserRole) + 1))
]


def refusal(
    capability: Capability, roles: frozenset[UserRole], scopes: frozenset[Scope] | None = None, *, changes: bool = True
) -> str | None:
    try:
        require(capability, roles=roles, scopes=scopes, changes=changes)
    except NotAllowed as error:
        return error.code
    return None


@pytest.mark.parametrize("roles", EVERY_SET_OF_ROLES)
def test_what_each_role_may_do_when_it_is_logged_in(roles: frozenset[UserRole]) -> None:
    may = {
        Capability.STUDY: bool(roles),
        Capability.OWN_ACCOUNT: bool(roles),
        Capability.PUBLISH_DECKS: TEACHER in roles or ADMIN in roles,
        Capability.ADMINISTER: ADMIN in roles,
    }
    assert {one: refusal(one, roles) is None for one in Capability} == may


@pytest.mark.parametrize("capability", [Capability.OWN_ACCOUNT, Capability.ADMINISTER])
@pytest.mark.parametrize("changes", [True, False])
def test_no_api_token_manages_accounts(capability: Capability, changes: bool) -> None:
    assert refusal(capability, frozenset(UserRole), frozenset(Scope), changes=changes) == "needs_log_in"


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [((), False, False), ((Scope.READ,), True, False), ((Scope.WRITE,), True, True), (tuple(Scope), True, True)],
)
def test_scopes_decide_whether_a_token_may_read_and_write(scopes: tuple[Scope, ...], reads: bool, writes: bool) -> None:
    for changes, may in ((False, reads), (True, writes)):
        code = refusal(Capability.STUDY, frozenset({STUDENT}), frozenset(scopes), changes=changes)
        assert code == (None if may else "scope_missing")


def test_a_token_is_worth_no_more_than_the_roles_of_its_owner() -> None:
    assert refusal(Capability.PUBLISH_DECKS, frozenset({STUDENT}), frozenset(Scope)) == "not_allowed"
    assert refusal(Capability.PUBLISH_DECKS, frozenset({TEACHER}), frozenset(Scope)) is None
