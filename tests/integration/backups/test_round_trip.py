"""Everything that is kept, written to a file and made again from it, with the real PostgreSQL and both stores."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from backup_places import NewPlace, Place, fill
from builders import NOW
from engines.pgbouncer import PgBouncer
from engines.s3_server import S3Bucket
from studyteddy.adapters.backup_archive.archives import TarArchives
from studyteddy.adapters.postgres.backup import snapshot as snapshots
from studyteddy.adapters.postgres.backup.database import PostgresCopies
from studyteddy.adapters.postgres.migrate import current_revision, known_revisions, migrate
from studyteddy.adapters.s3_objects import S3Objects
from studyteddy.domain.errors import Conflict, Invalid, Unavailable

PENDING = "status in ('queued', 'running')"


@pytest.fixture
def full(new_place: NewPlace) -> Place:
    place = new_place("full")
    fill(place)
    return place


@pytest.fixture
def backup(full: Place, tmp_path: Path) -> Path:
    path = tmp_path / "teddy.tar"
    full.back_up()(path=path)
    return path


def _settled(place: Place) -> dict[str, list[str]]:
    """The rows, as they are once nobody works on a job."""
    place.run(f"update jobs set status = 'queued', lease_until = null, sent_at = null where {PENDING}")
    return place.rows()


def test_every_value_of_every_table_comes_back_and_every_file(full: Place, new_place: NewPlace, backup: Path) -> None:
    empty = new_place("empty", migrated=False)
    manifest = empty.restore()(path=backup)
    assert empty.rows() == _settled(full)
    assert empty.files() == full.files()
    assert (manifest.objects, manifest.object_bytes) == (12, sum(map(len, full.files().values())))
    assert {copied.table.name: copied.rows for copied in manifest.tables} == {
        name: len(rows) for name, rows in full.rows().items()
    } | {"operations": 12}
    assert (empty.home / "signing-secret").read_text() == "the secret of full"


def test_a_restored_schema_is_that_of_a_migrated_one(full: Place, new_place: NewPlace, backup: Path) -> None:
    empty = new_place("empty", migrated=False)
    empty.restore()(path=backup)
    catalogue = """
        select indexdef from pg_indexes where schemaname = 'public'
        union all select conrelid::regclass::text || conname || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace order by 1"""
    assert empty.scalars(catalogue) == full.scalars(catalogue)


def test_sequences_go_on_where_they_were(full: Place, new_place: NewPlace, backup: Path) -> None:
    empty = new_place("empty")
    empty.restore()(path=backup)
    last = full.scalars("select max(seq) from reviews")
    assert empty.scalars("select nextval(pg_get_serial_sequence('reviews', 'seq'))") == [last[0] + 1]


def test_running_jobs_wait_again_and_no_message_is_thought_to_be_under_way(
    full: Place, new_place: NewPlace, backup: Path
) -> None:
    assert full.scalars("select count(*) from jobs where status = 'running'")[0] > 0
    empty = new_place("empty")
    empty.restore()(path=backup)
    assert empty.scalars("select count(*) from jobs where status = 'running'") == [0]
    assert empty.scalars("select count(*) from jobs where status = 'queued' and sent_at is not null") == [0]


def test_log_ins_go_on_unless_they_are_ended(full: Place, new_place: NewPlace, backup: Path) -> None:
    open_ones = "select count(*) from auth_sessions where ended_at is null"
    assert full.scalars(open_ones)[0] > 0
    same, other = new_place("same"), new_place("other")
    same.restore()(path=backup)
    other.restore()(path=backup, end_logins=True)
    assert same.scalars(open_ones) == full.scalars(open_ones)
    assert other.scalars(open_ones) == [0]
    assert NOW in other.scalars("select ended_at from auth_sessions")


def test_a_backup_goes_from_a_disk_to_a_bucket_and_back(
    full: Place, new_place: NewPlace, backup: Path, s3: S3Bucket, tmp_path: Path
) -> None:
    server = s3.server
    bucket = S3Objects.open_bucket(
        s3.name, region=server.region, endpoint_url=server.endpoint, access_key=server.access_key,
        secret_key=server.secret_key,
    )  # fmt: skip
    hosted = new_place("hosted", objects=bucket)
    hosted.key_names = ()  # its key is a setting
    hosted.restore()(path=backup)
    assert sorted(s3.keys()) == full.storage_keys()
    assert (hosted.home / "signing-secret").read_text() == "the secret of hosted"
    again = tmp_path / "again.tar"
    assert hosted.back_up()(path=again).keys == ()
    laptop = new_place("laptop")
    laptop.restore()(path=again)
    assert (laptop.rows(), laptop.files()) == (_settled(full), full.files())
    bucket.close()


def test_where_no_way_around_a_pooler_is_named_it_goes_through_it(
    new_place: NewPlace, tmp_path: Path, pooler: PgBouncer
) -> None:
    full, empty = new_place("full", way=pooler), new_place("empty", migrated=False, way=pooler)
    fill(full)
    full.back_up()(path=tmp_path / "teddy.tar")
    empty.restore()(path=tmp_path / "teddy.tar")
    assert (empty.rows(), empty.files()) == (_settled(full), full.files())


def test_large_tables_go_in_blocks(
    full: Place, new_place: NewPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "BLOCK", 500)
    path = tmp_path / "teddy.tar"
    full.back_up()(path=path)
    blocks = [table for table, _ in TarArchives().reading(path).rows()]
    assert blocks.count("tasks") > 2
    empty = new_place("empty")
    empty.restore()(path=path)
    assert empty.rows() == _settled(full)


@pytest.mark.parametrize("revision", ["0004_documents", "0007_study_sessions", "0010_request_attempts"])
def test_a_backup_of_an_older_schema_is_brought_up_to_date(new_place: NewPlace, tmp_path: Path, revision: str) -> None:
    old = new_place("old", migrated=False)
    migrate(old.engine, revision)
    old.run(
        "insert into users values (:id, 'a@b.org', 'Ada', '-', '{student}', 'UTC', 4, '{60,60,60,60,60,60,60}', false,"
        " 1, now(), now())",
        id=UUID(int=1),
    )
    path = tmp_path / "old.tar"
    manifest = old.back_up()(path=path)
    assert manifest.revision == revision
    empty = new_place("empty", migrated=False)
    empty.restore()(path=path)
    assert current_revision(empty.engine) == known_revisions()[0]
    (before,), (after,) = old.rows()["users"], empty.rows()["users"]
    assert after.startswith(before.removesuffix(")"))  # what newer schemas add stands behind it


def test_every_table_of_every_revision_is_copied(new_place: NewPlace) -> None:
    place = new_place("growing", migrated=False)
    for revision in reversed(known_revisions()):
        migrate(place.engine, revision)
        with PostgresCopies(place.engine).snapshot() as snapshot:
            copied = {table.name for table in snapshot.tables}
        assert copied == set(sa.inspect(place.engine).get_table_names()) - {"alembic_version"}


def test_the_file_is_for_its_owner_alone_and_nothing_lies_beside_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir() if path.is_file()] == [backup.name]


def test_a_backup_can_take_the_place_of_an_older_one(full: Place, backup: Path) -> None:
    before = backup.read_bytes()
    full.run("update users set display_name = 'Grace'")
    full.back_up()(path=backup)
    assert backup.read_bytes() != before
    assert full.verify()(path=backup).rows > 0


def test_a_verified_backup_is_noted_with_the_moment_of_its_rows(full: Place, new_place: NewPlace, backup: Path) -> None:
    assert full.last_backup() == NOW
    empty = new_place("empty")
    assert empty.last_backup() is None
    empty.restore()(path=backup)
    assert empty.last_backup() == NOW


def test_writers_are_not_held_up_and_the_rows_are_those_of_one_moment(
    full: Place, new_place: NewPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "BLOCK", 500)
    before = _settled(full)
    path = tmp_path / "teddy.tar"
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            full.run("insert into operations values (gen_random_uuid()::text, now())")
            full.run("update users set version = version + 1")
            full.run("update tasks set version = version + 1")
            written += 1

    with PostgresCopies(full.engine).snapshot() as snapshot:
        writer = threading.Thread(target=write)
        writer.start()
        try:
            first = b"".join(snapshot.rows(next(table for table in snapshot.tables if table.name == "users")))
            while written < 5:
                pass
            again = b"".join(snapshot.rows(next(table for table in snapshot.tables if table.name == "users")))
        finally:
            stop.set()
            writer.join()
    assert first == again
    assert full.rows() != before
    full.back_up()(path=path)
    empty = new_place("empty")
    empty.restore()(path=path)
    assert empty.rows() == full.rows()


def test_a_file_that_is_gone_is_noted_and_the_rest_is_kept(full: Place, new_place: NewPlace, tmp_path: Path) -> None:
    gone = full.storage_keys()[3]
    full.objects.delete(gone)
    path = tmp_path / "teddy.tar"
    assert full.back_up()(path=path).lacking == (gone,)
    empty = new_place("empty")
    assert empty.restore()(path=path).lacking == (gone,)
    assert empty.rows() == _settled(full)


def test_a_place_that_is_in_use_is_not_overwritten_by_accident(full: Place, new_place: NewPlace, backup: Path) -> None:
    other = new_place("other")
    fill(other, rows=3, seed=8)
    before = other.rows(), other.files()
    for choice, code in (({}, "not_empty"), ({"replace": True}, "not_sure"), ({"sure": True}, "not_empty")):
        with pytest.raises(Conflict, match="3 accounts and 3 documents") as refused:
            other.restore()(path=backup, **choice)
        assert refused.value.code == code
    assert (other.rows(), other.files()) == before


def test_a_place_can_be_replaced_with_its_files(full: Place, new_place: NewPlace, backup: Path) -> None:
    other = new_place("other")
    fill(other, rows=3, seed=8)
    theirs = other.storage_keys()
    other.restore()(path=backup, replace=True, sure=True)
    rows, wanted = other.rows(), _settled(full)
    # Who asked to be forgotten stays forgotten, whatever is restored over it.
    assert set(rows.pop("tombstones")) > set(wanted.pop("tombstones"))
    assert (rows, other.files()) == (wanted, full.files())
    assert not [path for key in theirs for path in other.home.rglob(key.rpartition("/")[2])]


def test_a_place_can_be_set_back_to_its_own_backup(full: Place, backup: Path) -> None:
    before = full.files()
    full.run("delete from users where id in (select id from users limit 5)")
    full.restore()(path=backup, replace=True, sure=True)
    assert full.files() == before
    assert full.scalars("select count(*) from users") == [12]


def test_a_restore_that_is_broken_off_changes_nothing_and_can_be_run_again(
    full: Place, new_place: NewPlace, backup: Path
) -> None:
    empty = new_place("empty")
    whole = empty.objects

    class Broken:
        count = 0

        def put(self, key: str, content: object) -> None:
            self.count += 1
            if self.count == 5:
                raise Unavailable("The disk is full.")
            whole.put(key, content)  # type: ignore[arg-type]

        def keys(self, prefix: str) -> Iterator[str]:
            return whole.keys(prefix)

    empty.objects = Broken()  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        empty.restore()(path=backup)
    assert not any(empty.rows().values())
    assert (empty.home / "signing-secret").read_text() == "the secret of empty"
    empty.objects = whole
    empty.restore()(path=backup)
    assert (empty.rows(), empty.files()) == (_settled(full), full.files())


def test_a_database_of_a_newer_program_is_neither_copied_nor_replaced(full: Place, backup: Path) -> None:
    full.run("update alembic_version set version_num = '9999_future'")
    for use in (
        lambda: full.back_up()(path=backup.with_name("other.tar")),
        lambda: full.restore()(path=backup, replace=True, sure=True),
    ):
        with pytest.raises(Conflict) as refused:
            use()
        assert refused.value.code == "newer_schema"
    assert not backup.with_name("other.tar").exists()


def test_an_empty_database_is_no_backup(new_place: NewPlace, tmp_path: Path) -> None:
    path = tmp_path / "teddy.tar"
    with pytest.raises(Conflict) as refused:
        new_place("empty", migrated=False).back_up()(path=path)
    assert refused.value.code == "no_schema"
    assert not list(tmp_path.glob("teddy*"))


def test_rows_that_break_a_rule_of_the_database_are_refused_and_nothing_is_changed(
    full: Place, new_place: NewPlace, tmp_path: Path
) -> None:
    full.run("alter table cards drop constraint fk_cards_deck_id_decks")
    full.run("delete from decks")
    path = tmp_path / "teddy.tar"
    full.back_up()(path=path)
    empty = new_place("empty")
    with pytest.raises(Invalid) as refused:
        empty.restore()(path=path)
    assert refused.value.code == "backup_misfit"
    assert not any(empty.rows().values())
