"""Where the bytes of uploaded files lie."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class ObjectStore(Protocol):
    """Bytes under a key. Keys are made by us (owner and hash), never by a user."""

    def put(self, key: str, content: BinaryIO) -> None:
        """Keep all of ``content``: whole and durable when this returns, or not at all. A key can be replaced."""
        ...

    def open(self, key: str) -> BinaryIO:
        """A stream from the first byte, closed by the caller. Raises ``NotFound``."""
        ...

    def delete(self, key: str) -> None:
        """Forget the bytes; a key that isn't there is fine."""
        ...
