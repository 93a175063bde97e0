"""The whole web application over the memory adapters, for tests that speak HTTP without a socket or a database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from dependency_injector import providers
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders import NOW, PASSWORD, TickingClock
from limitless import LIMITLESS
from studyteddy.adapters.in_memory.security import OpaqueTokens, ScryptPasswords
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.http.client import client_at_hand
from studyteddy.entrypoints.security_news import SecurityNews
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.web_app import build_app

BASE = "/api/v1"
ACCESS_LIFETIME = timedelta(days=1)


class MemoryApp:
    """The application as ``web_app`` builds it, with every adapter that reaches outside replaced by one in memory."""

    def __init__(self, home: Path, **adapters: object) -> None:
        """``adapters`` stand in for providers of the container, by name."""
        self.clock = TickingClock()
        self.store = Store()
        self.container = Container(settings=Settings(_env_file=None, STUDYTEDDY_HOME=home, **LIMITLESS))
        nothing: providers.Object[None] = providers.Object(None)
        self.container.engine.override(nothing)
        self.container.clock.override(providers.Object(self.clock))
        self.container.unit_of_work.override(providers.Object(self.unit_of_work))
        self.container.passwords.override(providers.Object(ScryptPasswords()))
        self.container.access_tokens.override(providers.Object(OpaqueTokens(ACCESS_LIFETIME)))
        for name, adapter in adapters.items():
            getattr(self.container, name).override(providers.Object(adapter))
        self.web = build_app(self.container)

    def unit_of_work(self) -> InMemoryUnitOfWork:
        return InMemoryUnitOfWork(
            self.store,
            self.container.bell().ring,
            self.container.attempt_at_hand(),
            client=client_at_hand,
            tell=SecurityNews(self.container.events()),
        )

    def reset(self) -> None:
        """Forget everybody and everything, which is quicker than building another application."""
        self.store = Store()
        self.clock.now = NOW

    def run_jobs(self) -> None:
        """Do all that waits; the letters that people got when they registered are among it."""
        while self.container.run_next_job()():
            continue

    def anonymous(self) -> Visitor:
        return Visitor(self.web.test_client())

    def person(self, email: str = "ada@example.org", **fields: Any) -> Visitor:
        """Somebody who has just registered."""
        visitor = self.anonymous()
        registration = {"email": email, "password": PASSWORD, "display_name": "Ada", **fields}
        answer = visitor.post("/auth/register", registration)
        assert answer.status_code == 201, answer.text
        visitor.tokens = answer.json
        return visitor


class Visitor:
    """One device that talks to the application, with its tokens once it is logged in."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.tokens: dict[str, Any] = {}

    def send(self, method: str, path: str, body: object = None, **options: Any) -> TestResponse:
        """A request to a path under the API's base; ``body`` is sent as JSON unless it is None."""
        headers = dict(options.pop("headers", {}))
        if self.tokens:
            headers.setdefault("Authorization", f"Bearer {self.tokens['access_token']}")
        if body is not None:
            options["json"] = body
        return self.client.open(BASE + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self.send("POST", path, body, **options)

    def patch(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self.send("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.send("DELETE", path, **options)


def problem(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a problem document, checked for its shape on the way."""
    assert answer.mimetype == "application/problem+json", answer.text
    document = answer.json
    assert {"type", "title", "status", "detail", "code", "instance"} <= set(document)
    assert document["status"] == answer.status_code
    assert document["detail"].strip()
    return answer.status_code, document["code"]


def faulty_fields(answer: TestResponse) -> set[str]:
    """The fields that a problem document names."""
    return {fault["field"] for fault in answer.json.get("errors", [])}
