"""A deck of Anki comes in over HTTP, in either profile."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from anki_packages import GENERATIONS, Note, package
from e2e.server import Answered, Person, Server, form

SOUNDS = os.urandom(3 << 20)
"""More than any other request may have, and nothing that shrinks."""


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person()


@pytest.fixture
def deck(ada: Person) -> str:
    return str(ada.ok("POST", "/decks", {"name": f"Birds {uuid4()}"})["id"])


def bring(who: Person, deck: str, content: bytes) -> Answered:
    body, kind = form(("file", "birds.apkg", content), keep="true")
    return who.post(f"/decks/{deck}/import/package", raw=body, headers={"Content-Type": kind})


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_deck_with_its_sounds_comes_in_as_cards_that_are_reviewed(ada: Person, deck: str, generation: str) -> None:
    spoken = Note(values=["Owl [sound:owl.mp3]", "Eule"], tags="birds")
    answer = bring(ada, deck, package([spoken], generation, **{"0": SOUNDS}))
    assert answer.status == 200, answer
    assert (answer.json["new"], answer.json["without_media"]) == (1, 1)
    (item,) = ada.ok("GET", f"/reviews/queue?deck_id={deck}")["items"]
    assert (item["card"]["front"], item["card"]["back"], item["card"]["tags"]) == ("Owl", "Eule", ["birds"])


def test_what_is_no_deck_is_refused_and_the_next_one_comes_in(ada: Person, deck: str) -> None:
    for content in (b"", b"PK\x05\x06" + bytes(18), package([Note(values=["Owl", "Eule"])])[:-40]):
        refused = bring(ada, deck, content)
        assert (refused.status, refused.code) == (422, "unreadable_package"), refused
    assert bring(ada, deck, package([Note(values=["Owl", "Eule"])])).json["new"] == 1
