from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from anki_packages import Note, package
from apps import MemoryApp, Visitor, faulty_fields, problem


@pytest.fixture
def ada(app: MemoryApp) -> Visitor:
    return app.person("ada@example.org")


@pytest.fixture
def bob(app: MemoryApp) -> Visitor:
    return app.person("bob@example.org")


def a_deck(who: Visitor, name: str = "Größen & Maße") -> dict[str, Any]:
    deck: dict[str, Any] = who.post("/decks", {"name": name}).json
    return deck


def fronts(who: Visitor, deck: dict[str, Any]) -> list[str]:
    return [card["front"] for card in who.get(f"/decks/{deck['id']}/cards").json["items"]]


def test_a_deck_is_taken_along_as_a_table_that_computes_nothing(ada: Visitor) -> None:
    deck = a_deck(ada)
    ada.post(f"/decks/{deck['id']}/cards", {"front": "=1+1", "back": "Two, or\n“zwei”", "tags": ["sum", "easy"]})
    answer = ada.get(f"/decks/{deck['id']}/export")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''Gr%C3%B6%C3%9Fen%20%26%20Ma%C3%9Fe.csv")
    assert answer.text == 'front,back,tags\r\n\'=1+1,"Two, or\n“zwei”",sum easy\r\n'


def test_a_table_is_looked_at_before_anything_is_kept(ada: Visitor) -> None:
    deck = a_deck(ada)
    ada.post(f"/decks/{deck['id']}/cards", {"front": "A cell?", "back": "A unit"})
    table = "front,back,tags\nA leaf?,Green,plant\na cell?,Known\nA root?,\n"
    looked = ada.post(f"/decks/{deck['id']}/import", {"table": table}).json
    assert (looked["new"], looked["duplicate"], looked["bad"], looked["kept"]) == (1, 1, 1, False)
    assert [row["state"] for row in looked["rows"]] == ["new", "duplicate", "bad"]
    assert [(row["number"], row["problem"]) for row in looked["problems"]] == [
        (4, "Write something on the back of the card.")
    ]
    assert fronts(ada, deck) == ["A cell?"]
    kept = ada.post(f"/decks/{deck['id']}/import", {"table": table, "keep": True}).json
    assert (kept["new"], kept["kept"]) == (1, True)
    assert fronts(ada, deck) == ["A cell?", "A leaf?"]
    again = ada.post(f"/decks/{deck['id']}/import", {"table": table, "keep": True}).json
    assert (again["new"], again["duplicate"]) == (0, 2)


def test_what_one_took_along_another_brings_in_unchanged(ada: Visitor, bob: Visitor) -> None:
    deck, other = a_deck(ada), a_deck(bob)
    cards = [{"front": f"@{n} “x”\ny", "back": f"-{n};,", "tags": [f"t{n}"]} for n in range(120)]
    ada.post(f"/decks/{deck['id']}/cards", {"cards": cards})
    table = ada.get(f"/decks/{deck['id']}/export").text
    assert bob.post(f"/decks/{other['id']}/import", {"table": table, "keep": True}).json["new"] == 120
    assert bob.get(f"/decks/{other['id']}/export").text == table


def test_nobody_elses_deck_is_taken_along_or_filled(ada: Visitor, bob: Visitor) -> None:
    deck = a_deck(ada)
    assert problem(bob.get(f"/decks/{deck['id']}/export")) == (404, "not_found")
    assert problem(bob.post(f"/decks/{deck['id']}/import", {"table": "a,b", "keep": True})) == (404, "not_found")
    assert fronts(ada, deck) == []


def test_what_is_no_table_is_refused_by_field(ada: Visitor) -> None:
    deck = a_deck(ada)
    assert faulty_fields(ada.post(f"/decks/{deck['id']}/import", {"table": '"' + "x" * 200_000})) == {"table"}
    assert faulty_fields(ada.post(f"/decks/{deck['id']}/import", {"table": ""})) == {"table"}


LEAF = Note(values=["A leaf?", "Green"], tags="plant")
PICTURED = Note(values=["A cell? <img src='cell.png'>", "Known"])


def bring(who: Visitor, deck: dict[str, Any], content: bytes, **fields: str) -> TestResponse:
    form = {"file": (io.BytesIO(content), "biology.apkg"), **fields}
    return who.post(f"/decks/{deck['id']}/import/package", data=form, content_type="multipart/form-data")


def test_a_package_is_looked_at_before_anything_is_kept(ada: Visitor) -> None:
    deck = a_deck(ada)
    ada.post(f"/decks/{deck['id']}/cards", {"front": "A cell?", "back": "A unit"})
    content = package([LEAF, PICTURED, Note(values=["A root?", ""])])
    looked = bring(ada, deck, content).json
    assert (looked["new"], looked["duplicate"], looked["bad"], looked["kept"]) == (1, 1, 1, False)
    assert looked["without_media"] == 1
    assert [row["front"] for row in looked["rows"]] == ["A leaf?", "A cell?", "A root?"]
    assert fronts(ada, deck) == ["A cell?"]
    assert bring(ada, deck, content, keep="true").json["kept"] is True
    assert fronts(ada, deck) == ["A cell?", "A leaf?"]
    assert bring(ada, deck, content, keep="true").json["new"] == 0
    (_, leaf) = ada.get(f"/decks/{deck['id']}/cards").json["items"]
    assert (leaf["back"], leaf["tags"], leaf["due_on"]) == ("Green", ["plant"], None)


def test_nobody_elses_deck_is_filled_from_a_package(ada: Visitor, bob: Visitor) -> None:
    deck = a_deck(ada)
    assert problem(bring(bob, deck, package([LEAF]), keep="true")) == (404, "not_found")
    assert fronts(ada, deck) == []


def test_what_is_no_package_is_refused_with_what_to_do(ada: Visitor) -> None:
    deck = a_deck(ada)
    refused = bring(ada, deck, b"front,back\nA,B\n", keep="true")
    assert problem(refused) == (422, "unreadable_package")
    assert "Export the deck from Anki again" in refused.json["detail"]
    address = f"/decks/{deck['id']}/import/package"
    assert problem(ada.post(address, {"file": "text"})) == (415, "unsupported_media_type")
    assert faulty_fields(ada.post(address, data={"file": "text"}, content_type="multipart/form-data")) == {"file"}
    two = {"file": [(io.BytesIO(b"1"), "a.apkg"), (io.BytesIO(b"2"), "b.apkg")]}
    assert problem(ada.post(address, data=two, content_type="multipart/form-data")) == (422, "several_files")
    assert fronts(ada, deck) == []
