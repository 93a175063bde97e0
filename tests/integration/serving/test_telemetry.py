from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from e2e.server import eventually
from integration.serving.gunicorn import Gunicorn


class Collector(ThreadingHTTPServer):
    """Takes what is posted to it, by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[tuple[str, bytes]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def bodies(self, path: str) -> list[bytes]:
        return [body for where, body in self.taken if where == path]


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.server.taken.append((self.path, gzip.decompress(body) if zipped else body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def broken_tasks(database_url: str) -> Iterator[None]:
    """Adding a task fails in a way that nobody expects, with a person's address in its words."""
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(
            "create function break_down() returns trigger language plpgsql as "
            "$$begin raise exception 'what of wilhelmina@example.org'; end$$"
        )
        connection.execute("create trigger broken before insert on tasks for each row execute function break_down()")
        yield
        connection.execute("drop trigger broken on tasks")
        connection.execute("drop function break_down")


@pytest.mark.parametrize("arguments", [(), ("--sockets",)], ids=["web", "sockets"])
def test_an_error_is_reported_and_traced_without_anything_of_the_person(
    home: Path, environment: dict[str, str], collector: Collector, broken_tasks: None, arguments: tuple[str, ...]
) -> None:
    reporting = {
        "SENTRY_DSN": f"http://public@{collector.address}/1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{collector.address}",
    }
    with Gunicorn(home, environment | reporting, arguments) as server:
        # A name whose letters no identifier in hexadecimal digits can hold by chance.
        person = server.person(f"wilhelmina{len(arguments)}@example.org")
        token = person.login["access_token"]
        broken = person.post("/tasks?secret=plan", {"title": "my diary"}, headers={"X-Request-Id": "request-7"})
        assert (broken.status, broken.code) == (500, "internal_error")
        (envelope,) = eventually(lambda: collector.bodies("/api/1/envelope/"))
        server.terminate()
        server.ended()

    event = json.loads(envelope.splitlines()[2])
    assert event["tags"]["request_id"] == "request-7"
    assert {fault["type"] for fault in event["exception"]["values"]} >= {"RaiseException"}
    assert event["exception"]["values"][0]["stacktrace"]["frames"]
    traces = b"".join(collector.bodies("/v1/traces"))
    for private in (b"wilhelmina", b"example.org", b"my diary", b"plan", token.encode(), b"127.0.0.1", b"hedgehog"):
        assert private not in envelope, private
        assert private not in traces
    assert "POST /api/v1/tasks" in {span["name"] for span in spans(collector)}
    (span,) = [span for span in spans(collector) if span["name"] == "POST /api/v1/tasks"]
    assert span["attributes"]["request_id"] == "request-7"
    assert span["attributes"]["http.response.status_code"] == 500


def spans(collector: Collector) -> list[dict[str, Any]]:
    """What was traced: names and attributes."""
    found = []
    for body in collector.bodies("/v1/traces"):
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    values = {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
                    found.append({"name": span.name, "attributes": values})
    return found
