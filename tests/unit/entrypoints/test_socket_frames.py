from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.domain.ids import UserId
from studyteddy.entrypoints.http.slots import Slots
from studyteddy.entrypoints.http.socket_door import origin_of
from studyteddy.entrypoints.http.socket_frames import Chat, Ping, Resume, protocol_schema, read_frame

DESCRIBED = Path(__file__).parents[3] / "docs" / "api" / "socket.json"


def test_frames_are_read_by_their_type() -> None:
    assert isinstance(read_frame('{"type": "ping"}'), Ping)
    chat = read_frame('{"type": "chat", "id": "1", "message": "Why?", "mode": "quiz"}')
    assert isinstance(chat, Chat)
    assert (chat.message, chat.mode, chat.document_ids) == ("Why?", "quiz", None)
    resume = read_frame(f'{{"type": "resume", "message_id": "{uuid4()}"}}')
    assert isinstance(resume, Resume)
    assert resume.after_seq == 0


def test_a_bad_frame_names_its_fields() -> None:
    with pytest.raises(Invalid) as refused:
        read_frame('{"type": "chat", "id": "1", "message": 5, "context": "x"}')

    assert {fault.field for fault in refused.value.faults} == {"message", "context"}


def test_the_description_of_the_protocol_is_the_one_in_the_documents() -> None:
    assert json.loads(DESCRIBED.read_text()) == protocol_schema()


def test_every_frame_of_the_protocol_is_described() -> None:
    schema = protocol_schema()

    assert set(schema["client"]["discriminator"]["mapping"]) == {"chat", "resume", "cancel", "rag-search", "ping"}
    assert {"ready", "chat-delta", "chat-response", "chat-error", "rag-results", "error"} < set(
        schema["server"]["discriminator"]["mapping"]
    )


def test_places_are_limited_for_each_person_and_in_all_and_come_back() -> None:
    slots = Slots(most=3, most_each=2)
    ada, bob, eve = (UserId(uuid4()) for _ in range(3))
    slots.take(ada)
    slots.take(ada)
    with pytest.raises(Unavailable):
        slots.take(ada)
    slots.take(bob)
    with pytest.raises(Unavailable):
        slots.require_free()
    with pytest.raises(Unavailable):
        slots.take(eve)
    slots.free(ada)
    slots.take(eve)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://study.example:8443/app/") == "https://study.example:8443"
