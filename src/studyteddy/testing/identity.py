"""What every store of one-use tokens and outside identities has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.outside_identities import OutsideIdentity
from studyteddy.testing.accounts import NOW, add_user, at_once, commit

RESET, VERIFICATION = TokenPurpose.PASSWORD_RESET, TokenPurpose.EMAIL_VERIFICATION
ISSUER = "https://accounts.example.org"


def a_token(user_id: UserId, purpose: TokenPurpose = RESET) -> OneUseToken:
    """A fresh token that nobody knows the secret of."""
    return OneUseToken.of(uuid4().hex, purpose, user_id, "ada@example.org", NOW)


def an_identity(user_id: UserId, issuer: str = ISSUER) -> OutsideIdentity:
    """Somebody at a provider."""
    return OutsideIdentity(issuer=issuer, subject=uuid4().hex, user_id=user_id, email="Ada@Example.org", created_at=NOW)


class OneUseTokensContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_a_token_comes_back_by_its_hash_for_its_purpose(self, unit_of_work: UnitOfWorkFactory) -> None:
        token = a_token(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.one_use_tokens.put(token))
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, token.hash) == token
            assert uow.one_use_tokens.find(VERIFICATION, token.hash) is None
            assert uow.one_use_tokens.find(RESET, "0" * 64) is None

    def test_a_new_token_ends_the_older_one_of_its_purpose_and_person(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada, bob = add_user(unit_of_work), add_user(unit_of_work)
        old, others = a_token(ada), [a_token(ada, VERIFICATION), a_token(bob)]
        new = a_token(ada)
        for token in (old, *others, new):
            commit(unit_of_work, lambda uow, token=token: uow.one_use_tokens.put(token))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, old.hash) is None
            assert uow.one_use_tokens.spend(replace(old, used_at=NOW)) is False
            for token in (new, *others):
                assert uow.one_use_tokens.find(token.purpose, token.hash) == token

    def test_of_many_uses_at_once_one_counts(self, unit_of_work: UnitOfWorkFactory) -> None:
        token = a_token(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.one_use_tokens.put(token))
        used = token.used(NOW + timedelta(minutes=1))

        def spend(_: int) -> bool:
            with unit_of_work() as uow:
                won = uow.one_use_tokens.spend(used)
                uow.commit()
            return won

        assert sorted(at_once(20, spend), key=str) == [False] * 19 + [True]
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, token.hash) == used

    def test_a_use_that_is_not_committed_does_not_count(self, unit_of_work: UnitOfWorkFactory) -> None:
        token = a_token(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.one_use_tokens.put(token))
        with unit_of_work() as uow:
            assert uow.one_use_tokens.spend(replace(token, used_at=NOW))
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, token.hash) == token

    def test_a_persons_token_can_be_ended(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada, bob = add_user(unit_of_work), add_user(unit_of_work)
        hers, his = a_token(ada), a_token(bob)
        for token in (hers, his):
            commit(unit_of_work, lambda uow, token=token: uow.one_use_tokens.put(token))  # type: ignore[misc]
        commit(unit_of_work, lambda uow: uow.one_use_tokens.end_all(ada, RESET))
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, hers.hash) is None
            assert uow.one_use_tokens.find(RESET, his.hash) == his

    def test_tokens_that_expired_before_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        spent, good = (a_token(add_user(unit_of_work)) for _ in range(2))
        spent = replace(spent, expires_at=NOW - timedelta(seconds=1))
        for token in (spent, good):
            commit(unit_of_work, lambda uow, token=token: uow.one_use_tokens.put(token))  # type: ignore[misc]
        with unit_of_work() as uow:
            while uow.one_use_tokens.purge(before=NOW, limit=1):
                pass
            uow.commit()
        with unit_of_work() as uow:
            assert uow.one_use_tokens.find(RESET, spent.hash) is None
            assert uow.one_use_tokens.find(RESET, good.hash) == good


class OutsideIdentitiesContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_an_identity_is_found_by_either_side(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada, bob = add_user(unit_of_work), add_user(unit_of_work)
        identity = an_identity(ada)
        commit(unit_of_work, lambda uow: uow.outside_identities.add(identity))
        with unit_of_work() as uow:
            assert uow.outside_identities.find(ISSUER, identity.subject) == identity
            assert uow.outside_identities.of(ada, ISSUER) == identity
            assert uow.outside_identities.find("https://other.example.org", identity.subject) is None
            assert uow.outside_identities.of(bob, ISSUER) is None

    def test_an_identity_belongs_to_one_account(self, unit_of_work: UnitOfWorkFactory) -> None:
        identity = an_identity(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.outside_identities.add(identity))
        other = replace(identity, user_id=add_user(unit_of_work))
        with unit_of_work() as uow, pytest.raises(Conflict) as refused:
            uow.outside_identities.add(other)
        assert refused.value.code == "identity_taken"

    def test_an_account_has_one_identity_for_each_provider(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada = add_user(unit_of_work)
        commit(unit_of_work, lambda uow: uow.outside_identities.add(an_identity(ada)))
        commit(unit_of_work, lambda uow: uow.outside_identities.add(an_identity(ada, "https://other.example.org")))
        with unit_of_work() as uow, pytest.raises(Conflict) as refused:
            uow.outside_identities.add(an_identity(ada))
        assert refused.value.code == "already_linked"

    def test_a_forgotten_identity_can_be_taken_again(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada, bob = add_user(unit_of_work), add_user(unit_of_work)
        identity = an_identity(ada)
        commit(unit_of_work, lambda uow: uow.outside_identities.add(identity))
        for user_id in (bob, ada, ada):
            commit(unit_of_work, lambda uow, user_id=user_id: uow.outside_identities.remove(user_id, ISSUER))  # type: ignore[misc]
        moved = replace(identity, user_id=bob)
        commit(unit_of_work, lambda uow: uow.outside_identities.add(moved))
        with unit_of_work() as uow:
            assert uow.outside_identities.find(ISSUER, identity.subject) == moved
