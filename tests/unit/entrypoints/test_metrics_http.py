from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix

from apps import MemoryApp
from studyteddy.entrypoints.http.metrics import measure, metrics_blueprint
from studyteddy.entrypoints.settings import Settings

TOKEN = "watch-me"


class Seen:
    """What was counted."""

    def __init__(self) -> None:
        self.answered: list[tuple[str, str, int]] = []
        self.open: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    def request_began(self, route: str) -> None:
        self.open[route] += 1
        self.most |= self.open

    def request_left(self, route: str) -> None:
        self.open[route] -= 1

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.answered.append((method, route, status))


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def client(seen: Seen) -> FlaskClient:
    app = Flask("measured")
    app.add_url_rule("/tasks/<int:number>", "task", lambda number: {"id": number}, methods=["GET", "PURGE"])
    app.add_url_rule("/stream", "stream", lambda: Response(iter("abc")))
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    measure(app, seen)
    return app.test_client()


def test_requests_are_counted_by_rule_whatever_their_address(client: FlaskClient, seen: Seen) -> None:
    client.get("/tasks/7?secret=1")
    client.get("/tasks/8")
    client.get("/wp-login.php")
    assert seen.answered == [*[("GET", "/tasks/<int:number>", 200)] * 2, ("GET", "none", 404)]


def test_methods_that_nobody_knows_are_one(client: FlaskClient, seen: Seen) -> None:
    client.open("/tasks/7", method="PURGE")
    client.open("/tasks/7", method="BREW")
    assert [method for method, _, _ in seen.answered] == ["other", "other"]


def test_a_stream_is_under_way_until_it_has_ended(client: FlaskClient, seen: Seen) -> None:
    answer = client.get("/stream", buffered=False)
    assert seen.open["/stream"] == 1
    assert answer.data == b"abc"
    answer.close()
    assert seen.open["/stream"] == 0


def test_what_breaks_is_not_under_way_for_ever(client: FlaskClient, seen: Seen) -> None:
    client.get("/broken").close()
    assert (seen.most["/broken"], seen.open["/broken"]) == (1, 0)


def guarded(token: str | None, *, proxies: int = 0) -> FlaskClient:
    app = Flask("guarded")
    app.register_blueprint(metrics_blueprint(lambda: b"counts\n", token=token))
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies)  # type: ignore[method-assign]
    return app.test_client()


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        (TOKEN, 401),
        ("Bearer é", 401),
        ("", 401),
    ],
)
def test_with_a_token_only_its_bearer_is_told(stated: str, status: int) -> None:
    answer = guarded(TOKEN).get("/metrics", headers={"Authorization": stated})
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("10.0.0.7", 403), ("", 403)]
)
def test_without_a_token_this_machine_is_told(address: str, status: int) -> None:
    assert guarded(None).get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_what_a_proxy_passes_on_is_not_from_this_machine(header: str) -> None:
    answer = guarded(None, proxies=1).get("/metrics", headers={header: "127.0.0.1"})
    assert answer.status_code == 403


def test_an_address_that_a_proxy_claims_is_not_believed() -> None:
    claimed: dict[str, Any] = {"REMOTE_ADDR": "10.0.0.7"}
    answer = guarded(None, proxies=1).get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, environ_base=claimed)
    assert answer.status_code == 403


@pytest.mark.parametrize(("proxies", "seen_as"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.4")])
def test_proxies_are_trusted_as_far_as_the_settings_say(tmp_path: Path, proxies: int, seen_as: str) -> None:
    stated = Settings(_env_file=None, STUDYTEDDY_HOME=tmp_path, STUDYTEDDY_TRUSTED_PROXIES=proxies)
    web = MemoryApp(tmp_path, settings=stated).web
    web.add_url_rule("/seen", view_func=lambda: f"{request.remote_addr} {request.host} {request.scheme}")
    forwarded = {
        "X-Forwarded-For": "198.51.100.4, 203.0.113.9",
        "X-Forwarded-Host": "study.example, study.example",
        "X-Forwarded-Proto": "https, https",
    }
    believed = "study.example https" if proxies else "localhost http"
    assert web.test_client().get("/seen", headers=forwarded).text == f"{seen_as} {believed}"
