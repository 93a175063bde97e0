"""nginx with the configuration that is shipped in docker/nginx, on free ports and a directory of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "docker" / "nginx"

_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", str(PROJECT / ".venv/engines/bin"))
_MIME_TYPES = (
    "/etc/nginx/mime.types",
    "/usr/local/etc/nginx/mime.types",
    "/opt/homebrew/etc/nginx/mime.types",
    str(PROJECT / ".venv/engines/etc/nginx/mime.types"),
)
# nginx ends with whoever started it, whatever becomes of that: then the pipe to this shell closes.
_UNTIL_LET_GO = '"$@" </dev/null & child=$!; read -r _; kill $child; wait $child'
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


class Nginx:
    """``with Nginx(api="127.0.0.1:8000", sockets="127.0.0.1:8001") as nginx:``; ``nginx.address`` is the one origin.

    The upstreams need not be there. ``pages`` is a static export, ``files`` stand in for shipped ones of that name
    (``{"in_front.conf": ...}``), ``changes`` replace parts of the configuration, such as a limit that a test wants to
    reach, ``certificate`` is a directory with tls.crt and tls.key, and ``max_upload_mb`` is the setting of that name.
    Skips the test where nginx is not installed.
    """

    def __init__(
        self,
        *,
        api: str,
        sockets: str,
        pages: Path | None = None,
        files: Mapping[str, str] | None = None,
        changes: Mapping[str, str] | None = None,
        certificate: Path | None = None,
        max_upload_mb: int = 50,
    ) -> None:
        self.program = nginx_program()
        self.directory = Path(tempfile.mkdtemp(prefix="st-nginx-"))
        self.pages = pages or self.directory / "no-pages"
        self.address, self.inner_address, self.tls_address = (f"127.0.0.1:{port}" for port in _free_ports(3))
        self._upstreams = {"api:8000": api, "sockets:8001": sockets}
        self._files, self._changes = dict(files or {}), dict(changes or {})
        self._certificate, self._max_upload_mb = certificate, max_upload_mb
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Write the configuration, have nginx check it, and return once connections are taken."""
        self.render()
        checked = subprocess.run(self._call("-t"), check=False, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen(
            ["sh", "-c", _UNTIL_LET_GO, "sh", *self._call()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_it_listens()
        return self

    def stop(self) -> None:
        """End it at once, connections and all."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def log(self) -> str:
        """The access log."""
        return (self.directory / "access.log").read_text(errors="replace")

    def faults(self) -> str:
        """The error log."""
        return (self.directory / "error.log").read_text(errors="replace")

    def render(self) -> None:
        """The shipped files with our ports and paths. A text that is not found any more is a fault of this class."""
        for place in ("spool", "no-pages", "configuration"):
            (self.directory / place).mkdir(exist_ok=True)
        configuration = self.directory / "configuration"
        shutil.copy(_mime_types(), configuration / "mime.types")
        files = {path.name: path.read_text() for path in SHIPPED.glob("*.conf")} | self._files
        if self._certificate is not None:
            files["server.conf"] = files["server.tls.conf"]
            shutil.copytree(self._certificate, configuration / "tls", dirs_exist_ok=True)
        everything = "\n".join(files.values())
        for old in {**self._everywhere(), **self._changes}:
            assert old in everything, f"{old!r} does not stand in docker/nginx any more"
        for name, text in files.items():
            (configuration / name).write_text(self._ours(text))
        self._limit_uploads()

    def _limit_uploads(self) -> None:
        script = (SHIPPED / "upload-limit.sh").read_text().replace("/tmp/", f"{self.directory}/")
        settings = {**os.environ, "STUDYTEDDY_MAX_UPLOAD_MB": str(self._max_upload_mb)}
        subprocess.run(["sh", "-c", script], env=settings, check=True)

    def _everywhere(self) -> dict[str, str]:
        return {
            "/tmp/nginx.pid": f"{self.directory}/nginx.pid",
            "/tmp/upload.conf": f"{self.directory}/upload.conf",
            "/var/spool/nginx": f"{self.directory}/spool",
            "/dev/stderr": f"{self.directory}/error.log",
            "/dev/stdout": f"{self.directory}/access.log",
            "/srv/web": str(self.pages),
            "listen 8080": f"listen {self.address}",
            "listen 8081": f"listen {self.inner_address}",
            "listen 8443": f"listen {self.tls_address}",
            **self._upstreams,
        }

    def _ours(self, text: str) -> str:
        for old, new in {**self._changes, **self._everywhere()}.items():
            text = text.replace(old, new)
        # Addresses, unlike names, need no resolver; and what came with 1.25.1 and 1.27.3 is left out for older ones.
        text = re.sub(r"(?m)^\s*resolver .*\n", "", text).replace(" resolve ", " ")
        return text if self._version() >= (1, 25, 1) else re.sub(r"(?m)^\s*http2 on;\n", "", text)

    def _version(self) -> tuple[int, ...]:
        told = subprocess.run([self.program, "-v"], capture_output=True, text=True, check=True).stderr
        found = re.search(r"nginx/([\d.]+)", told)
        assert found, told
        return tuple(map(int, found.group(1).split(".")))

    def _call(self, *options: str) -> list[str]:
        # Started as root it would hand its work to an account that can't read our directory.
        settings = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        paths = ["-p", str(self.directory), "-c", str(self.directory / "configuration" / "nginx.conf")]
        return [self.program, *paths, "-e", str(self.directory / "error.log"), "-g", settings, *options]

    def _wait_until_it_listens(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self._listens():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise AssertionError(f"nginx did not start: {self.faults()[-2000:]}")
            time.sleep(0.01)

    def _listens(self) -> bool:
        host, _, port = self.address.partition(":")
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) == 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def nginx_program() -> str:
    """The path of nginx; without it the test is skipped."""
    found = shutil.which("nginx") or shutil.which("nginx", path=":".join(_PLACES))
    if found is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    return found


def _mime_types() -> str:
    return next(path for path in _MIME_TYPES if Path(path).exists())


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
