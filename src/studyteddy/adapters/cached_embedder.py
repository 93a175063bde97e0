"""Vectors that were asked for a moment ago."""

from __future__ import annotations

import hashlib
import struct
from base64 import b85decode, b85encode
from collections.abc import Sequence

from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.embedder import Embedder, batch_of
from studyteddy.domain.errors import Unavailable

KEPT_SECONDS = 600.0


class CachedEmbedder:
    """An ``Embedder`` for queries, which come again and again; those of documents come once and need no cache.

    Keys are hashes of model and text. Fails open: without its cache it asks the provider.
    """

    def __init__(self, inner: Embedder, cache: Cache, *, seconds: float = KEPT_SECONDS) -> None:
        self._inner = inner
        self._cache = cache
        self._seconds = seconds

    @property
    def model(self) -> str:
        return self._inner.model

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    @property
    def batch(self) -> int:
        return batch_of(self._inner)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        known = {text: vector for text in set(texts) if (vector := self._kept(text)) is not None}
        lacking = [text for text in dict.fromkeys(texts) if text not in known]
        for text, vector in zip(lacking, self._inner.embed(lacking) if lacking else [], strict=True):
            known[text] = vector
            self._keep(text, vector)
        return [list(known[text]) for text in texts]

    def _key(self, text: str) -> str:
        return "vector:" + hashlib.sha256(f"{self.model}\0{text}".encode(errors="surrogatepass")).hexdigest()

    def _kept(self, text: str) -> list[float] | None:
        try:
            packed = self._cache.get(self._key(text))
        except Unavailable:
            return None
        return None if packed is None else _unpacked(packed)

    def _keep(self, text: str, vector: Sequence[float]) -> None:
        try:
            self._cache.put(self._key(text), _packed(vector), seconds=self._seconds)
        except Unavailable:
            return


def _packed(vector: Sequence[float]) -> str:
    return b85encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _unpacked(text: str) -> list[float] | None:
    """The vector; None for what is none, as another version may have put it there."""
    try:
        packed = b85decode(text)
        return list(struct.unpack(f"<{len(packed) // 4}f", packed)) or None
    except (ValueError, struct.error):
        return None
