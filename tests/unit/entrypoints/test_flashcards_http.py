from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps import PASSWORD, MemoryApp, Visitor, faulty_fields, problem
from studyteddy.domain.ids import UserId
from studyteddy.testing.chunk_index import index_document
from studyteddy.testing.documents import a_document

CARD = {
    "id", "deck_id", "front", "back", "tags", "suspended", "buried_until", "flag", "source", "due_on", "interval_days",
    "ease_factor", "repetitions", "lapses", "version", "created_at", "updated_at",
}  # fmt: skip


def a_deck(visitor: Visitor, name: str = "Biology", **fields: Any) -> dict[str, Any]:
    answer = visitor.post("/decks", {"name": name, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json


def a_card(visitor: Visitor, deck: dict[str, Any], front: str = "What is a cell?", **fields: Any) -> dict[str, Any]:
    answer = visitor.post(f"/decks/{deck['id']}/cards", {"front": front, "back": "The unit of life", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json


def review(visitor: Visitor, card: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = visitor.post(f"/cards/{card['id']}/reviews", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def days_later(app: MemoryApp, visitor: Visitor, days: int) -> None:
    """Let days pass; the visitor logs in anew."""
    app.clock.advance(days=days)
    credentials = {"email": visitor.tokens["user"]["email"], "password": PASSWORD}
    visitor.tokens = app.anonymous().post("/auth/login", credentials).json


def test_a_new_deck_is_empty_and_has_the_usual_limits(ada: Visitor) -> None:
    deck = a_deck(ada)
    assert deck["counts"] == {"new": 0, "due": 0, "total": 0}
    assert (deck["scheduler"], deck["new_per_day"], deck["reviews_per_day"]) == ("sm2", 20, 200)
    assert ada.get(f"/decks/{deck['id']}").json == deck


def test_a_second_deck_of_the_same_name_is_refused_whatever_its_case(ada: Visitor, bob: Visitor) -> None:
    a_deck(ada, "Biology")
    assert problem(ada.post("/decks", {"name": " BIOLOGY "})) == (409, "name_taken")
    a_deck(bob, "Biology")


def test_renaming_a_deck_to_a_taken_name_is_refused(ada: Visitor) -> None:
    a_deck(ada, "Biology")
    other = a_deck(ada, "Physics")
    assert problem(ada.patch(f"/decks/{other['id']}", {"name": "biology"})) == (409, "name_taken")
    assert ada.patch(f"/decks/{other['id']}", {"name": "PHYSICS"}).json["name"] == "PHYSICS"


def test_decks_are_listed_by_name_page_by_page(ada: Visitor) -> None:
    for name in ("chemistry", "Biology", "art"):
        a_deck(ada, name)
    first = ada.get("/decks?limit=2").json
    rest = ada.get(f"/decks?limit=2&cursor={first['next_cursor']}").json
    assert [deck["name"] for deck in first["items"] + rest["items"]] == ["art", "Biology", "chemistry"]
    assert rest["next_cursor"] is None


def test_a_stale_version_of_a_deck_or_card_is_refused(ada: Visitor) -> None:
    deck = a_deck(ada)
    card = a_card(ada, deck)
    for path in (f"/decks/{deck['id']}", f"/cards/{card['id']}"):
        stale = {"headers": {"If-Match": '"7"'}}
        body = {"name": "Other"} if "decks" in path else {"front": "Other"}
        assert problem(ada.patch(path, body, **stale)) == (412, "stale_version")
        assert problem(ada.delete(path, **stale)) == (412, "stale_version")
        fresh = ada.patch(path, body, headers={"If-Match": '"1"'})
        assert (fresh.status_code, fresh.headers["ETag"]) == (200, '"2"')


def test_a_card_is_presented_in_full(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada), tags=["#Cell Biology"])
    assert set(card) == CARD
    assert card["tags"] == ["cell-biology"]
    assert (card["due_on"], card["ease_factor"], card["repetitions"], card["source"]) == (None, 2.5, 0, None)
    assert (card["suspended"], card["buried_until"], card["flag"]) == (False, None, 0)


def test_several_cards_are_made_at_once_or_none(ada: Visitor) -> None:
    deck = a_deck(ada)
    made = ada.post(f"/decks/{deck['id']}/cards", {"cards": [{"front": "a", "back": "b"}, {"front": "c", "back": "d"}]})
    assert (made.status_code, [card["front"] for card in made.json["items"]]) == (201, ["a", "c"])
    refused = ada.post(
        f"/decks/{deck['id']}/cards", {"cards": [{"front": "e", "back": "f"}, {"front": " ", "back": "g"}]}
    )
    assert problem(refused)[0] == 422
    assert ada.get(f"/decks/{deck['id']}").json["counts"]["total"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"front": "only"},
        {"front": "", "back": "b"},
        {"front": "a", "back": "b", "colour": "red"},
        {"front": "a", "back": "b", "cards": []},
        {"cards": []},
        {"front": "a" * 5_001, "back": "b"},
        {"front": 1, "back": "b"},
        {"front": "a", "back": "b", "tags": ["x"] * 21},
        {"front": "a\0", "back": "b"},
        {"front": "a", "back": "b", "flag": 1},
        {"front": "a", "back": "b", "buried": True},
    ],
)
def test_a_card_that_is_none_is_refused(ada: Visitor, body: dict[str, Any]) -> None:
    assert problem(ada.post(f"/decks/{a_deck(ada)['id']}/cards", body))[0] == 422


def test_cards_are_filtered_by_tag_text_state_and_suspension(ada: Visitor) -> None:
    deck = a_deck(ada)
    mitosis = a_card(ada, deck, "What is mitosis?", tags=["division"])
    membrane = a_card(ada, deck, "What is a membrane?")
    ada.patch(f"/cards/{membrane['id']}", {"suspended": True})
    review(ada, mitosis, rating="again")

    def found(query: str) -> list[str]:
        return [card["front"] for card in ada.get(f"/decks/{deck['id']}/cards?{query}").json["items"]]

    assert found("tag=Division") == ["What is mitosis?"]
    assert found("q=MEMBRANE") == ["What is a membrane?"]
    assert found("suspended=true") == ["What is a membrane?"]
    assert found("state=due") == ["What is mitosis?"]
    assert found("state=new&suspended=false") == []
    assert found("") == ["What is mitosis?", "What is a membrane?"]


def test_cards_are_sorted_by_what_their_reader_asks_for(ada: Visitor) -> None:
    deck = a_deck(ada)
    forgotten, known, unseen = (a_card(ada, deck, front) for front in ("Forgotten", "Known", "Unseen"))
    review(ada, forgotten, rating="again")
    review(ada, known, rating="easy")

    def sorted_by(order: str) -> list[str]:
        return [card["front"] for card in ada.get(f"/decks/{deck['id']}/cards?sort={order}").json["items"]]

    assert sorted_by("-created_at") == ["Unseen", "Known", "Forgotten"]
    assert sorted_by("ease_factor")[0] == "Forgotten"
    assert sorted_by("-ease_factor")[0] == "Known"
    assert sorted_by("due_on")[-1] == sorted_by("-due_on")[-1] == "Unseen"
    assert unseen["due_on"] is None
    first = ada.get(f"/decks/{deck['id']}/cards?sort=due_on&limit=1").json["next_cursor"]
    other = ada.get(f"/decks/{deck['id']}/cards?sort=ease_factor&cursor={first}")
    assert faulty_fields(other) == {"cursor"}


def test_cards_are_found_in_all_decks_of_their_owner(ada: Visitor, bob: Visitor) -> None:
    a_card(ada, a_deck(ada, "Here"), "What is a cell?")
    a_card(ada, a_deck(ada, "There"), "What is a cell wall?")
    a_card(bob, a_deck(bob), "What is a cell membrane?")
    found = ada.get("/cards?q=CELL").json
    assert [card["front"] for card in found["items"]] == ["What is a cell?", "What is a cell wall?"]


def test_a_card_moves_to_another_deck_of_its_owner_only(ada: Visitor, bob: Visitor) -> None:
    card = a_card(ada, a_deck(ada, "Here"))
    there, bobs = a_deck(ada, "There"), a_deck(bob)
    assert ada.patch(f"/cards/{card['id']}", {"deck_id": there["id"]}).json["deck_id"] == there["id"]
    assert problem(ada.patch(f"/cards/{card['id']}", {"deck_id": bobs["id"]})) == (404, "not_found")
    assert problem(ada.post(f"/decks/{bobs['id']}/cards", {"front": "a", "back": "b"})) == (404, "not_found")


def test_the_queue_shows_each_card_with_the_outcome_of_all_ratings(ada: Visitor) -> None:
    deck = a_deck(ada)
    card = a_card(ada, deck)
    queue = ada.get("/reviews/queue").json
    assert queue["counts"] == {"new": 1, "due": 0, "total": 1}
    (item,) = queue["items"]
    assert item["card"] == card
    assert list(item["preview"]) == ["again", "hard", "good", "easy"]
    for rating, outcome in item["preview"].items():
        assert outcome == {"interval_days": 1, "due_on": "2026-03-03"}, rating


def test_the_queue_keeps_to_the_daily_limit_of_new_cards(ada: Visitor) -> None:
    deck = a_deck(ada, new_per_day=2)
    for number in range(4):
        a_card(ada, deck, f"Card {number}")
    first = ada.get(f"/reviews/queue?deck_id={deck['id']}").json
    assert [item["card"]["front"] for item in first["items"]] == ["Card 0", "Card 1"]
    review(ada, first["items"][0]["card"], rating="good")
    assert ada.get(f"/reviews/queue?deck_id={deck['id']}").json["counts"] == {"new": 1, "due": 0, "total": 1}
    assert ada.get(f"/decks/{deck['id']}").json["counts"] == {"new": 1, "due": 0, "total": 4}


def test_good_grades_give_the_intervals_of_sm2(app: MemoryApp, ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    intervals = []
    for _ in range(4):
        done = review(ada, card, quality=4, took_ms=1_500)
        intervals.append(done["card"]["interval_days"])
        days_later(app, ada, intervals[-1])
    assert intervals == [1, 6, 15, 38]
    assert done["card"]["ease_factor"] == 2.5
    assert (done["review"]["rating"], done["review"]["kind"], done["review"]["took_ms"]) == ("good", "review", 1_500)


def test_a_forgotten_card_stays_in_todays_queue_until_it_is_known(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    review(ada, card, rating="again")
    assert ada.get("/reviews/queue").json["counts"] == {"new": 0, "due": 1, "total": 1}
    extra = review(ada, card, rating="good")
    assert extra["review"]["kind"] == "extra"
    assert ada.get("/reviews/queue").json["items"] == []


def test_a_review_before_four_in_the_morning_belongs_to_the_day_before(app: MemoryApp, ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    app.clock.advance(hours=17)
    assert app.clock.now.isoformat() == "2026-03-03T02:30:00+00:00"
    done = review(ada, card, rating="good")
    assert (done["review"]["study_day"], done["card"]["due_on"]) == ("2026-03-02", "2026-03-03")


def test_a_double_click_is_one_review(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    review(ada, card, rating="good", card_version=1)
    again = ada.post(f"/cards/{card['id']}/reviews", {"rating": "good", "card_version": 1})
    assert problem(again) == (409, "stale_card")
    assert ada.get(f"/cards/{card['id']}").json["repetitions"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rating": "good", "quality": 4},
        {"rating": "great"},
        {"quality": 6},
        {"quality": "4"},
        {"quality": True},
        {"rating": None},
        {"rating": "good", "took_ms": -1},
        {"rating": "good", "card_version": 0},
        {"rating": "good", "day": "2026-01-01"},
    ],
)
def test_a_grade_that_is_none_is_refused_and_changes_nothing(ada: Visitor, body: dict[str, Any]) -> None:
    card = a_card(ada, a_deck(ada))
    assert problem(ada.post(f"/cards/{card['id']}/reviews", body))[0] == 422
    assert ada.get(f"/cards/{card['id']}").json == card


def test_a_suspended_card_leaves_the_queue_and_takes_no_review(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    ada.patch(f"/cards/{card['id']}", {"suspended": True})
    assert ada.get("/reviews/queue").json["items"] == []
    assert problem(ada.post(f"/cards/{card['id']}/reviews", {"rating": "good"})) == (409, "card_suspended")


def test_a_buried_card_comes_up_again_on_the_next_study_day(app: MemoryApp, ada: Visitor) -> None:
    deck = a_deck(ada)
    card, other = a_card(ada, deck), a_card(ada, deck, "What is a leaf?")
    today = date.fromisoformat(ada.get("/reviews/queue").json["day"])
    buried = ada.patch(f"/cards/{card['id']}", {"buried": True, "front": "Edited"}, headers={"If-Match": '"1"'}).json
    assert (buried["buried_until"], buried["version"]) == ((today + timedelta(days=1)).isoformat(), 2)
    queue = ada.get("/reviews/queue").json
    assert [item["card"]["id"] for item in queue["items"]] == [other["id"]]
    assert (queue["counts"]["new"], ada.get(f"/decks/{deck['id']}").json["counts"]["new"]) == (1, 1)
    days_later(app, ada, 1)
    assert ada.get("/reviews/queue").json["counts"]["new"] == 2


def test_the_study_day_of_its_owner_decides_until_when_a_card_is_buried(app: MemoryApp, ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    today = date.fromisoformat(ada.get("/reviews/queue").json["day"])
    ada.patch("/users/me", {"day_starts_at": (app.clock().hour + 1) % 24, "time_zone": "UTC"})
    day = date.fromisoformat(ada.get("/reviews/queue").json["day"])
    assert day == today - timedelta(days=1)
    assert ada.patch(f"/cards/{card['id']}", {"buried": True}).json["buried_until"] == today.isoformat()


def test_a_buried_card_is_dug_up_by_hand_and_by_nothing_else(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    until = ada.patch(f"/cards/{card['id']}", {"buried": True}).json["buried_until"]
    other = a_deck(ada, "Physics")
    assert ada.patch(f"/cards/{card['id']}", {"deck_id": other["id"]}).json["buried_until"] == until
    done = review(ada, card, rating="again")
    assert (done["card"]["buried_until"], ada.get("/reviews/queue").json["items"]) == (until, [])
    assert ada.post(f"/reviews/{done['review']['id']}/undo").json["buried_until"] == until
    assert ada.patch(f"/cards/{card['id']}", {"buried": False}).json["buried_until"] is None
    assert len(ada.get("/reviews/queue").json["items"]) == 1


def test_a_buried_card_is_not_due_today_but_tomorrow(ada: Visitor, app: MemoryApp) -> None:
    card = a_card(ada, a_deck(ada))
    review(ada, card, rating="good")
    days_later(app, ada, 1)

    def due() -> list[int]:
        return [day["due"] for day in ada.get("/analytics/forecast").json["days"][:3]]

    assert due() == [1, 0, 0]
    ada.patch(f"/cards/{card['id']}", {"buried": True})
    assert due() == [0, 1, 0]


def test_cards_are_filtered_by_flag_and_burial(ada: Visitor) -> None:
    deck = a_deck(ada)
    for front, change in (("Plain", {}), ("Red", {"flag": 1}), ("Buried", {"flag": 7, "buried": True})):
        ada.patch(f"/cards/{a_card(ada, deck, front)['id']}", change)

    def found(query: str) -> list[str]:
        return [card["front"] for card in ada.get(f"/cards?{query}").json["items"]]

    assert (found("flag=1"), found("flag=7"), found("flag=2")) == (["Red"], ["Buried"], [])
    assert (found("buried=true"), found("buried=false")) == (["Buried"], ["Plain", "Red"])
    assert (faulty_fields(ada.get("/cards?flag=0")), faulty_fields(ada.get("/cards?flag=8"))) == ({"flag"}, {"flag"})


@pytest.mark.parametrize("body", [{"flag": 8}, {"flag": -1}, {"flag": None}, {"flag": True}, {"buried": None}])
def test_a_flag_or_burial_that_is_none_is_refused_and_changes_nothing(ada: Visitor, body: dict[str, Any]) -> None:
    card = a_card(ada, a_deck(ada))
    assert faulty_fields(ada.patch(f"/cards/{card['id']}", body)) == set(body)
    assert ada.get(f"/cards/{card['id']}").json == card


def test_the_last_review_can_be_undone_once(ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    first = review(ada, card, rating="good")
    second = review(ada, card, rating="again")
    assert problem(ada.post(f"/reviews/{first['review']['id']}/undo")) == (409, "not_last_review")
    undone = ada.post(f"/reviews/{second['review']['id']}/undo")
    assert undone.status_code == 200
    schedule = ("due_on", "interval_days", "ease_factor", "repetitions", "lapses")
    assert [undone.json[name] for name in schedule] == [first["card"][name] for name in schedule]
    assert problem(ada.post(f"/reviews/{second['review']['id']}/undo")) == (409, "already_undone")
    ada.post(f"/reviews/{first['review']['id']}/undo")
    assert ada.get(f"/cards/{card['id']}").json["due_on"] is None


def test_the_eighth_lapse_suspends_the_card_and_tells_its_owner(app: MemoryApp, ada: Visitor) -> None:
    card = a_card(ada, a_deck(ada))
    owner = ada.get("/users/me").json["id"]
    review(ada, card, rating="good")
    for _ in range(8):
        days_later(app, ada, 1)
        done = review(ada, card, rating="again")
    assert (done["card"]["lapses"], done["card"]["suspended"]) == (8, True)
    with_replay = app.container.events().subscribe(UserId(UUID(owner)), "user", after_seq=0)
    event = with_replay.next(timeout=1)
    assert event is not None
    assert (event.kind, event.data["kind"], event.data["subject_id"]) == ("notification", "leech", card["id"])


def test_deleting_a_deck_deletes_its_cards(ada: Visitor) -> None:
    deck = a_deck(ada)
    card = a_card(ada, deck)
    assert ada.delete(f"/decks/{deck['id']}").status_code == 204
    assert problem(ada.get(f"/cards/{card['id']}")) == (404, "not_found")
    assert problem(ada.get(f"/decks/{deck['id']}/cards")) == (404, "not_found")


def test_another_persons_ids_answer_like_unknown_ones(ada: Visitor, bob: Visitor) -> None:
    deck = a_deck(ada)
    card = a_card(ada, deck)
    done = review(ada, card, rating="good")
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/decks/{deck}", None),
        ("PATCH", "/decks/{deck}", {"name": "Mine"}),
        ("DELETE", "/decks/{deck}", None),
        ("GET", "/decks/{deck}/cards", None),
        ("POST", "/decks/{deck}/cards", {"front": "a", "back": "b"}),
        ("GET", "/reviews/queue?deck_id={deck}", None),
        ("GET", "/cards/{card}", None),
        ("PATCH", "/cards/{card}", {"front": "mine"}),
        ("DELETE", "/cards/{card}", None),
        ("POST", "/cards/{card}/reviews", {"rating": "good"}),
        ("POST", "/reviews/{review}/undo", None),
    ]
    for method, path, body in requests:
        for ids in ((deck["id"], card["id"], done["review"]["id"]), (uuid4(), uuid4(), uuid4())):
            filled = path.format(deck=ids[0], card=ids[1], review=ids[2])
            assert problem(bob.send(method, filled, body)) == (404, "not_found"), (method, path)
    assert ada.get(f"/cards/{card['id']}").json == done["card"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/reviews/queue?limit=0", "limit"),
        ("/reviews/queue?limit=101", "limit"),
        ("/reviews/queue?deck_id=nine", "deck_id"),
        ("/decks?cursor=abc", "cursor"),
        ("/decks?colour=red", "colour"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_field(ada: Visitor, path: str, field: str) -> None:
    answer = ada.get(path)
    assert problem(answer)[0] == 422
    assert faulty_fields(answer) == {field}


def test_due_cards_come_before_new_ones(app: MemoryApp, ada: Visitor) -> None:
    deck = a_deck(ada)
    old = a_card(ada, deck, "old")
    review(ada, old, rating="good")
    days_later(app, ada, 2)
    a_card(ada, deck, "young")
    queue = ada.get("/reviews/queue").json
    assert [item["card"]["front"] for item in queue["items"]] == ["old", "young"]
    assert queue["day"] == date(2026, 3, 4).isoformat()


def a_ready_document(app: MemoryApp, visitor: Visitor) -> str:
    owner = UserId(UUID(visitor.tokens["user"]["id"]))
    document = a_document(owner)
    texts = [f"A {subject} is a kind of place that {subject} people study" for subject in ("fjord", "delta", "reef")]
    index_document(app.unit_of_work, document, texts)
    return str(document.id)


def test_cards_are_proposed_from_a_document_and_accepted(app: MemoryApp, ada: Visitor) -> None:
    deck, document = a_deck(ada), a_ready_document(app, ada)
    queued = ada.post(f"/documents/{document}/flashcards", {"deck_id": deck["id"], "count": 2})
    assert queued.status_code == 202
    app.run_jobs()
    assert ada.get(f"/jobs/{queued.json['job_id']}").json["status"] == "done"
    proposals = ada.get(f"/decks/{deck['id']}/proposals").json["items"]
    assert len(proposals) == 2
    assert {proposal["source"]["document_id"] for proposal in proposals} == {document}
    accepted = ada.post("/proposals/accept", {"ids": [proposals[0]["id"]]})
    assert (accepted.status_code, accepted.json["accepted"]) == (200, 1)
    assert accepted.json["items"][0]["source"] == proposals[0]["source"]
    assert ada.post("/proposals/accept", {"ids": [proposals[0]["id"]]}).json["accepted"] == 0
    assert ada.post("/proposals/reject", {"ids": [proposals[1]["id"]]}).json == {"rejected": 1}
    assert problem(ada.post("/proposals/accept", {"ids": [proposals[1]["id"]]})) == (409, "already_decided")
    assert ada.get(f"/decks/{deck['id']}/proposals").json["items"] == []
    assert ada.get(f"/decks/{deck['id']}").json["counts"]["total"] == 1


def test_another_persons_proposals_documents_and_decks_are_not_found(
    app: MemoryApp, ada: Visitor, bob: Visitor
) -> None:
    deck, document = a_deck(ada), a_ready_document(app, ada)
    ada.post(f"/documents/{document}/flashcards", {"deck_id": deck["id"]})
    app.run_jobs()
    (first, *_) = ada.get(f"/decks/{deck['id']}/proposals").json["items"]
    bobs_deck, bobs_document = a_deck(bob), a_ready_document(app, bob)
    for path, body in (
        (f"/documents/{document}/flashcards", {"deck_id": bobs_deck["id"]}),
        (f"/documents/{bobs_document}/flashcards", {"deck_id": deck["id"]}),
        ("/proposals/accept", {"ids": [first["id"]]}),
        ("/proposals/reject", {"ids": [first["id"]]}),
    ):
        assert problem(bob.post(path, body)) == (404, "not_found"), path
    assert problem(bob.get(f"/decks/{deck['id']}/proposals")) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"]}, {"ids": None}, {"ids": [str(UUID(int=1))] * 501}])
def test_a_decision_on_nothing_is_refused(ada: Visitor, body: dict[str, Any]) -> None:
    for path in ("/proposals/accept", "/proposals/reject"):
        assert problem(ada.post(path, body))[0] == 422
