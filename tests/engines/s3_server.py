"""An S3 store on the loopback address, in a process of its own: moto's server, which keeps everything in memory."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCESS_KEY, SECRET_KEY = "teddy", "teddys-own-key"
REGION = "us-east-1"
_STOP_SECONDS = 10


@dataclass
class S3Server:
    """Started by ``start`` or ``with``. It ends with the process that started it, whatever becomes of that."""

    endpoint: str = ""
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    region: str = REGION
    _process: subprocess.Popen[str] = field(init=False, repr=False)

    def start(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.endpoint = self._said()
        return self

    def stop(self) -> None:
        """End it, with all that it keeps."""
        self._process.send_signal(signal.SIGCONT)
        self._process.kill()
        self._process.wait(_STOP_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        if (client := self.__dict__.pop("client", None)) is not None:
            client.close()

    def refuse(self) -> None:
        """Take no connections until ``recover``; what is kept stays."""
        self._told("refuse")

    def pause(self) -> None:
        """Hang: connections are taken and never answered, until ``recover``."""
        self._process.send_signal(signal.SIGSTOP)

    def recover(self) -> None:
        """Answer again, or still."""
        self._process.send_signal(signal.SIGCONT)
        self._told("accept")

    def bucket(self) -> str:
        """A new, empty bucket."""
        name = f"teddy-{uuid.uuid4().hex}"
        self.client.create_bucket(Bucket=name)
        return name

    @cached_property
    def client(self) -> S3Client:
        """A client of the tests' own, to look behind the adapter's back."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}),
        )

    def _told(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        assert self._said() == command

    def _said(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, f"the S3 server ended with {self._process.poll()}"
        return line

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True)
class S3Bucket:
    """A bucket and the store that it is in."""

    server: S3Server
    name: str

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a Study Teddy that keeps its files here."""
        return {
            "S3_BUCKET": self.name,
            "S3_REGION": self.server.region,
            "S3_ENDPOINT_URL": self.server.endpoint,
            "S3_ACCESS_KEY": self.server.access_key,
            "S3_SECRET_KEY": self.server.secret_key,
        }

    def keys(self) -> list[str]:
        """What lies in the bucket."""
        pages = self.server.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def unfinished(self) -> list[str]:
        """The keys of uploads in parts that were neither finished nor given up."""
        found = self.server.client.list_multipart_uploads(Bucket=self.name)
        return [upload["Key"] for upload in found.get("Uploads", [])]


def _serve() -> None:
    """The server's own process: the address first, then an echo of each command that was carried out."""
    import threading

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import BaseWSGIServer, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application: Any = DomainDispatcherApplication(create_backend_app)

    def listening(port: int) -> BaseWSGIServer:
        server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    server: BaseWSGIServer | None = listening(0)
    port = server.server_port if server else 0
    print(f"http://127.0.0.1:{port}", flush=True)
    for command in map(str.strip, sys.stdin):
        if command == "refuse" and server is not None:
            server.shutdown()
            server.server_close()
            server = None
        elif command == "accept" and server is None:
            server = listening(port)
        print(command, flush=True)


if __name__ == "__main__":
    _serve()
