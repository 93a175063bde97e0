"""Where the bytes of uploaded files lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO, Protocol


class ObjectStore(Protocol):
    """Bytes under a key. Keys are made by us (owner and hash), never by a user.

    Every method raises ``Unavailable`` (``storage_unavailable``) when the store does not answer or has no room.
    """

    def put(self, key: str, content: BinaryIO) -> None:
        """Keep all of ``content``: whole and durable when this returns, or not at all. A key can be replaced.

        ``content`` is read to its end and stays open; what its reading raises comes out as it is. Of two puts of one
        key at the same moment either may win, whole.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """A stream from the first byte, closed by the caller, which may seek in it. Raises ``NotFound``."""
        ...

    def delete(self, key: str) -> None:
        """Forget the bytes; a key that isn't there is fine."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, which is one or more parts with a slash after each. What is put or
        deleted meanwhile may be told of or not; deleting the keys that it gives is fine."""
        ...

    def check(self) -> None:
        """Return when the store works. It costs one short question at most, and changes nothing."""
        ...


class DownloadLinks(Protocol):
    """What a store offers whose objects can be fetched from it directly, by whoever holds a link."""

    def link(self, key: str, *, filename: str, media_type: str, lifetime: timedelta) -> str:
        """An address that gives the object as a download of that name and type until ``lifetime`` has passed.

        Whether the object is there shows only when the link is followed.
        """
        ...
