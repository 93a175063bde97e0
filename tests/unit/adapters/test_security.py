from __future__ import annotations

import base64
import json
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from studyteddy.adapters.bcrypt_passwords import BcryptPasswords
from studyteddy.adapters.hub_passwords import HubPasswords
from studyteddy.adapters.jwt_tokens import JwtTokens
from studyteddy.application.ports.security import AccessTokens, PasswordHasher
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.testing.security import AccessTokensContract, PasswordHasherContract

SECRET = "kT3vQ8zL0pXw5rN2sB7yHd4mJf9gUa6c"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class TestBcryptPasswords(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return BcryptPasswords(rounds=4)


class TestHubPasswords(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return HubPasswords(BcryptPasswords(rounds=4))


def test_passwords_are_hashed_beside_the_hub() -> None:
    class Watched:
        """Tells which thread does the work."""

        def hash(self, password: str) -> str:
            return str(threading.get_native_id())

        def verify(self, password: str, password_hash: str | None) -> bool:
            return password_hash != str(threading.get_native_id())

    passwords, here = HubPasswords(Watched()), str(threading.get_native_id())
    assert passwords.hash("seven hedgehogs") != here
    assert passwords.verify("seven hedgehogs", here)


class TestJwtTokens(AccessTokensContract):
    @pytest.fixture
    def access_tokens(self) -> AccessTokens:
        return JwtTokens(SECRET)

    @pytest.fixture
    def other_tokens(self) -> AccessTokens:
        return JwtTokens(SECRET[::-1])


def claims(**changes: Any) -> dict[str, Any]:
    good = {
        "sub": str(uuid4()), "sid": str(uuid4()), "typ": "access", "aud": "studyteddy", "iss": "studyteddy",
        "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 60,
    }  # fmt: skip
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def unsigned(header: dict[str, str], body: dict[str, Any]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, body))
    return ".".join([*parts, ""])


def test_a_token_made_by_hand_with_the_right_claims_is_read() -> None:
    assert JwtTokens(SECRET).read(jwt.encode(claims(), SECRET, "HS256"), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None}, {"iat": None}, {"sub": None}, {"sid": None}, {"typ": None}, {"aud": None}, {"iss": None},
        {"typ": "refresh"}, {"aud": "elsewhere"}, {"aud": ["studyteddy"]}, {"iss": "elsewhere"}, {"sub": "1"},
        {"sid": "1"}, {"exp": "soon"}, {"exp": 10**18},
    ],
)  # fmt: skip
def test_a_well_signed_token_with_wrong_claims_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        JwtTokens(SECRET).read(jwt.encode(claims(**changes), SECRET, "HS256"), now=NOW)
    assert refused.value.code == "token_invalid"


@pytest.mark.parametrize(
    "token",
    [
        unsigned({"alg": "none", "typ": "JWT"}, claims()),
        unsigned({"alg": "None", "typ": "JWT"}, claims()),
        jwt.encode(claims(), SECRET * 2, "HS512"),
        jwt.encode(claims(), SECRET * 2, "HS256", headers={"kid": "../../dev/null", "jku": "https://example.org/keys"}),
        jwt.encode(claims(), SECRET * 2, "HS384"),
    ],
)
def test_a_token_cannot_choose_how_it_is_checked(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        JwtTokens(SECRET).read(token, now=NOW)


def test_a_token_signed_with_another_algorithm_of_the_same_key_is_refused() -> None:
    with pytest.raises(NotAuthenticated):
        JwtTokens(SECRET * 2).read(jwt.encode(claims(), SECRET * 2, "HS512"), now=NOW)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        JwtTokens("short")


def test_the_headers_of_a_token_name_no_key_and_no_address_of_one() -> None:
    headers = {
        "kid": "' or 1=1 --",
        "jku": "http://127.0.0.1:1/keys",
        "x5u": "http://127.0.0.1:1/",
        "jwk": {"kty": "oct"},
    }
    assert JwtTokens(SECRET).read(jwt.encode(claims(), SECRET, "HS256", headers=headers), now=NOW)
    with pytest.raises(NotAuthenticated):
        JwtTokens(SECRET).read(jwt.encode(claims(), "k" * 32, "HS256", headers=headers), now=NOW)


def test_a_token_by_a_key_pair_is_refused() -> None:
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(NotAuthenticated):
        JwtTokens(SECRET).read(jwt.encode(claims(), pair, "RS256"), now=NOW)


def test_no_password_belongs_to_no_hash_and_costs_as_much_to_check() -> None:
    passwords = BcryptPasswords(4)
    assert not passwords.verify("", None)
    assert not passwords.verify("no account has this password", None)
