"""What this machine has: Python, packages, room, a port."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.faults import SettingsFault

if TYPE_CHECKING:
    from studyteddy.entrypoints.settings import Settings

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
_PATIENCE = 3.0


def python(version: tuple[int, ...]) -> Finding:
    found = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return Finding("Python", False, f"{found} is too old; install 3.11 or newer")
    return Finding("Python", True, found)


def packages(settings: Settings) -> Iterator[Finding]:
    """Whether what the settings ask for is installed."""
    from studyteddy.entrypoints.settings import Profile
    from studyteddy.entrypoints.telemetry import require_packages

    if settings.profile is Profile.PRODUCTION:
        missing = [name for name in ("gunicorn", "gevent", "celery") if find_spec(name) is None]
        words = (
            f"{', '.join(missing)} missing; install studyteddy[production]" if missing else "gunicorn, gevent, celery"
        )
        yield Finding("servers", not missing, words)
    try:
        require_packages(settings)
    except SettingsFault as faults:
        for fault in faults.faults:
            yield Finding("telemetry", False, fault)


def home(directory: Path) -> Finding:
    """Whether files can be made in the data directory; it is not made just to see."""
    existing = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as fault:
        advice = "give it to the user who runs Study Teddy, or set STUDYTEDDY_HOME to another one"
        return Finding("data directory", False, f"{directory} can't be written ({fault.strerror}); {advice}")
    return Finding("data directory", True, str(directory))


def disk(directory: Path, least: int = LEAST_FREE_BYTES) -> Finding:
    existing = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free
    words = f"{free / 1e9:.1f} GB free"
    if free < least:
        return Finding("disk", False, f"{words}; make room for at least {least / 1e9:.0f} GB")
    return Finding("disk", True, words)


def free_port(host: str, port: int, *, part: str = "port") -> Finding:
    """Whether the port can be listened on; a Study Teddy that runs there already is fine."""
    if _teddy_answers(host, port):
        return Finding(part, True, f"Study Teddy runs at http://{host}:{port}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as fault:
            advice = f"end what listens there, or choose another: PORT={port + 1}"
            return Finding(part, False, f"{port} on {host} can't be used ({fault.strerror}); {advice}")
    return Finding(part, True, f"{port} on {host} is free")


def _teddy_answers(host: str, port: int) -> bool:
    with closing(HTTPConnection(host, port, timeout=_PATIENCE)) as http:
        try:
            http.request("GET", "/health/live")
            answer = http.getresponse()
            return answer.status == HTTPStatus.OK and answer.read(100).strip().startswith(b'{"status":"ok"')
        except (OSError, HTTPException):
            return False
