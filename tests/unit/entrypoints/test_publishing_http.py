from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from apps import MemoryApp, Visitor, problem
from studyteddy.domain.accounts import UserRole
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.flashcards.cards import Card, CardSource
from studyteddy.domain.flashcards.decks import MAX_NAME
from studyteddy.domain.flashcards.publishing import names_for_copy
from studyteddy.domain.ids import CardId, DeckId, DocumentId, UserId


def user_id(visitor: Visitor) -> UserId:
    return UserId(UUID(visitor.tokens["user"]["id"]))


@pytest.fixture
def emmy(app: MemoryApp) -> Visitor:
    """A teacher."""
    visitor = app.person("emmy@example.org", display_name="Emmy")
    app.container.administer_user()(user_id=user_id(visitor), roles=frozenset({UserRole.TEACHER}))
    return visitor


@pytest.fixture
def biology(emmy: Visitor) -> dict[str, Any]:
    """Her deck of three cards, one of them learnt a while ago, buried and flagged, shown to everybody."""
    deck: dict[str, Any] = emmy.post("/decks", {"name": "Biology", "description": "Cells", "new_per_day": 3}).json
    for number in range(3):
        emmy.post(f"/decks/{deck['id']}/cards", {"front": f"Q{number}", "back": f"A{number}", "tags": ["cell"]})
    (first, *_) = emmy.get(f"/decks/{deck['id']}/cards").json["items"]
    emmy.post(f"/cards/{first['id']}/reviews", {"rating": "good"})
    emmy.patch(f"/cards/{first['id']}", {"buried": True, "flag": 4})
    assert emmy.post(f"/decks/{deck['id']}/publish").status_code == 200
    return deck


def test_a_teacher_shows_a_deck_and_takes_it_back(emmy: Visitor, ada: Visitor, biology: dict[str, Any]) -> None:
    shown = {
        "id": biology["id"], "name": "Biology", "description": "Cells", "teacher": "Emmy", "card_count": 3,
    }  # fmt: skip
    (listed,) = ada.get("/published-decks").json["items"]
    assert {name: listed[name] for name in shown} == shown
    assert (listed["mine"], emmy.get("/published-decks").json["items"][0]["mine"]) == (False, True)
    again = emmy.post(f"/decks/{biology['id']}/publish")
    assert (
        again.json["published_at"] == listed["published_at"] == emmy.get(f"/decks/{biology['id']}").json["published_at"]
    )
    for _ in range(2):
        assert emmy.delete(f"/decks/{biology['id']}/publish").status_code == 204
    assert ada.get("/published-decks").json["items"] == []
    assert problem(ada.get(f"/published-decks/{biology['id']}")) == (404, "not_found")


def test_decks_are_found_by_words_of_their_names(emmy: Visitor, ada: Visitor, biology: dict[str, Any]) -> None:
    for query, count in (("q=BIO", 1), ("q=cells", 0), ("q=%25", 0)):
        assert len(ada.get(f"/published-decks?{query}").json["items"]) == count


def test_others_read_the_cards_and_nothing_of_how_they_are_learnt(ada: Visitor, biology: dict[str, Any]) -> None:
    page = ada.get(f"/published-decks/{biology['id']}?limit=2").json
    assert page["cards"]["items"] == [{"front": f"Q{n}", "back": f"A{n}", "tags": ["cell"]} for n in range(2)]
    rest = ada.get(f"/published-decks/{biology['id']}?limit=2&cursor={page['cards']['next_cursor']}").json
    assert [card["front"] for card in rest["cards"]["items"]] == ["Q2"]
    assert set(page) == {"id", "name", "description", "teacher", "card_count", "published_at", "mine", "cards"}


def test_an_unpublished_deck_is_like_an_unknown_one(emmy: Visitor, ada: Visitor) -> None:
    draft = emmy.post("/decks", {"name": "Draft"}).json["id"]
    for deck_id in (draft, str(uuid4())):
        assert problem(ada.get(f"/published-decks/{deck_id}")) == (404, "not_found")
        assert problem(ada.post(f"/published-decks/{deck_id}/copy")) == (404, "not_found")


def test_a_published_deck_opens_no_other_door(ada: Visitor, biology: dict[str, Any]) -> None:
    deck = f"/decks/{biology['id']}"
    for answer in (
        ada.get(deck),
        ada.get(f"{deck}/cards"),
        ada.patch(deck, {"name": "Mine"}),
        ada.post(f"{deck}/cards", {"front": "A", "back": "B"}),
        ada.delete(deck),
        ada.get(f"/reviews/queue?deck_id={biology['id']}"),
    ):
        assert problem(answer) == (404, "not_found")


def test_a_student_publishes_nothing(app: MemoryApp, ada: Visitor, emmy: Visitor) -> None:
    mine = ada.post("/decks", {"name": "Mine"}).json["id"]
    for answer in (ada.post(f"/decks/{mine}/publish"), ada.delete(f"/decks/{mine}/publish")):
        assert problem(answer) == (403, "not_allowed")
    assert problem(emmy.post(f"/decks/{mine}/publish")) == (404, "not_found")


@pytest.mark.parametrize("change", [{"roles": frozenset({UserRole.STUDENT})}, {"disabled": True}])
def test_what_a_former_teacher_published_is_shown_no_more(
    app: MemoryApp, emmy: Visitor, ada: Visitor, biology: dict[str, Any], change: dict[str, Any]
) -> None:
    app.container.administer_user()(user_id=user_id(emmy), **change)
    assert ada.get("/published-decks").json["items"] == []
    assert problem(ada.post(f"/published-decks/{biology['id']}/copy")) == (404, "not_found")


def test_a_copy_is_the_students_own_and_new(emmy: Visitor, ada: Visitor, biology: dict[str, Any]) -> None:
    answer = ada.post(f"/published-decks/{biology['id']}/copy")
    assert answer.status_code == 201
    copy = answer.json
    assert (copy["name"], copy["description"], copy["published_at"]) == ("Biology", "Cells", None)
    assert copy["counts"] == {"new": 3, "due": 0, "total": 3}
    assert copy == ada.get(f"/decks/{copy['id']}").json
    emmy.delete(f"/decks/{biology['id']}")
    cards = ada.get(f"/decks/{copy['id']}/cards").json["items"]
    assert [(card["front"], card["back"], card["tags"]) for card in cards] == [
        (f"Q{n}", f"A{n}", ["cell"]) for n in range(3)
    ]
    assert {(card["repetitions"], card["due_on"]) for card in cards} == {(0, None)}
    assert {(card["buried_until"], card["flag"]) for card in cards} == {(None, 0)}
    assert ada.post(f"/cards/{cards[0]['id']}/reviews", {"rating": "good"}).status_code == 201


def test_copies_get_names_of_their_own(ada: Visitor, biology: dict[str, Any]) -> None:
    path = f"/published-decks/{biology['id']}/copy"
    assert [ada.post(path).json["name"] for _ in range(3)] == ["Biology", "Biology (2)", "Biology (3)"]
    key = {"Idempotency-Key": "once"}
    assert ada.post(path, headers=key).json == ada.post(path, headers=key).json
    assert len(ada.get("/decks").json["items"]) == 4


def test_a_long_name_is_cut_to_what_a_name_may_hold() -> None:
    names = list(names_for_copy("x" * MAX_NAME))
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == MAX_NAME


def test_a_copy_says_where_a_card_comes_from_but_not_what_stands_there(
    app: MemoryApp, emmy: Visitor, ada: Visitor, biology: dict[str, Any]
) -> None:
    locator = Locator(unit=LocatorUnit.PAGE, number=7, label=None, char_start=0, char_end=9)
    source = CardSource(document_id=DocumentId(uuid4()), locator=locator, title="Cells", text="A private passage.")
    with app.unit_of_work() as uow:
        deck_id = DeckId(UUID(biology["id"]))
        uow.cards.add(
            [
                Card.create(
                    id=CardId(uuid4()),
                    owner=user_id(emmy),
                    deck_id=deck_id,
                    front="Whence?",
                    back="Here.",
                    source=source,
                    now=app.clock.now,
                )
            ]
        )
        uow.commit()
    assert "private" not in ada.get(f"/published-decks/{biology['id']}").text
    copy = ada.post(f"/published-decks/{biology['id']}/copy").json["id"]
    answer = ada.get(f"/decks/{copy}/cards?q=whence")
    (card,) = answer.json["items"]
    assert (card["source"]["title"], card["source"]["locator"]["number"]) == ("Cells", 7)
    assert card["source"]["document_id"] is None
    assert "private" not in answer.text
