"""Somebody else who tells who a person is."""

from __future__ import annotations

from typing import Protocol

from studyteddy.domain.outside_identities import ProvidedIdentity


class IdentityProvider(Protocol):
    """An OpenID Connect provider, asked by the code flow with PKCE. Both calls may take seconds.

    ``nonce`` and ``verifier`` are secrets of one attempt; both calls of it get the same. Both raise ``Unavailable``
    (``google_unavailable``) while the provider does not answer.
    """

    @property
    def issuer(self) -> str:
        """The provider's name for itself."""
        ...

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. It comes back with ``state`` and a code, or with what went wrong."""
        ...

    def identify(self, *, code: str, nonce: str, verifier: str) -> ProvidedIdentity:
        """Whom the code stands for. ``NotAuthenticated`` (``google_refused``) when the provider does not take it, or
        when what it says is not signed by it, is for others, too old, or an answer to another attempt."""
        ...
