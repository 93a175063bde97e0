from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from e2e.server import FIXTURES, OpenServer, Person, eventually

TERMS = """Words of bakers. A levain is a part of the dough that raises the next loaf.

Autolyse is the rest that flour and water take before the salt is added. Bakers wait for half an hour.
"""
QUESTION = "How often do I feed the starter?"
UPLOADED = {
    "sourdough.pdf": ("page", 3),
    "sourdough.docx": ("heading", 2),
    "sourdough.pptx": ("slide", 3),
    "sourdough.epub": ("section", 3),
    "sourdough.md": ("heading", 2),
}


def test_a_student_goes_round_the_whole_loop_and_finds_it_all_after_a_restart(
    tmp_path: Path, open_server: OpenServer
) -> None:
    with open_server(tmp_path / "home") as server:
        ada = server.person("ada@example.org", time_zone="Europe/Berlin")
        task = plan(ada)
        documents = read(ada)
        ask_over_http(ada, documents)
        ask_over_the_socket(ada, documents)
        deck = make_cards(ada)
        reviewed = review(ada, deck)
        study(ada, task)
        look_back(ada, reviewed)
        leave_one_device(ada)

        before = ada.dump()
        tokens = dict(ada.login)
        assert server.stop() == 0
        assert "Traceback" not in server.log()

        server.start()
        again = Person(server, tokens)
        assert again.dump() == before
        renewed = Person(server).ok("POST", "/auth/refresh", {"refresh_token": tokens["refresh_token"]})
        assert renewed["user"]["email"] == "ada@example.org"
        assert Person(server, renewed).dump() == before
        content = again.get(f"/documents/{documents['sourdough.pdf']}/file").body
        assert content == (FIXTURES / "sourdough.pdf").read_bytes()


def plan(ada: Person) -> str:
    """A task by its fields, one out of a line of text, and one that is done."""
    fields = {"title": "Read the notes", "subject": "baking", "priority": "high", "estimated_minutes": 30}
    task = ada.ok("POST", "/tasks", fields)
    draft = ada.ok("POST", "/tasks/parse", {"text": "Bake a loaf tomorrow 45m !urgent #baking"})
    assert draft["title"] == "Bake a loaf"
    assert (draft["subject"], draft["priority"], draft["estimated_minutes"]) == ("baking", "urgent", 45)
    assert draft["due_at"] is not None
    baking = ada.ok("POST", "/tasks", {name: value for name, value in draft.items() if value is not None})
    done = ada.ok("POST", f"/tasks/{baking['id']}/complete")
    assert done["status"] == "completed"
    assert [one["id"] for one in ada.ok("GET", "/tasks?status=open")["items"]] == [task["id"]]
    return str(task["id"])


def read(ada: Person) -> dict[str, str]:
    """All kinds of document become ready, with their pages."""
    kept = {name: ada.keep(FIXTURES / name, subject="baking") for name in UPLOADED}
    for name, (unit, pages) in UPLOADED.items():
        document = ada.ready(kept[name])
        assert (document["page_count"], document["progress"], document["error"]) == (pages, 100, None), name
        first = ada.ok("GET", f"/documents/{kept[name]}/pages/1")
        assert (first["unit"], first["number"], first["page_count"]) == (unit, 1, pages), name
        texts = " ".join(ada.ok("GET", f"/documents/{kept[name]}/pages/{n + 1}")["text"] for n in range(pages))
        assert "doubles within six hours" in " ".join(texts.split()), name
    repeated = ada.upload("another name.pdf", (FIXTURES / "sourdough.pdf").read_bytes())
    assert (repeated.status, repeated.json["document"]["id"]) == (200, kept["sourdough.pdf"])
    assert len(ada.everything("/documents")) == len(UPLOADED)
    return kept


def ask_over_http(ada: Person, documents: dict[str, str]) -> None:
    for document_id in documents.values():
        answer = ada.ok("POST", "/ask", {"question": QUESTION, "document_ids": [document_id]})
        message = answer["message"]
        assert (message["status"], message["role"], message["model"]) == ("complete", "assistant", "extractive")
        assert {citation["document_id"] for citation in message["citations"]} == {document_id}
        check_citations(ada, message)
        rated = ada.ok("POST", f"/messages/{message['id']}/feedback", {"rating": 5})
        assert rated["feedback_rating"] == 5


def ask_over_the_socket(ada: Person, documents: dict[str, str]) -> None:
    pdf = documents["sourdough.pdf"]
    with ada.socket() as line:
        said, last = line.ask(QUESTION, document_ids=[pdf])
        message = last["message"]
        assert said.strip() == message["content"]
        check_citations(ada, message)
        assert [citation["locator"]["number"] for citation in message["citations"]] == [3]
        _, unanswered = line.ask("Who painted the ceiling of the Sistine Chapel?", thread_id=message["thread_id"])
        assert "your documents do not say" in unanswered["message"]["content"].lower()
        assert unanswered["message"]["citations"] == []
        line.send(type="rag-search", id="s", query="doubles within six hours", filters={"document_ids": [pdf]})
        results = line.next("rag-results")["results"]
        assert results[0]["locator"]["number"] == 3
        assert {result["document_id"] for result in results} == {pdf}
    said_in_all = ada.everything(f"/threads/{message['thread_id']}/messages")
    assert [one["role"] for one in said_in_all] == ["user", "assistant"] * 2


def check_citations(ada: Person, message: dict[str, Any]) -> None:
    """Every citation opens a page on which its quote stands, within the range that the locator gives."""
    assert message["citations"]
    assert set(re.findall(r"\[(\d+)\]", message["content"])) == {str(one["number"]) for one in message["citations"]}
    for citation in message["citations"]:
        locator = citation["locator"]
        page = ada.ok("GET", f"/documents/{citation['document_id']}/pages/{locator['number']}")
        passage = page["text"][locator["char_start"] : locator["char_end"]]
        assert citation["verified"]
        assert page["unit"] == locator["unit"]
        assert folded(citation["quote"]) in folded(passage)


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def make_cards(ada: Person) -> str:
    """Cards by hand and cards out of a document, of which one is accepted and the other is not."""
    document_id = ada.upload("terms.txt", TERMS.encode(), subject="baking").json["document"]["id"]
    ada.ready(document_id)
    deck = ada.ok("POST", "/decks", {"name": "Sourdough", "new_per_day": 10})
    by_hand = ada.ok("POST", f"/decks/{deck['id']}/cards", {"front": "How hot?", "back": "240 degrees"})
    assert by_hand["due_on"] is None
    job = ada.ok("POST", f"/documents/{document_id}/flashcards", {"deck_id": deck["id"], "count": 3})
    eventually(lambda: ada.ok("GET", f"/jobs/{job['job_id']}")["status"] == "done")
    proposals = ada.everything(f"/decks/{deck['id']}/proposals")
    assert [proposal["front"] for proposal in proposals] == ["What is a levain?", "What is Autolyse?"]
    assert len(ada.everything(f"/decks/{deck['id']}/cards")) == 1
    for proposal in proposals:
        assert proposal["source"]["document_id"] == document_id
        assert proposal["source"]["text"] in TERMS
    assert ada.ok("POST", "/proposals/accept", {"ids": [proposals[0]["id"]]})["accepted"] == 1
    assert ada.ok("POST", "/proposals/reject", {"ids": [proposals[1]["id"]]})["rejected"] == 1
    cards = ada.everything(f"/decks/{deck['id']}/cards")
    assert {card["front"] for card in cards} == {"How hot?", proposals[0]["front"]}
    assert ada.everything(f"/decks/{deck['id']}/proposals") == []
    return str(deck["id"])


def review(ada: Person, deck: str) -> int:
    """By SM-2: what is announced comes true, once, and can be taken back."""
    queue = ada.ok("GET", f"/reviews/queue?deck_id={deck}")
    assert queue["counts"] == {"new": 2, "due": 0, "total": 2}
    today = date.fromisoformat(queue["day"])
    first, second = queue["items"]

    graded = grade(ada, first, "good")
    card_id, review_id = graded["card"]["id"], graded["review"]["id"]
    assert graded["card"]["due_on"] == str(today + timedelta(days=1))
    stale = ada.post(f"/cards/{card_id}/reviews", {"rating": "good", "card_version": first["card"]["version"]})
    assert (stale.status, stale.code) == (409, "stale_card")

    undone = ada.ok("POST", f"/reviews/{review_id}/undo")
    assert (undone["due_on"], undone["repetitions"]) == (None, 0)
    assert ada.post(f"/reviews/{review_id}/undo").status == 409

    for item, rating in ((first | {"card": undone}, "easy"), (second, "again")):
        grade(ada, item, rating)
    left = ada.ok("GET", f"/reviews/queue?deck_id={deck}")
    assert [item["card"]["id"] for item in left["items"]] == [second["card"]["id"]]
    assert grade(ada, left["items"][0], "good")["review"]["kind"] == "extra"
    assert ada.ok("GET", f"/reviews/queue?deck_id={deck}")["items"] == []
    return 3


def grade(ada: Person, item: dict[str, Any], rating: str) -> Any:
    """Review a card as it was shown; the outcome has to be the one that was announced."""
    body = {"rating": rating, "card_version": item["card"]["version"], "took_ms": 4_000}
    answer = ada.post(f"/cards/{item['card']['id']}/reviews", body)
    assert answer.status == 201, answer
    card = answer.json["card"]
    announced = item["preview"][rating]
    assert {"interval_days": card["interval_days"], "due_on": card["due_on"]} == announced
    return answer.json


def study(ada: Person, task: str) -> None:
    session = ada.ok("POST", "/study-sessions", {"task_id": task, "planned_minutes": 25})
    assert (session["subject"], session["status"]) == ("baking", "running")
    assert ada.post("/study-sessions", {}).status == 409
    path = f"/study-sessions/{session['id']}"
    assert ada.ok("POST", f"{path}/pause")["status"] == "paused"
    assert ada.ok("POST", f"{path}/resume")["status"] == "running"
    finished = ada.ok("POST", f"{path}/finish", {"notes": "went well", "focus_score": 90})
    assert (finished["status"], finished["focus_score"], finished["notes"]) == ("finished", 90, "went well")


def look_back(ada: Person, reviewed: int) -> None:
    summary = ada.ok("GET", "/analytics/summary")
    assert (summary["reviews"], summary["sessions"]) == (reviewed, 1)
    assert (summary["tasks_completed"], summary["tasks_open"], summary["streak"]["current"]) == (1, 1, 1)
    days = ada.ok("GET", "/analytics/heatmap")["days"]
    assert days[-1]["reviews"] == reviewed
    assert sum(day["due"] for day in ada.ok("GET", "/analytics/forecast")["days"]) == 2
    assert [one["subject"] for one in ada.ok("GET", "/analytics/subjects")["subjects"]] == ["baking"]
    assert ada.ok("GET", "/analytics/retention")["reviews"] == 0  # nothing was due again yet


def leave_one_device(ada: Person) -> None:
    phone = ada.log_in()
    assert len(ada.ok("GET", "/auth/sessions")["items"]) == 2
    phone.ok("POST", "/auth/logout")
    assert phone.get("/tasks").status == 401
    spent = Person(ada.server).post("/auth/refresh", {"refresh_token": phone.login["refresh_token"]})
    assert spent.status == 401
    assert len(ada.ok("GET", "/auth/sessions")["items"]) == 1
