from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from studyteddy.domain.errors import Unavailable
from studyteddy.entrypoints.http.health import LIMIT_SECONDS, Check, Degraded, health_blueprint


def served(*checks: Check) -> FlaskClient:
    app = Flask("health")
    app.register_blueprint(health_blueprint(checks))
    return app.test_client()


def well() -> str | None:
    return None


def gone() -> str | None:
    raise Unavailable("It does not answer.", code="gone")


def worrying() -> str | None:
    raise Degraded("5 % free")


def ready(client: FlaskClient) -> tuple[int, Any]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json


def test_what_is_well_is_named_with_what_there_is_to_say() -> None:
    client = served(Check(name="database", look=well, needed=True), Check(name="schema", look=lambda: "revision 7"))
    checks = {"database": "ok", "schema": "ok"}
    assert ready(client) == (200, {"status": "ok", "checks": checks, "details": {"schema": "revision 7"}})


def test_a_needed_dependency_that_is_gone_makes_the_process_unavailable() -> None:
    client = served(Check(name="database", look=gone, needed=True), Check(name="queue", look=well))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["status"]) == (503, "unavailable")
    assert answer.json["checks"] == {"database": "unavailable", "queue": "ok"}
    assert int(answer.headers["Retry-After"]) > 0


def test_without_a_dependency_that_can_wait_the_process_is_degraded_but_ready() -> None:
    client = served(Check(name="database", look=well, needed=True), Check(name="queue", look=gone))
    status, answer = ready(client)
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["checks"] == {"database": "ok", "queue": "unavailable"}


def test_what_somebody_should_look_at_says_why() -> None:
    client = served(Check(name="disk", look=worrying, needed=True))
    checks = {"disk": "degraded"}
    assert ready(client) == (200, {"status": "degraded", "checks": checks, "details": {"disk": "5 % free"}})


def test_a_fault_tells_nothing_of_the_inside() -> None:
    def broken() -> str | None:
        raise OSError("postgresql://teddy:hunter2@10.0.0.7/")

    answer = served(Check(name="database", look=broken)).get("/health/ready")
    assert "hunter2" not in answer.text
    assert "10.0.0.7" not in answer.text


def test_a_dependency_that_hangs_holds_neither_the_probe_nor_more_than_one_thread() -> None:
    answered, looks = threading.Event(), []

    def hang() -> str | None:
        looks.append(threading.current_thread())
        answered.wait(60)
        return None

    client = served(Check(name="database", look=well, needed=True), Check(name="objects", look=hang))
    try:
        for _ in range(2):
            status, answer = ready(client)
            assert (status, answer["checks"]) == (200, {"database": "ok", "objects": "unavailable"})
            assert answer["details"]["objects"] == f"no answer within {LIMIT_SECONDS:g} s"
        assert len(looks) == 1
    finally:
        answered.set()
    looks[0].join()
    assert ready(client)[1]["checks"]["objects"] == "ok"


def test_many_probes_at_once_are_one_look() -> None:
    looks = []
    client = served(Check(name="database", look=lambda: looks.append("looked")))
    assert {ready(client)[0] for _ in range(5)} == {200}
    assert len(looks) == 1


def test_the_process_lives_whatever_it_depends_on() -> None:
    assert served(Check(name="database", look=gone, needed=True)).get("/health/live").json == {"status": "ok"}
