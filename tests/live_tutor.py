"""The application over the memory adapters behind a real port, with a model of the test's choice, and a client."""

from __future__ import annotations

import functools
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import websocket
from dependency_injector import providers

from studyteddy.adapters.in_memory.security import OpaqueTokens, ScryptPasswords
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.ports.chat_model import ChatModel
from studyteddy.domain.documents import Document, LocatorUnit, MediaType, Section
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.retrieval.chunking import chunk_section
from studyteddy.domain.retrieval.lexical import build_postings
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.security_news import SecurityNews
from studyteddy.entrypoints.serving import listen
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.web_app import build_app

BASE = "/api/v1"
PASSWORD = "seven purple hedgehogs"


def keep_document(unit_of_work: Any, owner: UserId, filename: str, pages: list[str]) -> DocumentId:
    """A document that is ready, a chunk or more to a page, found by the words that the analyzer sees in it."""
    document_id, now = DocumentId(uuid4()), datetime.now(UTC)
    sections = [
        Section(unit=LocatorUnit.PAGE, number=number, label=None, text=text) for number, text in enumerate(pages, 1)
    ]
    chunks: list[Any] = []
    for section in sections:
        chunks += chunk_section(document_id, section, first_index=len(chunks))
    document = Document.create(
        id=document_id,
        owner=owner,
        filename=filename,
        media_type=MediaType.TEXT,
        size=1,
        sha256=document_id.hex * 2,
        title=filename.partition(".")[0],
        subject=None,
        now=now,
    )
    analyzer = SnowballAnalyzer()
    with unit_of_work() as uow:
        uow.documents.add(document)
        uow.documents.put_sections(owner, document_id, sections)
        uow.chunk_writer.put(owner, document_id, chunks)
        uow.chunk_writer.put_postings(owner, document_id, build_postings([analyzer.terms(c.text) for c in chunks]))
        ready = document.finished(
            page_count=len(pages), chunk_count=len(chunks), summary=None, key_concepts=(), now=now
        )
        uow.documents.save(ready)
        uow.commit()
    return document_id


class LiveTutor:
    """A context manager: the server and its workers run inside it."""

    def __init__(
        self,
        home: Path,
        model: ChatModel | None = None,
        *,
        check_seconds: float = 30.0,
        heartbeat: float = 15.0,
        max_attempts: int = 1,
    ) -> None:
        self.container = Container(settings=Settings(_env_file=None, STUDYTEDDY_HOME=home))
        nothing: providers.Object[None] = providers.Object(None)
        ring = self.container.bell().ring
        self.unit_of_work = functools.partial(
            InMemoryUnitOfWork, Store(), ring, tell=SecurityNews(self.container.events())
        )
        self.container.engine.override(nothing)
        self.container.unit_of_work.override(providers.Object(self.unit_of_work))
        self.container.passwords.override(providers.Object(ScryptPasswords()))
        self.container.access_tokens.override(providers.Object(OpaqueTokens()))
        if model is not None:
            self.container.chat_model.override(providers.Object(model))
        self.container.access_check_seconds.override(providers.Object(check_seconds))
        self.container.heartbeat_seconds.override(providers.Object(heartbeat))
        self.container.answer_question.add_kwargs(max_attempts=max_attempts)

    def __enter__(self) -> Self:
        app = build_app(self.container)
        self._server = listen(app, "127.0.0.1", 0)
        self.host = f"127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._runner = self.container.runner()
        self._runner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def person(self, email: str = "ada@example.org") -> LivePerson:
        visitor = LivePerson(self, "")
        status, answer = visitor.call(
            "POST", "/auth/register", {"email": email, "password": PASSWORD, "display_name": "Ada"}
        )
        assert status == 201, answer
        return LivePerson(self, answer["access_token"], UserId(UUID(answer["user"]["id"])))


class LivePerson:
    """Somebody with a token, over real HTTP and real sockets."""

    def __init__(self, app: LiveTutor, token: str, user_id: UserId | None = None) -> None:
        self.app = app
        self.token = token
        self.user_id = user_id

    def keep(self, filename: str, *pages: str) -> DocumentId:
        assert self.user_id is not None
        return keep_document(self.app.unit_of_work, self.user_id, filename, list(pages))

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        try:
            with self.open(method, path, body) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def open(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        request = urllib.request.Request(f"http://{self.app.host}{BASE}{path}", method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        return urllib.request.urlopen(request, timeout=30)

    def ticket(self) -> str:
        status, answer = self.call("POST", "/ws/ticket")
        assert status == 200, answer
        assert answer["expires_in"] == 30
        return str(answer["ticket"])

    def socket(self, ticket: str | None = None) -> LiveSocket:
        """An open socket that has said ``ready``."""
        opened = LiveSocket(self.app, [f"ticket.{ticket or self.ticket()}"])
        ready = opened.next("ready")
        assert ready == {"type": "ready", "protocol": 1, "user_id": str(self.user_id)}
        return opened


class LiveSocket:
    """A socket and its frames."""

    def __init__(
        self,
        app: LiveTutor,
        tickets: list[str],
        *,
        protocol: str = "teddy.v1",
        origin: str | None = None,
        **options: Any,
    ) -> None:
        options["subprotocols"] = [protocol, *tickets]
        self.raw = websocket.create_connection(
            f"ws://{app.host}{BASE}/ws", origin=origin or f"http://{app.host}", timeout=15, **options
        )

    def send(self, **frame: object) -> None:
        self.raw.send(json.dumps(frame))

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next frame, which has to be of one of these kinds."""
        text = self.raw.recv()
        assert text, f"closed with {self.raw.status if hasattr(self.raw, 'status') else ''} instead of {kinds}"
        frame: dict[str, Any] = json.loads(text)
        assert frame["type"] in kinds, frame
        return frame

    def answer(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The deltas up to the last frame of an answer, and that frame."""
        deltas: list[dict[str, Any]] = []
        while True:
            frame = self.next("chat-delta", "chat-response", "chat-error")
            if frame["type"] != "chat-delta":
                return deltas, frame
            deltas.append(frame)

    def close_code(self) -> int:
        """The code that the server closes with."""
        while True:
            opcode, data = self.raw.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")

    def close(self) -> None:
        self.raw.close(timeout=2)
        self.raw.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
