"""Sockets are cut at random while an answer streams, and their process is killed: every piece is heard once."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
import websocket

from e2e.production import Engines, ProductionServer
from e2e.server import Person, Socket
from invariants import assert_invariants
from protocol_server import KEY, Exchange, ProtocolServer, chunk, usage_chunk

LONG = bool(os.environ.get("DRILL"))
CUTS = 1_000 if LONG else 60
KILLS = 10 if LONG else 2
PEOPLE = 4
WORDS = 240
BETWEEN_WORDS = 0.03
PATIENCE = 60.0

pytestmark = [pytest.mark.drill, pytest.mark.slow]


def slow_answer(exchange: Exchange) -> None:
    """As a model that thinks aloud, word by word."""
    exchange.begin_stream()
    for number in range(WORDS):
        exchange.event(chunk(f"word{number} "))
        time.sleep(BETWEEN_WORDS)
    exchange.event(chunk(finish="stop"))
    exchange.event(usage_chunk(7, WORDS))
    exchange.event(b"[DONE]")
    exchange.end_stream()


class Listener(threading.Thread):
    """One person who asks again and again, is cut off all the time, and resumes where the last piece was heard."""

    def __init__(self, person: Person, chance: random.Random, cuts: int) -> None:
        super().__init__()
        self.person = person
        self.chance = chance
        self.wanted = cuts
        self.cuts = self.answers = self.unreachable = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while self.cuts < self.wanted:
                self._hear_an_answer()
        except BaseException as fault:
            self.fault = fault

    def _hear_an_answer(self) -> None:
        identity = str(uuid4())
        opening: dict[str, Any] = {"type": "chat", "id": identity, "message": "What do rivers carry?"}
        message_id, pieces, response = None, [], None
        while response is None:
            line = self._line()
            with suppress(websocket.WebSocketException, OSError, AssertionError):
                line.send(**opening)
                response = self._listen(line, pieces, until=self.chance.randint(1, 6))
            self._cut(line)
            message_id = message_id or self._message_of(identity)
            opening = {"type": "resume", "message_id": message_id, "after_seq": len(pieces)}
        message = response["message"]
        assert message["status"] == "complete", message
        assert [seq for seq, _ in pieces] == list(range(1, len(pieces) + 1)), pieces
        assert "".join(text for _, text in pieces).strip() == message["content"].strip()
        assert message["content"].startswith(" ".join(f"word{number}" for number in range(WORDS)))
        self.answers += 1

    def _listen(self, line: Socket, pieces: list[tuple[int, str]], *, until: int) -> dict[str, Any] | None:
        """Hear some more pieces, or the end."""
        more = self.wanted - self.cuts
        while until or not more:
            frame = line.next("chat-processing", "chat-delta", "chat-response", "chat-error")
            if frame["type"] == "chat-response":
                return frame
            if frame["type"] == "chat-delta":
                pieces.append((frame["seq"], frame["text"]))
                until -= 1
        return None

    def _message_of(self, identity: str) -> str:
        """The answer's id, learnt by sending the question again, which asks nothing anew."""
        line = self._line()
        line.send(type="chat", id=identity, message="What do rivers carry?")
        found: str = line.next("chat-processing")["message_id"]
        self._cut(line)
        return found

    def _line(self) -> Socket:
        """A new socket; while its process is started anew, there is none for a moment."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                ticket = self.person.ok("POST", "/ws/ticket")["ticket"]
                line = Socket(self.person.server, ticket)
                line.next("ready")
                return line
            except (websocket.WebSocketException, OSError, AssertionError):
                self.unreachable += 1
                assert time.monotonic() < until, "sockets don't come back"
                time.sleep(0.1)

    def _cut(self, line: Socket) -> None:
        """As a train that goes into a tunnel: nobody says goodbye."""
        with suppress(OSError, AttributeError):
            line.raw.sock.shutdown(socket.SHUT_RDWR)
        line.raw.shutdown()
        self.cuts += 1


def test_every_piece_of_an_answer_is_heard_once_however_often_the_socket_is_cut(
    tmp_path: Path, engines: Engines
) -> None:
    with ProtocolServer() as model:
        model.will(*[slow_answer] * 2_000)
        settings = {"OPENAI_BASE_URL": model.base_url, "CHAT_MODEL": "test-model", "OPENAI_API_KEY": KEY}
        with ProductionServer(tmp_path / "home", settings=settings, engines=engines) as server:
            people = [server.person(f"listener{number}@example.org") for number in range(PEOPLE)]
            for person in people:
                person.ready(person.upload("notes.txt", b"Rivers carry sand to the sea.").json["document"]["id"])
            listeners = [
                Listener(person, random.Random(number), CUTS // PEOPLE) for number, person in enumerate(people)
            ]
            for listener in listeners:
                listener.start()
            kill_sockets(server, listeners)
            for listener in listeners:
                listener.join()
            faults = [listener.fault for listener in listeners if listener.fault is not None]
            assert not faults, faults
            print(
                f"\n{sum(listener.cuts for listener in listeners)} cuts, {KILLS} kills of the sockets' process,"
                f" {sum(listener.answers for listener in listeners)} answers: every piece once and in order"
            )
            assert_invariants(server.database_url())


def kill_sockets(server: ProductionServer, listeners: list[Listener]) -> None:
    """Kill the process of the sockets every so many cuts, and start it again."""
    for kill in range(1, KILLS + 1):
        due = CUTS * kill // (KILLS + 1)
        while sum(listener.cuts for listener in listeners) < due and any(one.is_alive() for one in listeners):
            time.sleep(0.05)
        process = psutil.Process(server.processes["sockets"].pid)
        for one in [process, *process.children(recursive=True)]:
            one.kill()
        server.processes["sockets"].wait()
        server.again("sockets")
