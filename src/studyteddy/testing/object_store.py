"""What every store of bytes has to do."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.domain.errors import NotFound


class _BrokenOff(Exception):
    """The client went away."""


class _Broken(io.RawIOBase):
    """A source that gives some bytes and then fails."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

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

    @pytest.mark.parametrize("size", [0, 1, 3_000_001, 17_000_001])
    def test_bytes_come_back_as_they_were_put(self, objects: ObjectStore, key: str, size: int) -> None:
        content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        objects.put(key, io.BytesIO(content))
        assert self.read(objects, key) == content

    def test_several_readers_start_at_the_first_byte(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"abc"))
        with objects.open(key) as one, objects.open(key) as other:
            assert (one.read(1), other.read(2), one.read()) == (b"a", b"ab", b"bc")

    def test_a_reader_can_go_back(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"abcdef"))
        with objects.open(key) as stream:
            stream.seek(0, io.SEEK_END)
            assert (stream.tell(), stream.seek(2), stream.read(2)) == (6, 2, b"cd")

    def test_a_source_is_read_from_where_it_is_and_stays_open(self, objects: ObjectStore, key: str) -> None:
        source = io.BytesIO(b"skipped and kept")
        source.seek(12)
        objects.put(key, source)
        assert (self.read(objects, key), source.closed) == (b"kept", False)

    @pytest.mark.parametrize("key", ["0", "-", "a/b/c/d/e", f"{'0123456789abcdef' * 4}/{'f' * 64}", "0-0/--"])
    def test_a_key_may_be_short_long_and_deep(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(key.encode()))
        assert self.read(objects, key) == key.encode()
        objects.delete(key)

    def test_of_two_puts_at_the_same_moment_one_wins_whole(self, objects: ObjectStore, key: str) -> None:
        contents = [bytes([number]) * 300_000 for number in range(8)]
        with ThreadPoolExecutor(len(contents)) as threads:
            list(threads.map(lambda content: objects.put(key, io.BytesIO(content)), contents))
        assert self.read(objects, key) in contents

    def test_a_key_can_be_replaced(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"long content"))
        with objects.open(key) as before:
            objects.put(key, io.BytesIO(b"short"))
            assert (self.read(objects, key), before.read()) == (b"short", b"long content")

    def test_a_store_that_works_says_so(self, objects: ObjectStore, key: str) -> None:
        objects.check()
        with pytest.raises(NotFound):
            objects.open(key)

    def test_an_unknown_key_is_not_found(self, objects: ObjectStore, key: str) -> None:
        with pytest.raises(NotFound):
            objects.open(key)

    def test_deleted_bytes_are_gone(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"abc"))
        objects.delete(key)
        objects.delete(key)
        with pytest.raises(NotFound):
            objects.open(key)

    def test_the_keys_of_somebody_can_be_told_and_deleted(self, objects: ObjectStore) -> None:
        mine, other = str(uuid4()), str(uuid4())
        for key in (f"{mine}/a", f"{mine}/b-1", f"{other}/a"):
            objects.put(key, io.BytesIO(b"abc"))
        assert sorted(objects.keys(f"{mine}/")) == [f"{mine}/a", f"{mine}/b-1"]
        for key in objects.keys(f"{mine}/"):
            objects.delete(key)
        assert list(objects.keys(f"{mine}/")) == []
        assert list(objects.keys(f"{other}/")) == [f"{other}/a"]
        assert list(objects.keys(f"{uuid4()}/")) == []

    def test_a_source_that_breaks_off_leaves_nothing(self, objects: ObjectStore, key: str) -> None:
        with pytest.raises(_BrokenOff):
            objects.put(key, _Broken(b"half a "))  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            objects.open(key)

    def test_a_large_source_that_breaks_off_leaves_nothing(self, objects: ObjectStore, key: str) -> None:
        with pytest.raises(_BrokenOff):
            objects.put(key, _Broken(*[b"x" * 1_000_000] * 20))  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            objects.open(key)

    def test_a_source_that_breaks_off_leaves_what_was_there(self, objects: ObjectStore, key: str) -> None:
        objects.put(key, io.BytesIO(b"whole"))
        with pytest.raises(_BrokenOff):
            objects.put(key, _Broken(b"half a "))  # type: ignore[arg-type]
        assert self.read(objects, key) == b"whole"
