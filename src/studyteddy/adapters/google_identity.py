"""Google, or any other OpenID Connect provider, as the one who tells who a person is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from studyteddy.domain.errors import NotAuthenticated, Unavailable
from studyteddy.domain.outside_identities import ProvidedIdentity

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

GOOGLE = "https://accounts.google.com"
SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "ES256", "PS256"]
"""Signatures by a key that only the provider has; never the shared secret, never none."""
SECONDS = 5
KEPT_SECONDS = 3_600.0
LEEWAY = 60


class GoogleIdentity:
    """The ``IdentityProvider`` port by OpenID Connect Core 1.0, with its addresses from the provider's own metadata.

    Metadata and keys are kept for an hour; a token by an unknown key has the keys asked for anew, since providers
    change them. ``issuer`` is what tests point elsewhere.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        issuer: str = GOOGLE,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._issuer = issuer.rstrip("/")
        self._timer = timer
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    @property
    def issuer(self) -> str:
        return self._issuer

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._metadata("authorization_endpoint"),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                prompt="select_account",
            )
        return str(url)

    def identify(self, *, code: str, nonce: str, verifier: str) -> ProvidedIdentity:
        claims = self._verified(self._id_token(code, verifier), nonce)
        return ProvidedIdentity(
            issuer=self._issuer,
            subject=claims["sub"],
            email=str(claims.get("email") or ""),
            email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or ""),
        )

    def _session(self) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        )

    def _id_token(self, code: str, verifier: str) -> str:
        from authlib.integrations.base_client import OAuthError
        from requests import RequestException

        endpoint = self._metadata("token_endpoint")
        try:
            with self._session() as session:
                answer: Mapping[str, Any] = session.fetch_token(endpoint, code=code, code_verifier=verifier)
        except OAuthError as fault:
            raise _refused() from fault
        except (RequestException, ValueError, TypeError) as fault:  # no answer, or none that can be read
            raise _unavailable() from fault
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused()
        return token

    def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of a token that is the provider's, for us, good now, and the answer to this attempt."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            claims = self._decoded(token)
            registry = jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise _refused() from fault
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if not isinstance(claims["sub"], str) or (several and claims.get("azp") != self._client_id):
            raise _refused()
        return claims

    def _decoded(self, token: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet

        for anew in (False, True):
            keys = KeySet.import_key_set(self._keys(anew=anew))  # type: ignore[arg-type]
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except InvalidKeyIdError:
                if anew:
                    raise
        raise AssertionError("the second attempt returns or raises")

    def _metadata(self, name: str) -> str:
        document = self._document(f"{self._issuer}/.well-known/openid-configuration")
        value = document.get(name)
        # A document of another issuer could send people, and our secret, elsewhere (OpenID Connect Discovery, 4.3).
        if document.get("issuer") != self._issuer or not isinstance(value, str):
            raise _unavailable()
        return value

    def _keys(self, *, anew: bool) -> dict[str, Any]:
        return self._document(self._metadata("jwks_uri"), anew=anew)

    def _document(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        """A JSON object of the provider, as it was within the hour unless it is wanted ``anew``."""
        import requests

        with self._lock:
            until, document = self._kept.get(url, (0.0, {}))
        if document and not anew and self._timer() < until:
            return document
        try:
            answer = requests.get(url, timeout=SECONDS, allow_redirects=False)
            answer.raise_for_status()
            document = answer.json()
        except (requests.RequestException, ValueError) as fault:
            raise _unavailable() from fault
        if not isinstance(document, dict) or not document:
            raise _unavailable()
        with self._lock:
            self._kept[url] = self._timer() + KEPT_SECONDS, document
        return document


def _unavailable() -> Unavailable:
    return Unavailable("Google does not answer now. Try again in a moment.", code="google_unavailable")


def _refused() -> NotAuthenticated:
    return NotAuthenticated("Google did not confirm who you are. Start again.", code="google_refused")
