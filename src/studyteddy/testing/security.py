"""What every keeper of passwords and every maker of access tokens has to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.security import AccessClaims, AccessTokens, PasswordHasher
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.ids import AuthSessionId, UserId

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "seven purple hedgehogs"  # noqa: S105 - of nobody


class PasswordHasherContract:
    """Subclass it and give the fixture ``passwords``."""

    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        raise NotImplementedError

    def test_a_password_belongs_to_its_hash_and_no_other_does(self, passwords: PasswordHasher) -> None:
        kept = passwords.hash(PASSWORD)
        assert passwords.verify(PASSWORD, kept)
        for other in (PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1], ""):
            assert not passwords.verify(other, kept)

    def test_a_hash_is_salted_and_does_not_show_the_password(self, passwords: PasswordHasher) -> None:
        first, second = passwords.hash(PASSWORD), passwords.hash(PASSWORD)
        assert first != second
        assert PASSWORD not in first
        assert passwords.verify(PASSWORD, second)

    @pytest.mark.parametrize(
        "password", ["é" * 36 + "end", "x" * 1_000, "nul\0inside", "🧸" * 30, "half \ud83d a pair", " " * 12]
    )
    def test_every_character_counts_however_long_the_password(self, passwords: PasswordHasher, password: str) -> None:
        kept = passwords.hash(password)
        assert passwords.verify(password, kept)
        assert not passwords.verify(password[:-1] + "!", kept)
        assert not passwords.verify(password + "!", kept)

    def test_the_same_text_typed_on_another_keyboard_is_the_same_password(self, passwords: PasswordHasher) -> None:
        assert passwords.verify("cafe\u0301 au lait", passwords.hash("caf\u00e9 au lait"))

    def test_without_a_hash_no_password_is_right(self, passwords: PasswordHasher) -> None:
        assert not passwords.verify(PASSWORD, None)
        assert not passwords.verify("no account has this password", None)


class AccessTokensContract:
    """Subclass it and give the fixtures ``access_tokens`` and ``other_tokens``, which has another key."""

    @pytest.fixture
    def access_tokens(self) -> AccessTokens:
        raise NotImplementedError

    @pytest.fixture
    def other_tokens(self) -> AccessTokens:
        raise NotImplementedError

    def issue(self, access_tokens: AccessTokens) -> tuple[str, UserId, AuthSessionId]:
        user_id, session_id = UserId(uuid4()), AuthSessionId(uuid4())
        return access_tokens.issue(user_id=user_id, session_id=session_id, now=NOW), user_id, session_id

    def test_a_token_speaks_for_its_user_and_log_in(self, access_tokens: AccessTokens) -> None:
        token, user_id, session_id = self.issue(access_tokens)
        assert access_tokens.read(token, now=NOW) == AccessClaims(
            user_id=user_id, session_id=session_id, expires_at=NOW + access_tokens.lifetime
        )

    def test_a_token_is_good_for_its_lifetime_and_no_longer(self, access_tokens: AccessTokens) -> None:
        token, *_ = self.issue(access_tokens)
        ends = NOW + access_tokens.lifetime
        assert access_tokens.read(token, now=ends - timedelta(seconds=1)).expires_at == ends
        for late in (ends, ends + timedelta(days=400)):
            with pytest.raises(NotAuthenticated) as refused:
                access_tokens.read(token, now=late)
            assert refused.value.code == "token_expired"

    def test_a_token_of_another_key_is_refused(self, access_tokens: AccessTokens, other_tokens: AccessTokens) -> None:
        token, *_ = self.issue(other_tokens)
        with pytest.raises(NotAuthenticated) as refused:
            access_tokens.read(token, now=NOW)
        assert refused.value.code == "token_invalid"

    def test_a_token_that_was_changed_anywhere_is_refused(self, access_tokens: AccessTokens) -> None:
        token, *_ = self.issue(access_tokens)
        # The last character of base64 carries bits that decoders may ignore, so it's left alone.
        for place in range(len(token) - 1):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            with pytest.raises(NotAuthenticated) as refused:
                access_tokens.read(changed, now=NOW)
            assert refused.value.code == "token_invalid"

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "🧸", "\ud83d.\ud83d", "\0", "x" * 100_000, "null"])
    def test_nonsense_is_refused(self, access_tokens: AccessTokens, token: str) -> None:
        with pytest.raises(NotAuthenticated) as refused:
            access_tokens.read(token, now=NOW)
        assert refused.value.code == "token_invalid"
