"""The embedded server: one process, a thread for each request, stopped cleanly by Ctrl-C."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from studyteddy.entrypoints.faults import PortInUse
from studyteddy.entrypoints.http.errors import refusal_document
from studyteddy.entrypoints.http.headers import ALWAYS


class _Handler(WSGIRequestHandler):
    """Keeps connections alive, gives up on silent ones, and leaves logging to the application."""

    protocol_version = "HTTP/1.1"
    timeout = 75

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: ARG002
        return

    def version_string(self) -> str:
        return "StudyTeddy"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What isn't HTTP, or too much of it, never reaches the application; it is told like everything else."""
        body = json.dumps(refusal_document(int(code), instance="")).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in ALWAYS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def listen(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that is bound but not yet serving. Port 0 takes a free one. Raises ``PortInUse``."""
    try:
        return make_server(host, port, app, threaded=True, request_handler=_Handler)
    except (OSError, SystemExit) as error:
        message = f"Port {port} on {host} is in use or not allowed. Choose another, for example PORT={port + 1}."
        raise PortInUse(message) from error


def serve_until_stopped(server: BaseWSGIServer, *, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished as far as they are quick."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    thread = threading.Thread(target=server.serve_forever, name="http", daemon=True)
    thread.start()
    ready()
    stop.wait()
    server.shutdown()
    thread.join()
    server.server_close()
