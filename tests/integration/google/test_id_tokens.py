"""What a provider says is believed only where it is signed by it, for us, fresh, and the answer to this attempt."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from studyteddy.adapters.google_identity import GoogleIdentity
from studyteddy.domain.errors import NotAuthenticated, Unavailable

CLIENT, SECRET, NONCE, VERIFIER = "study-teddy", "a client secret of 32 characters", "the nonce", "v" * 43
KEY = RSAKey.generate_key(2048, {"kid": "first"})
OTHER = RSAKey.generate_key(2048, {"kid": "second"})
CALLBACK = "http://localhost/api/v1/auth/google/callback"


class StatedProvider:
    """A provider that answers what a test wants it to. It checks the proof of the code (RFC 7636)."""

    def __init__(self) -> None:
        self.metadata: dict[str, Any] = {}
        self.keys = [KEY]
        self.answer: dict[str, Any] = {}
        self.status = 200
        self.challenge = ""
        self.asked_for_keys = 0
        self.issuer = ""
        self.app = Flask(__name__)
        self.app.get("/.well-known/openid-configuration")(lambda: jsonify(self.metadata))
        self.app.get("/keys")(self._keys)
        self.app.post("/token")(self._token)

    def _keys(self) -> Any:
        self.asked_for_keys += 1
        return jsonify({"keys": [key.as_dict(private=False) for key in self.keys]})

    def _token(self) -> Any:
        proof = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != self.challenge:
            return jsonify({"error": "invalid_grant"}), 400
        return jsonify(self.answer), self.status

    def reset(self) -> None:
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        self.keys, self.status, self.asked_for_keys = [KEY], 200, 0

    def claims(self, **changes: object) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "7", "exp": now + 300, "iat": now, "nonce": NONCE}
        claims |= {"email": "ada@example.org", "email_verified": True, "name": "Ada", **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def says(self, token: object) -> None:
        self.answer = {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture(scope="module")
def running() -> Iterator[StatedProvider]:
    provider = StatedProvider()
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(running: StatedProvider) -> StatedProvider:
    running.reset()
    return running


@pytest.fixture
def google(provider: StatedProvider) -> GoogleIdentity:
    made = GoogleIdentity(client_id=CLIENT, client_secret=SECRET, redirect_uri=CALLBACK, issuer=provider.issuer)
    address = made.address(state="s", nonce=NONCE, verifier=VERIFIER)
    provider.challenge = parse_qs(urlsplit(address).query)["code_challenge"][0]
    return made


def signed(claims: dict[str, Any], key: Any = KEY, **header: object) -> str:
    algorithm = str(header.get("alg", "RS256"))
    return jwt.encode({"alg": algorithm, "kid": "first", **header}, claims, key, algorithms=[algorithm])


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


def refused(google: GoogleIdentity, verifier: str = VERIFIER) -> str:
    with pytest.raises((NotAuthenticated, Unavailable)) as error:
        google.identify(code="c", nonce=NONCE, verifier=verifier)
    return error.value.code


def test_a_good_token_tells_who_it_is(provider: StatedProvider, google: GoogleIdentity) -> None:
    provider.says(signed(provider.claims()))
    identity = google.identify(code="c", nonce=NONCE, verifier=VERIFIER)
    assert (identity.issuer, identity.subject) == (provider.issuer, "7")
    assert (identity.email, identity.email_verified, identity.name) == ("ada@example.org", True, "Ada")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": [CLIENT, "another"]},
        {"exp": 1}, {"exp": None}, {"iat": None}, {"nonce": "another"}, {"nonce": None}, {"nonce": ""}, {"sub": None},
        {"sub": ""}, {"nbf": 2**33}, {"exp": "soon"},
    ],
)  # fmt: skip
def test_a_claim_that_is_wrong_or_missing_is_refused(
    provider: StatedProvider, google: GoogleIdentity, changes: dict[str, object]
) -> None:
    provider.says(signed(provider.claims(**changes)))
    assert refused(google) == "google_refused"


def test_a_token_by_another_key_or_none_is_refused(provider: StatedProvider, google: GoogleIdentity) -> None:
    claims = provider.claims()
    public = KEY.as_pem(private=False)
    for token in (
        signed(claims, OTHER),
        signed(claims, OTHER, kid="second"),
        signed(claims, OctKey.import_key(SECRET), alg="HS256"),
        signed(claims, OctKey.import_key(base64.b64encode(public)), alg="HS256"),
        unsigned(claims),
        signed(claims) + "x",
        "",
        "nonsense",
        None,
        7,
    ):
        provider.says(token)
        assert refused(google) == "google_refused", token


@pytest.mark.parametrize("stated", ["true", 1, None, "yes", False])
def test_only_true_says_that_an_address_is_verified(
    provider: StatedProvider, google: GoogleIdentity, stated: object
) -> None:
    provider.says(signed(provider.claims(email_verified=stated)))
    assert google.identify(code="c", nonce=NONCE, verifier=VERIFIER).email_verified is False


def test_the_code_is_good_only_with_the_proof_of_who_began(provider: StatedProvider, google: GoogleIdentity) -> None:
    provider.says(signed(provider.claims()))
    assert refused(google, verifier="w" * 43) == "google_refused"


def test_keys_are_asked_for_anew_when_the_provider_has_changed_them(
    provider: StatedProvider, google: GoogleIdentity
) -> None:
    provider.says(signed(provider.claims()))
    for _ in range(3):
        google.identify(code="c", nonce=NONCE, verifier=VERIFIER)
    assert provider.asked_for_keys == 1
    provider.keys = [OTHER]
    provider.says(signed(provider.claims(), OTHER, kid="second"))
    assert google.identify(code="c", nonce=NONCE, verifier=VERIFIER).subject == "7"
    assert provider.asked_for_keys == 2


def test_metadata_of_another_issuer_is_not_followed(provider: StatedProvider) -> None:
    provider.metadata["issuer"] = "https://evil.example"
    fresh = GoogleIdentity(client_id=CLIENT, client_secret=SECRET, redirect_uri=CALLBACK, issuer=provider.issuer)
    with pytest.raises(Unavailable) as fault:
        fresh.address(state="s", nonce=NONCE, verifier=VERIFIER)
    assert fault.value.code == "google_unavailable"


def test_a_provider_that_fails_is_told_from_one_that_refuses(provider: StatedProvider, google: GoogleIdentity) -> None:
    provider.status = 503
    assert refused(google) == "google_unavailable"
