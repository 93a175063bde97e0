from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from e2e.server import Person, eventually, form
from engines.workers import WorkerProcess
from integration.serving.gunicorn import Gunicorn, free_port, metric_at

NOTES = b"# Osmosis\n\nOsmosis is the movement of water through a membrane.\n"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def workers(web: Gunicorn, environment: dict[str, str], port: int) -> Iterator[WorkerProcess]:
    """All workers under their supervisor, on the files of the web server."""
    own = {"STUDYTEDDY_HOME": str(web.home), "STUDYTEDDY_WORKER_METRICS_PORT": str(port), "PATH": os.environ["PATH"]}
    process = WorkerProcess([sys.executable, "-m", "studyteddy", "worker"], environment | own, web.home / "worker.log")
    try:
        yield process
        assert process.terminate() == 0
    finally:
        process.kill()


@pytest.fixture(scope="module")
def ada(web: Gunicorn) -> Person:
    return web.person("worker@example.org")


def test_what_a_worker_does_is_logged_under_the_request_that_asked_for_it(
    workers: WorkerProcess, web: Gunicorn, ada: Person
) -> None:
    body, kind = form(("file", "osmosis.md", NOTES))
    headers = {"Content-Type": kind, "X-Request-Id": "asked-for-this"}
    answer = ada.post("/documents", raw=body, headers=headers)
    assert answer.status == 202
    ada.ready(answer.json["document"]["id"], seconds=90)

    def done() -> object:
        lines = [line for line in workers.lines() if line.get("request_id") == "asked-for-this"]
        return [line for line in lines if line["job_id"] == answer.json["job_id"]]

    line = eventually(done)[0]
    assert line["job_kind"] == "ingest_document"
    assert '"asked-for-this"' in web.log()


def test_workers_tell_what_they_did_on_a_port_of_their_own(workers: WorkerProcess, ada: Person, port: int) -> None:
    ada.ready(ada.upload("again.md", NOTES + b"Again.\n").json["document"]["id"], seconds=90)
    done = {"kind": "ingest_document", "outcome": "done"}
    assert eventually(lambda: metric_at(f"127.0.0.1:{port}", "studyteddy_jobs_total", **done)) >= 1
    assert metric_at(f"127.0.0.1:{port}", "studyteddy_job_seconds_count", kind="ingest_document") >= 1


def test_the_job_table_is_told_by_the_web_server(web: Gunicorn, workers: WorkerProcess, ada: Person) -> None:
    ada.ready(ada.upload("third.md", NOTES + b"Third.\n").json["document"]["id"], seconds=90)
    assert web.plain("/health/ready").json["checks"]["jobs"] == "ok"
    assert eventually(lambda: web.metric("studyteddy_jobs_waiting") == 0, seconds=60)
