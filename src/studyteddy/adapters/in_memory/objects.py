"""Uploaded bytes in memory."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import BinaryIO

from studyteddy.domain.errors import NotFound


class InMemoryObjects:
    """The ``ObjectStore`` port."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._objects: dict[str, bytes] = {}

    def put(self, key: str, content: BinaryIO) -> None:
        whole = content.read()
        with self._lock:
            self._objects[key] = whole

    def open(self, key: str) -> BinaryIO:
        with self._lock:
            if key not in self._objects:
                raise NotFound("The bytes of this file are gone.")
            return io.BytesIO(self._objects[key])

    def delete(self, key: str) -> None:
        with self._lock:
            self._objects.pop(key, None)

    def keys(self, prefix: str) -> Iterator[str]:
        with self._lock:
            return iter([key for key in self._objects if key.startswith(prefix)])

    def check(self) -> None:
        return
