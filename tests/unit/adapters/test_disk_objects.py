from __future__ import annotations

import io
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.domain.errors import NotFound, Unavailable
from studyteddy.testing.object_store import ObjectStoreContract

KEY = "0198c0de-0000-7000-8000-000000000001/abc123"


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


class TestDiskObjects(ObjectStoreContract):
    @pytest.fixture
    def objects(self, tmp_path: Path) -> DiskObjects:
        return DiskObjects.open_directory(tmp_path / "with a space" / "files")


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    objects = DiskObjects.open_directory(tmp_path)
    with _largest_file(100_000), pytest.raises(Unavailable) as refused:
        objects.put(KEY, io.BytesIO(b"x" * 200_000))
    assert refused.value.code == "storage_unavailable"
    assert _files(tmp_path) == []
    objects.put(KEY, io.BytesIO(b"x" * 200_000))
    assert _files(tmp_path) == [KEY]


@pytest.mark.parametrize(
    "key", ["../escape", "/etc/passwd", "a/../../b", "", "a//b", "a/", ".incoming/x", "CON", "a\0b", "a\n"]
)
def test_a_key_that_is_not_ours_is_refused(tmp_path: Path, key: str) -> None:
    objects = DiskObjects.open_directory(tmp_path / "files")
    for use in (objects.open, objects.delete, lambda name: objects.put(name, io.BytesIO(b"x"))):
        with pytest.raises(ValueError, match="not a key of ours"):
            use(key)
    assert _files(tmp_path) == []


def test_opening_removes_what_a_killed_process_left_and_nothing_that_is_being_written(tmp_path: Path) -> None:
    objects = DiskObjects.open_directory(tmp_path)
    objects.put(KEY, io.BytesIO(b"whole"))
    forsaken, busy = (tmp_path / ".incoming" / name for name in ("tmp123", "tmp456"))
    for path in (forsaken, busy):
        path.write_bytes(b"half")
    yesterday = time.time() - 86_400
    os.utime(forsaken, (yesterday, yesterday))
    DiskObjects.open_directory(tmp_path)
    assert _files(tmp_path) == [".incoming/tmp456", KEY]


def test_a_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        DiskObjects(tmp_path / "gone").check()
    assert refused.value.code == "storage_unavailable"


def test_a_directory_that_vanished_is_made_again(tmp_path: Path) -> None:
    objects = DiskObjects(tmp_path / "never opened")
    with pytest.raises(NotFound):
        objects.open(KEY)
    objects.put(KEY, io.BytesIO(b"x"))
    with objects.open(KEY) as stream:
        assert stream.read() == b"x"
