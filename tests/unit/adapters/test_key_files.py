from __future__ import annotations

import stat
from pathlib import Path

from studyteddy.adapters.key_files import KeyFiles


def test_keys_are_read_by_name_and_those_that_are_not_there_left_out(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "three").write_bytes(b"3")
    assert KeyFiles(tmp_path, ("one", "two")).read() == {"one": b"1"}


def test_a_key_takes_the_place_of_the_old_one_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"old")
    KeyFiles(tmp_path, ("one",)).write({"one": b"new", "two": b"foreign"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"new"}
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600
