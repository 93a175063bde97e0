"""PostgreSQL dies under writes: whatever was acknowledged is there afterwards, and the rest goes on by itself."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import psutil
import pytest

from drills.writers import Ledger, Writers
from e2e.server import OpenServer, Person, Server
from invariants import assert_invariants

CYCLES = 50 if os.environ.get("DRILL") else 10
CLIENTS = 4

pytestmark = pytest.mark.drill


def test_no_acknowledged_write_is_lost_when_postgres_is_killed_under_writes(
    tmp_path: Path, open_server: OpenServer
) -> None:
    with open_server(tmp_path / "home") as server:
        people = [server.person(f"writer{number}@example.org") for number in range(CLIENTS)]
        ledger = Ledger(tmp_path / "acknowledged")
        pauses = []
        with Writers(people, ledger) as writers:
            writers.until_more(5 * CLIENTS)
            for _ in range(CYCLES):
                pauses.append(killed(server, writers))
                known = ledger.frozen()
                assert_invariants(server.database_url(), acknowledged={"tasks": known})
        known = ledger.frozen()
        assert_invariants(server.database_url(), acknowledged={"tasks": known})
        listed = {task["id"] for person in people for task in person.everything("/tasks")}
        assert known <= listed
        print(
            f"\n{CYCLES} kills, {len(known)} acknowledged writes, none lost; the next good answer after"
            f" {statistics.median(pauses):.1f} s in the middle, {max(pauses):.1f} s at worst; {dict(writers.answers)}"
        )
        assert set(writers.answers) <= {"201", "503 database_unavailable", "503 database_busy"}
        assert writers.without_retry_after == 0
        assert "request.crashed" not in server.log()
        for person in people:
            Person(server).ok("POST", "/auth/refresh", {"refresh_token": person.login["refresh_token"]})


def killed(server: Server, writers: Writers) -> float:
    """Kill PostgreSQL with all its processes; the seconds until somebody's write is acknowledged again."""
    processes = server.postgres()
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=10)
    began = time.monotonic()
    writers.until_more(2 * CLIENTS)
    pause = time.monotonic() - began
    writers.until_more(10 * CLIENTS)
    return pause
