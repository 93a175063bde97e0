"""A process behind nginx that tells what reached it, and a plain way to ask nginx."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from e2e.server import Answered


class Upstream:
    """Answers every request with its method, path, headers and length as JSON.

    A path that ends in ``/events`` gets one line, and a second once ``go_on`` is set; one that ends in ``/hang-up``
    gets a closed connection. ``met`` lists the requests as method and path.
    """

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.met: list[str] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream.met.append(f"{self.command} {self.path}")
                path = self.path.partition("?")[0]
                if path.endswith("/hang-up"):
                    self.close_connection = True
                elif path.endswith("/events"):
                    self.stream()
                else:
                    told = {"method": self.command, "path": self.path, "length": len(body)}
                    self.tell(json.dumps(told | {"headers": dict(self.headers.items())}).encode())

            do_GET = do_POST = do_PUT = do_HEAD = answer  # noqa: N815 - the base class calls them so

            def tell(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self) -> None:
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(b"data: first\n\n")
                if upstream.go_on.wait(20):
                    self.wfile.write(b"data: second\n\n")

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def ask(
    address: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    tls: bool = False,
) -> Answered:
    """One request on a connection of its own; a certificate is taken as it is."""
    host, _, port = address.partition(":")
    if tls:
        context = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, int(port), context=context)
    else:
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answered(answer.status, dict(answer.headers.items()), answer.read())
    finally:
        connection.close()
