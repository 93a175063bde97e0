"""What every store of API tokens has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import ApiTokenId, UserId
from studyteddy.domain.permissions import Scope
from studyteddy.testing.accounts import NOW, a_user, add_user, at_once, commit


def an_api_token(owner: UserId, **fields: Any) -> ApiToken:
    """A token that may read, and never expires."""
    made = ApiToken.create(
        id=ApiTokenId(uuid4()),
        owner=owner,
        name="a script",
        scopes=frozenset({Scope.READ}),
        token_hash=uuid4().hex * 2,
        now=NOW,
    )
    return replace(made, **fields)


class ApiTokensContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_a_token_comes_back_with_whose_it_is(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada = a_user(display_name="Ada", version=3)
        commit(unit_of_work, lambda uow: uow.users.add(ada))
        plain = an_api_token(ada.id)
        full = an_api_token(
            ada.id,
            name="Größe 🧸",
            scopes=frozenset(Scope),
            expires_at=NOW + timedelta(days=1),
            last_used_at=NOW + timedelta(minutes=1),
        )
        for token in (plain, full):
            commit(unit_of_work, lambda uow, token=token: uow.api_tokens.add(token))  # type: ignore[misc]
            with unit_of_work() as uow:
                assert uow.api_tokens.by_hash(token.token_hash) == (token, ada)
                assert uow.api_tokens.with_user(token.id) == (token, ada)

    def test_of_many_who_ask_and_add_at_once_nobody_misses_another(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner = add_user(unit_of_work)

        def make(_: int) -> int:
            with unit_of_work() as uow:
                seen = len(uow.api_tokens.of(owner, held=True))
                uow.api_tokens.add(an_api_token(owner))
                uow.commit()
            return seen

        assert sorted(map(str, at_once(8, make))) == sorted(map(str, range(8)))

    def test_an_unknown_token_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as uow:
            for ask in (
                lambda: uow.api_tokens.by_hash("0" * 64),
                lambda: uow.api_tokens.with_user(ApiTokenId(uuid4())),
                lambda: uow.api_tokens.delete(UserId(uuid4()), ApiTokenId(uuid4())),
            ):
                with pytest.raises(NotFound):
                    ask()
            uow.api_tokens.note_use(ApiTokenId(uuid4()), NOW)

    def test_tokens_are_the_owners_own_newest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, other = add_user(unit_of_work), add_user(unit_of_work)
        old = an_api_token(owner, expires_at=NOW + timedelta(seconds=1))
        new = an_api_token(owner, created_at=NOW + timedelta(minutes=1))
        for token in (old, new, an_api_token(other)):
            commit(unit_of_work, lambda uow, token=token: uow.api_tokens.add(token))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert list(uow.api_tokens.of(owner)) == [new, old]

    def test_the_last_use_only_moves_forward(self, unit_of_work: UnitOfWorkFactory) -> None:
        token = an_api_token(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.api_tokens.add(token))
        for minutes in (1, 3, 2):
            at = NOW + timedelta(minutes=minutes)
            commit(unit_of_work, lambda uow, at=at: uow.api_tokens.note_use(token.id, at))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert uow.api_tokens.with_user(token.id)[0] == replace(token, last_used_at=NOW + timedelta(minutes=3))

    def test_a_token_is_deleted_by_its_owner_alone(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, other = add_user(unit_of_work), add_user(unit_of_work)
        token = an_api_token(owner)
        commit(unit_of_work, lambda uow: uow.api_tokens.add(token))
        with unit_of_work() as uow, pytest.raises(NotFound):
            uow.api_tokens.delete(other, token.id)
        with unit_of_work() as uow:
            assert uow.api_tokens.delete(owner, token.id) == token
            uow.commit()
        with unit_of_work() as uow, pytest.raises(NotFound):
            uow.api_tokens.by_hash(token.token_hash)
