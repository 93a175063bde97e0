from __future__ import annotations

import pytest

from studyteddy.adapters.in_memory.security import OpaqueTokens, ScryptPasswords
from studyteddy.application.ports.security import AccessTokens, PasswordHasher
from studyteddy.testing.security import AccessTokensContract, PasswordHasherContract


class TestScryptPasswords(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return ScryptPasswords()

    def test_a_hash_remembers_its_cost(self) -> None:
        kept = ScryptPasswords(cost=16).hash("seven purple hedgehogs")
        assert ScryptPasswords(cost=64).verify("seven purple hedgehogs", kept)


class TestOpaqueTokens(AccessTokensContract):
    @pytest.fixture
    def access_tokens(self) -> AccessTokens:
        return OpaqueTokens()

    @pytest.fixture
    def other_tokens(self) -> AccessTokens:
        return OpaqueTokens()
