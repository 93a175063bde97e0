from __future__ import annotations

import hashlib
import io
import json
import resource
import signal
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from builders import NOW
from studyteddy.adapters.backup_archive.archives import TarArchives
from studyteddy.application.backups import VerifyBackup
from studyteddy.application.ports.backups import CopiedTable, Manifest, Table
from studyteddy.domain.errors import Conflict, Invalid, NotFound, Unavailable

KEY = "0198c0de-0000-7000-8000-000000000001/" + "ab" * 32 + "-0198c0de-0000-7000-8000-000000000002"
ROWS = [("users", b"1\tAda\n2\tGrace \\n\n"), ("tasks", b"1\t\\N\n"), ("tasks", b"2\tread\n")]
OBJECTS = {"0-0": b"", "a/b": b"short", KEY: bytes(range(256)) * 900}
KEYS = {"signing-secret": b"not for everybody"}
MANIFEST = Manifest(
    program="0.1.0",
    revision="0011_operations",
    created_at=NOW,
    tables=(
        CopiedTable(table=Table(name="users", columns=("id", "name")), rows=2),
        CopiedTable(table=Table(name="tasks", columns=("id", "title")), rows=2),
        CopiedTable(table=Table(name="decks", columns=("id",)), rows=0),
    ),
    sequences={"reviews_seq_seq": 2**40},
    objects=len(OBJECTS),
    object_bytes=sum(map(len, OBJECTS.values())),
    keys=tuple(KEYS),
    lacking=("c/d",),
)
Contents = tuple[Manifest, list[tuple[str, bytes]], dict[str, bytes], dict[str, bytes]]
WHOLE: Contents = (MANIFEST, ROWS, OBJECTS, KEYS)


def write(path: Path, manifest: Manifest = MANIFEST) -> Path:
    with TarArchives().writing(path) as archive:
        for table, block in ROWS:
            archive.add_rows(table, block)
        for key, content in OBJECTS.items():
            assert archive.add_object(key, io.BytesIO(content)) == len(content)
        for name, content in KEYS.items():
            archive.add_key(name, content)
        archive.seal(manifest)
    return path


def read(path: Path) -> Contents:
    archive = TarArchives().reading(path)
    objects = {key: content.read() for key, content in archive.objects()}
    return archive.manifest, list(archive.rows()), objects, dict(archive.keys())


def verify(path: Path) -> Manifest:
    return VerifyBackup(archives=TarArchives())(path=path)


def refusal(use: Callable[[], object]) -> Invalid:
    with pytest.raises(Invalid) as refused:
        use()
    return refused.value


def _code(path: Path) -> str | None:
    """Why a backup is refused; None when it isn't."""
    try:
        verify(path)
    except Invalid as fault:
        return fault.code
    return None


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return write(tmp_path / "teddy.tar")


def test_what_is_written_is_read(backup: Path) -> None:
    assert read(backup) == WHOLE
    assert verify(backup) == MANIFEST


def test_plain_tools_can_read_and_check_all_of_it(backup: Path) -> None:
    with tarfile.open(backup) as tar:
        contents = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
        assert {(member.mode, member.isreg()) for member in tar} == {(0o600, True)}
    assert list(contents)[-3:] == ["SHA256SUMS", "manifest.json", "manifest.json.sha256"]
    sums = dict(reversed(line.split("  ")) for line in contents["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(contents[name]).hexdigest() for name in list(contents)[:-3]}
    assert json.loads(contents["manifest.json"])["tables"][1] == {
        "name": "tasks", "columns": ["id", "title"], "rows": 2,
    }  # fmt: skip


def test_only_its_owner_may_read_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_cut_off_anywhere_is_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    end = whole.rindex(b"manifest.json.sha256") + 512 + 64
    cut = tmp_path / "cut.tar"
    for length in [*range(0, end, 5_003), *range(end - 3_000, end, 97)]:
        cut.write_bytes(whole[:length])
        assert refusal(lambda: verify(cut)).code == "damaged_backup"


def test_a_flipped_bit_is_found_and_its_member_named_or_it_changes_nothing(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    flipped = tmp_path / "flipped.tar"
    places = [*range(0, 12_000, 61), *range(12_000, len(whole), 1_999), *range(len(whole) - 16_000, len(whole), 67)]
    found = 0
    for position in places:
        flipped.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        if (code := _code(flipped)) is None:
            assert read(flipped) == WHOLE
        else:
            assert code == "damaged_backup"
            found += 1
    assert found > 100


@pytest.mark.parametrize("member", ["tables/tasks/000002.copy.gz", f"objects/{KEY}", "keys/signing-secret"])
def test_the_damaged_member_is_named(backup: Path, member: str) -> None:
    with tarfile.open(backup) as tar:
        start = tar.getmember(member).offset_data
    content = bytearray(backup.read_bytes())
    content[start + 5] ^= 1
    backup.write_bytes(content)
    assert member in refusal(lambda: verify(backup)).message


def _rewritten(path: Path, change: Callable[[list[tarfile.TarInfo]], list[tarfile.TarInfo]]) -> None:
    """The same archive with other members."""
    content = io.BytesIO(path.read_bytes())
    with tarfile.open(fileobj=content) as old, tarfile.open(path, "w") as new:
        for member in change(old.getmembers()):
            new.addfile(member, old.extractfile(member))


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members[1:],
        lambda members: [*members[:3], *members[4:]],
        lambda members: [members[0], *members],
        lambda members: [members[1], members[0], *members[2:]],
        lambda members: members[:-1],
        lambda members: [*members[:-3], members[-2], members[-1]],
        lambda members: [*members, members[0]],
    ],
    ids=["first lost", "one lost", "one twice", "two swapped", "no seal", "no sums", "one more"],
)
def test_members_that_are_lost_added_or_moved_are_found(
    backup: Path, change: Callable[[list[tarfile.TarInfo]], list[tarfile.TarInfo]]
) -> None:
    _rewritten(backup, change)
    assert refusal(lambda: verify(backup)).code == "damaged_backup"


@pytest.mark.parametrize(
    "told",
    [
        replace(MANIFEST, tables=MANIFEST.tables[:1]),
        replace(MANIFEST, tables=(replace(MANIFEST.tables[0], rows=3), *MANIFEST.tables[1:])),
        replace(MANIFEST, objects=2),
        replace(MANIFEST, keys=()),
    ],
    ids=["a table less", "a row more", "a file less", "no key"],
)
def test_a_manifest_that_tells_something_else_than_there_is_is_found(tmp_path: Path, told: Manifest) -> None:
    path = write(tmp_path / "teddy.tar", told)
    assert refusal(lambda: verify(path)).code == "damaged_backup"


def test_a_backup_of_a_newer_form_is_left_to_the_newer_program(tmp_path: Path) -> None:
    path = write(tmp_path / "teddy.tar", replace(MANIFEST, format=2))
    assert refusal(lambda: verify(path)).code == "newer_backup"


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 10_240, b"PK\3\4" + b"x" * 5_000, b"\x1f\x8b" * 600])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "teddy.tar"
    path.write_bytes(content)
    assert refusal(lambda: verify(path)).code == "damaged_backup"


def test_no_file_and_a_directory_are_not_found(tmp_path: Path) -> None:
    for path in (tmp_path / "none.tar", tmp_path):
        with pytest.raises(NotFound):
            verify(path)


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


def _refused(path: Path) -> str:
    with pytest.raises(Unavailable) as refused:
        write(path)
    assert refused.value.code == "backup_not_written"
    assert str(path) in refused.value.message
    return refused.value.message


@pytest.mark.parametrize("size", [0, 3_000, 100_000])
def test_a_full_disk_is_told_and_leaves_the_older_backup_alone(tmp_path: Path, size: int) -> None:
    older = write(tmp_path / "teddy.tar").read_bytes()
    with _largest_file(size):
        assert "too large" in _refused(tmp_path / "teddy.tar")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"teddy.tar": older}


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    assert "No such file" in _refused(tmp_path / "nowhere" / "teddy.tar")
    (tmp_path / "folder.tar").mkdir()
    assert "directory" in _refused(tmp_path / "folder.tar")
    (tmp_path / "link.tar.part").symlink_to(tmp_path / "elsewhere")
    _refused(tmp_path / "link.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.tar", "link.tar.part"]


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def broken_off() -> None:
        with TarArchives().writing(tmp_path / "teddy.tar") as archive:
            archive.add_rows(*ROWS[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    part = tmp_path / "teddy.tar.part"
    part.write_bytes(b"x" * 1_000_000)
    part.chmod(0o644)
    path = write(tmp_path / "teddy.tar")
    assert read(path) == WHOLE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not part.exists()


def test_two_do_not_write_the_same_backup(tmp_path: Path) -> None:
    path = tmp_path / "teddy.tar"
    with TarArchives().writing(path) as first:
        with pytest.raises(Conflict) as refused:
            write(path)
        assert refused.value.code == "backup_runs"
        first.add_rows(*ROWS[0])
        first.seal(MANIFEST)
    assert TarArchives().reading(path).manifest == MANIFEST


def test_a_large_backup_takes_no_memory_for_what_has_passed(tmp_path: Path) -> None:
    with TarArchives().writing(tmp_path / "teddy.tar") as archive:
        for number in range(200):
            archive.add_object(f"{number:x}", io.BytesIO(b"x"))
        assert archive._tar.members == []  # type: ignore[attr-defined]
        archive.seal(replace(MANIFEST, objects=200))
    assert len(list(TarArchives().reading(tmp_path / "teddy.tar").objects())) == 200
