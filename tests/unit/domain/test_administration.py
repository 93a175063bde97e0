from __future__ import annotations

import pytest

from studyteddy.domain.accounts import User, UserRole
from studyteddy.domain.administration import administered
from studyteddy.domain.errors import Conflict, Invalid, NotAllowed
from studyteddy.domain.ids import UserId
from studyteddy.testing.accounts import NOW, a_user

ADMIN = frozenset({UserRole.ADMIN})
STUDENT = frozenset({UserRole.STUDENT})


def change(
    user: User,
    *,
    by: User | None,
    admins: tuple[User, ...],
    roles: frozenset[UserRole] | None = None,
    disabled: bool | None = None,
) -> User:
    ids: frozenset[UserId] = frozenset(one.id for one in admins)
    actor = by.id if by is not None else None
    return administered(user, roles=roles, disabled=disabled, actor=actor, admins=ids, now=NOW)


def test_an_administrator_sets_roles_and_disables() -> None:
    root, ada = a_user(roles=ADMIN), a_user()
    changed = change(ada, by=root, admins=(root,), roles=ADMIN | STUDENT, disabled=True)
    assert (changed.roles, changed.disabled, changed.version) == (ADMIN | STUDENT, True, 2)
    assert change(ada, by=root, admins=(root,), roles=ada.roles, disabled=False) is ada


@pytest.mark.parametrize("change_of", [{"roles": STUDENT}, {"disabled": True}])
def test_nobody_shuts_themselves_or_everybody_out(change_of: dict[str, object]) -> None:
    root, other = a_user(roles=ADMIN), a_user(roles=ADMIN)
    with pytest.raises(Conflict) as refused:
        change(root, by=root, admins=(root, other), **change_of)  # type: ignore[arg-type]
    assert refused.value.code == "own_account"
    with pytest.raises(Conflict) as refused:
        change(root, by=None, admins=(root,), **change_of)  # type: ignore[arg-type]
    assert refused.value.code == "last_admin"
    assert change(root, by=other, admins=(root, other), **change_of).version == 2  # type: ignore[arg-type]


def test_who_was_an_administrator_a_moment_ago_changes_nothing() -> None:
    root, former = a_user(roles=ADMIN), a_user()
    with pytest.raises(NotAllowed):
        change(root, by=former, admins=(root,), disabled=True)


def test_an_account_has_a_role() -> None:
    root, ada = a_user(roles=ADMIN), a_user()
    with pytest.raises(Invalid):
        change(ada, by=root, admins=(root,), roles=frozenset())


def test_a_disabled_administrator_is_no_longer_counted_and_can_be_changed() -> None:
    root, gone = a_user(roles=ADMIN), a_user(roles=ADMIN, disabled=True)
    assert change(gone, by=root, admins=(root,), roles=STUDENT).roles == STUDENT
