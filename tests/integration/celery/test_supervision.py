from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import timedelta

import psutil
import pytest
import sqlalchemy as sa

from e2e.server import eventually
from engines.redis_server import RedisServer
from engines.workers import WorkerProcess, WorkPlace
from studyteddy.adapters.celery_jobs.app import celery_app
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.entrypoints.worker.schedule import (
    PURGE_JOBS,
    PURGE_KEPT_ANSWERS,
    PURGE_LOG_INS,
    PURGE_SECURITY_EVENTS,
)

STUBBORN = """
import signal, sys, time
from studyteddy.entrypoints.worker.supervisor import Supervisor

child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
sys.exit(Supervisor({"stubborn": [sys.executable, "-c", child]}, grace=0.3).run())
"""
PARENT = """
import os, sys
from studyteddy.entrypoints.worker.supervisor import Supervisor

child = (
    "import signal, sys, time; from studyteddy.entrypoints.worker.supervisor import end_with\\n"
    "def told(*_): print('told', flush=True); sys.exit()\\n"
    "signal.signal(signal.SIGTERM, told); end_with(int(sys.argv[1])); print('up', flush=True); time.sleep(60)"
)
Supervisor({"child": [sys.executable, "-c", child, str(os.getpid())]}).run()
"""
HASTY = """
import logging, sys
from studyteddy.entrypoints.worker.supervisor import Supervisor

logging.basicConfig(level="INFO")
sys.exit(Supervisor({"hasty": [sys.executable, "-c", "raise SystemExit(7)"]}, first_pause=0.05).run())
"""


def part(worker: WorkerProcess, role: str) -> psutil.Process | None:
    """The process of a role under a supervisor."""
    for child in psutil.Process(worker.pid).children():
        try:
            if role in child.cmdline():
                return child
        except psutil.Error:  # it is going
            continue
    return None


def test_the_supervisor_runs_every_part_and_starts_dead_ones_again(place: WorkPlace) -> None:
    supervisor = place.worker("all", ready=False)
    supervisor.has_logged("ready.", times=3)
    with place.desk() as desk:
        assert desk.over(desk.errand()).status is JobStatus.DONE
        assert desk.over(desk.upload("# Tides\n\nThe moon pulls the sea.").job_id).status is JobStatus.DONE
        dead = part(supervisor, "default")
        assert dead is not None
        dead.kill()
        eventually(lambda: (now := part(supervisor, "default")) and now.pid != dead.pid)
        assert desk.over(desk.errand()).status is JobStatus.DONE
    family = supervisor.children()
    assert supervisor.terminate() == 0
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert "started again" in supervisor.log()
    assert supervisor.lines()


def test_a_worker_is_told_to_stop_when_its_supervisor_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "up\n"
        family = psutil.Process(supervisor.pid).children()
        supervisor.kill()
        assert supervisor.stdout.readline() == "told\n"
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_a_part_that_does_not_stop_in_time_is_killed_and_told_by_the_exit_code() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "up\n"
        family = psutil.Process(supervisor.pid).children()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(20) == 1
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_part_that_ends_again_and_again_is_started_less_and_less_often() -> None:
    with subprocess.Popen([sys.executable, "-c", HASTY], stderr=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stderr is not None
        told = [supervisor.stderr.readline() for _ in range(3)]
        supervisor.send_signal(signal.SIGINT)
        supervisor.stderr.read()
        assert supervisor.wait(20) == 0
    assert all("hasty ended with code 7" in line for line in told), told


def test_beat_asks_for_sweeps_that_are_void_when_they_are_late(place: WorkPlace, queue_server: RedisServer) -> None:
    beat = place.worker("beat", ready=False)
    queue = queue_server.client()
    eventually(lambda: queue.llen("default") >= 2, seconds=20)
    asked = json.loads(queue.lrange("default", 0, 0)[0])
    queue.close()
    assert asked["headers"]["task"] == "studyteddy.sweep_jobs"
    assert asked["headers"]["expires"] is not None
    assert beat.terminate() == 0
    assert [line["event"] for line in beat.lines()] == ["beat starts", "beat stops"]


def test_a_worker_purges_what_beat_asks_it_to(place: WorkPlace) -> None:
    place.worker("default")
    with place.desk() as desk:
        old, fresh = desk.errand(), desk.errand()
        for job_id in (old, fresh):
            desk.over(job_id)
        long_ago = desk.container.clock()() - timedelta(days=31)
        with desk.container.engine().begin() as connection:
            connection.execute(sa.text("update jobs set updated_at = :at where id = :id"), {"at": long_ago, "id": old})
        app = celery_app(place.environment["REDIS_URL"])
        for duty in (PURGE_JOBS, PURGE_KEPT_ANSWERS, PURGE_LOG_INS, PURGE_SECURITY_EVENTS):
            app.send_task(duty, queue="default")
        app.close()
        with desk.container.engine().connect() as connection:
            count = sa.text("select count(*) from jobs where id = :id")
            eventually(lambda: connection.execute(count, {"id": old}).scalar_one() == 0)
        assert desk.job(fresh).status is JobStatus.DONE


def test_workers_belong_to_the_production_profile(place: WorkPlace) -> None:
    place.environment["STUDYTEDDY_PROFILE"] = "embedded"
    worker = place.worker(ready=False)
    assert worker.process.wait(30) == 2
    assert "STUDYTEDDY_PROFILE" in worker.log()


@pytest.mark.parametrize("role", ["all", "beat"])
def test_a_number_of_tasks_goes_with_one_queue(place: WorkPlace, role: str) -> None:
    worker = place.worker(role, "--concurrency", "2", ready=False)
    assert worker.process.wait(30) == 2
    assert "--concurrency" in worker.log()
