from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from apps import BASE, PASSWORD, MemoryApp, Visitor
from builders import NOW
from studyteddy.domain.ids import UserId
from studyteddy.domain.notifications import NotificationKind
from studyteddy.testing.notifications import a_notification

WISHES: dict[str, Any] = {
    "switches": {"task_due": {"in_app": True, "email": True}, "leech": {"in_app": False, "email": False}},
    "reminder_hour": 19,
    "digest_weekday": 6,
    "quiet_hours": {"start": 23, "end": 6},
    "language": "de",
}


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def owner_of(visitor: Visitor) -> UserId:
    return UserId(UUID(visitor.tokens["user"]["id"]))


def write(app: MemoryApp, visitor: Visitor, count: int = 1, **fields: Any) -> list[str]:
    """Notifications of a person, oldest first."""
    made = [
        a_notification(owner_of(visitor), created_at=NOW + timedelta(minutes=number), **fields)
        for number in range(count)
    ]
    with app.unit_of_work() as uow:
        for one in made:
            uow.notifications.add(one)
        uow.commit()
    return [str(one.id) for one in made]


def test_notifications_come_newest_first_with_the_number_of_unread_ones(app: MemoryApp, ada: Visitor) -> None:
    first, second, third = write(app, ada, 3)
    page = ada.get("/notifications?limit=2").json
    assert ([one["id"] for one in page["items"]], page["unread"]) == ([third, second], 3)
    rest = ada.get(f"/notifications?limit=2&cursor={page['next_cursor']}").json
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([first], None)
    assert rest["items"][0] == {
        "id": first,
        "kind": "leech",
        "subject_id": rest["items"][0]["subject_id"],
        "data": {"front": "What is a tide?", "lapses": 8},
        "created_at": "2026-03-02T09:30:00Z",
        "read_at": None,
    }


def test_a_week_in_which_nothing_was_and_nothing_comes_is_not_told(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    bob.post("/tasks", {"title": "Essay"})
    app.clock.now = NOW.replace(hour=12)  # a Monday
    app.container.remind_people()()
    assert ada.get("/notifications").json["items"] == []
    assert [one["kind"] for one in bob.get("/notifications").json["items"]] == ["weekly_digest"]


def test_cards_that_are_buried_today_are_not_told_of(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    app.clock.now = NOW.replace(hour=12)
    learnt = {visitor: _a_card_learnt_by(visitor) for visitor in (ada, bob)}
    app.container.remind_people()()
    app.clock.advance(days=1)
    for visitor, email in ((ada, "ada@example.org"), (bob, "bob@example.org")):
        visitor.tokens = app.anonymous().post("/auth/login", {"email": email, "password": PASSWORD}).json
    ada.patch(f"/cards/{learnt[ada]}", {"buried": True})
    app.container.remind_people()()

    def told(visitor: Visitor) -> list[int]:
        found = visitor.get("/notifications").json["items"]
        return [one["data"]["count"] for one in found if one["kind"] == "reviews_due"]

    assert (told(ada), told(bob)) == ([], [1])


def _a_card_learnt_by(visitor: Visitor) -> str:
    """The id of a card that is due tomorrow."""
    deck = visitor.post("/decks", {"name": "Birds"}).json["id"]
    card: str = visitor.post(f"/decks/{deck}/cards", {"front": "What is a tide?", "back": "Water."}).json["id"]
    assert visitor.post(f"/cards/{card}/reviews", {"rating": "good"}).status_code == 201
    return card


def test_some_or_all_can_be_marked_as_read(app: MemoryApp, ada: Visitor) -> None:
    ids = write(app, ada, 3)
    assert ada.post("/notifications/read", {"ids": ids[:1]}).json == {"unread": 2}
    assert [one["id"] for one in ada.get("/notifications?unread=true").json["items"]] == ids[:0:-1]
    assert ada.post("/notifications/read", {}).json == {"unread": 0}
    assert ada.get("/notifications?unread=true").json["items"] == []


def test_what_is_somebody_elses_is_not_touched(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    (hers,) = write(app, ada)
    assert bob.post("/notifications/read", {"ids": [hers, str(uuid4())]}).json == {"unread": 0}
    assert (bob.get("/notifications").json["items"], ada.get("/notifications").json["unread"]) == ([], 1)


def test_wishes_are_kept_and_what_was_not_named_stays_at_its_default(ada: Visitor) -> None:
    before = ada.get("/notifications/preferences").json
    assert (before["reminder_hour"], before["language"], set(before["switches"])) == (8, "en", set(NotificationKind))
    saved = ada.send("PUT", "/notifications/preferences", WISHES)
    assert saved.status_code == 200
    assert saved.json == ada.get("/notifications/preferences").json
    assert saved.json == {**WISHES, "switches": before["switches"] | WISHES["switches"]}


@pytest.mark.parametrize(
    "wrong",
    [{"reminder_hour": 24}, {"digest_weekday": 7}, {"quiet_hours": {"start": 5, "end": 5}}, {"language": "tlh"},
     {"switches": {"birthday": {"in_app": True, "email": True}}}, {"owner": "me"}],
)  # fmt: skip
def test_wrong_wishes_are_refused(ada: Visitor, wrong: dict[str, Any]) -> None:
    assert problem(ada.send("PUT", "/notifications/preferences", WISHES | wrong)) == (422, "invalid")


def test_letters_stop_by_the_button_in_one_without_a_log_in(app: MemoryApp, ada: Visitor, stranger: Visitor) -> None:
    write(app, ada, kind=NotificationKind.TASK_DUE, letter_key="the-secret-of-a-letter")
    path = f"{BASE}/notifications/unsubscribe?token=the-secret-of-a-letter"
    shown = stranger.client.get(path)
    assert (shown.status_code, shown.mimetype, "<button>" in shown.text) == (200, "text/html", True)
    assert ada.get("/notifications/preferences").json["switches"]["task_due"]["email"]
    for _ in range(2):
        stopped = stranger.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (stopped.status_code, stopped.mimetype) == (200, "text/plain")
    switches = ada.get("/notifications/preferences").json["switches"]
    assert switches["task_due"] == {"in_app": True, "email": False}
    assert switches["weekly_digest"]["email"]


def test_an_unknown_secret_stops_nothing(stranger: Visitor) -> None:
    for method in ("GET", "POST"):
        assert problem(stranger.send(method, "/notifications/unsubscribe?token=guessed")) == (404, "not_found")


def feed_of(visitor: Visitor) -> str:
    """The path of a fresh feed."""
    url: str = visitor.post("/calendar/rotate").json["url"]
    return url[url.index(BASE) :]


def test_a_feed_is_told_once_and_can_be_replaced_and_ended(ada: Visitor, stranger: Visitor) -> None:
    assert ada.get("/calendar").json == {"active": False, "created_at": None}
    first, second = feed_of(ada), feed_of(ada)
    assert ada.get("/calendar").json["active"] is True
    unknown = stranger.client.get(f"{BASE}/calendar/{'x' * 43}.ics")
    spent = stranger.client.get(first)
    assert (spent.status_code, spent.json | {"instance": ""}) == (404, unknown.json | {"instance": ""})
    assert stranger.client.get(second).status_code == 200
    assert ada.delete("/calendar").status_code == 204
    assert stranger.client.get(second).status_code == 404
    assert ada.get("/calendar").json["active"] is False


def test_a_feed_is_private_and_comes_again_only_when_it_changed(ada: Visitor, stranger: Visitor) -> None:
    ada.post("/tasks", {"title": "Essay", "due_at": "2026-03-05T18:00:00Z"})
    path = feed_of(ada)
    feed = stranger.client.get(path)
    assert (feed.mimetype, feed.headers["Cache-Control"]) == ("text/calendar", "private, max-age=300")
    again = {"If-None-Match": feed.headers["ETag"]}
    assert stranger.client.get(path, headers=again).status_code == 304
    ada.post("/tasks", {"title": "Another", "due_at": "2026-03-06T18:00:00Z"})
    assert stranger.client.get(path, headers=again).status_code == 200


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("week", ["2026-03-27", "2026-10-23", "2026-03-06", "2026-10-30", "2026-04-03", "2026-10-02"])
def test_due_times_stay_the_same_through_clock_changes(app: MemoryApp, stranger: Visitor, zone: str, week: str) -> None:
    first = datetime.fromisoformat(week).replace(hour=9, tzinfo=ZoneInfo(zone))
    due = [(first + timedelta(days=day)) for day in range(5)]  # nine o'clock on each day, by the wall
    app.clock.now = first.astimezone(UTC) - timedelta(days=2)
    ada = app.person("ada@example.org", time_zone=zone)
    ids = [ada.post("/tasks", {"title": "Essay", "due_at": at.isoformat()}).json["id"] for at in due]
    events = {str(event["uid"]): event for event in read(stranger, feed_of(ada)).walk("VEVENT")}
    assert set(events) == {f"task-{task}@studyteddy" for task in ids}
    for task, at in zip(ids, due, strict=True):
        told = events[f"task-{task}@studyteddy"].decoded("dtstart")
        assert (told, f"{told.astimezone(ZoneInfo(zone)):%H:%M}") == (at, "09:00")


def read(visitor: Visitor, path: str) -> Calendar:
    calendar = Calendar.from_ical(visitor.client.get(path).data)
    assert isinstance(calendar, Calendar)
    return calendar


def test_reviews_stand_on_their_study_day_with_the_time_that_they_take(
    app: MemoryApp, ada: Visitor, stranger: Visitor
) -> None:
    deck = ada.post("/decks", {"name": "Birds"}).json["id"]
    for number in range(3):
        card = ada.post(f"/decks/{deck}/cards", {"front": f"{number}?", "back": "Yes."}).json["id"]
        assert ada.post(f"/cards/{card}/reviews", {"rating": "good", "took_ms": 60_000}).status_code == 201
    (event,) = read(stranger, feed_of(ada)).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == (
        "3 reviews, about 3 minutes", NOW.date() + timedelta(days=1),
    )  # fmt: skip


def test_what_people_wrote_cannot_add_to_the_calendar(ada: Visitor, stranger: Visitor) -> None:
    title = "Essay\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Free beer; now, \\n"
    ada.post("/tasks", {"title": title, "description": title, "due_at": "2026-03-05T18:00:00Z"})
    (event,) = read(stranger, feed_of(ada)).walk("VEVENT")
    assert "Free beer" in str(event["summary"])
    assert event["uid"].startswith("task-")
