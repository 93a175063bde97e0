"""What every store of bytes has to do."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.domain.errors import NotFound


class _BrokenOff(Exception):
    """The client went away."""


class _Broken(io.RawIOBase):
    """A source that gives some bytes and then fails."""

    def __init__(self) -> None:
        self._pieces = [b"half a "]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0 or not self._pieces:
            raise _BrokenOff
        return self._pieces.pop()


class ObjectStoreContract:
    """Subclass it and give the fixture ``objects``."""

    @pytest.fixture
    def objects(self) -> ObjectStore:
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> str:
        return f"{uuid4()}/{uuid4().hex}"

    @staticmethod
    def read(objects: ObjectStore, key: str) -> bytes:
        with objects.open(key) as stream:
            return stream.read()

    @pytest.mark.parametrize("size", [0, 1, 3_000_001])
    def test_bytes_come_back_as_they_were_put(self, objects: ObjectStore, key: str, size: int) -> None:
        content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        objects.put(key, io.BytesIO(content))
        assert self.read(objects, key) == content

    def test_several_readers_start_at_the_first_byte(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"abc"))
        with objects.open(key) as one, objects.open(key) as other:
            assert (one.read(1), other.read(2), one.read()) == (b"a", b"ab", b"bc")

    def test_a_key_can_be_replaced(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"long content"))
        objects.put(key, io.BytesIO(b"short"))
        assert self.read(objects, key) == b"short"

    def test_an_unknown_key_is_not_found(self, objects: ObjectStore, key: str) -> None:
        with pytest.raises(NotFound):
            objects.open(key)

    def test_deleted_bytes_are_gone(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"abc"))
        objects.delete(key)
        objects.delete(key)
        with pytest.raises(NotFound):
            objects.open(key)

    def test_a_source_that_breaks_off_leaves_nothing(self, objects: ObjectStore, key: str) -> None:
        with pytest.raises(_BrokenOff):
            objects.put(key, _Broken())  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            objects.open(key)

    def test_a_source_that_breaks_off_leaves_what_was_there(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"whole"))
        with pytest.raises(_BrokenOff):
            objects.put(key, _Broken())  # type: ignore[arg-type]
        assert self.read(objects, key) == b"whole"
