"""The private calendar feed over HTTP (RFC 5545)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Response, request
from flask_openapi import APIBlueprint
from icalendar import Calendar, Event
from pydantic import BaseModel, Field

from studyteddy.application.notifications.calendar import (
    EndCalendar,
    Feed,
    GetCalendar,
    ReadCalendar,
    ReviewDay,
    RotateCalendar,
)
from studyteddy.domain.ids import UserId
from studyteddy.domain.tasks.task import Task
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.idempotency import keep_no_answer
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Instant

FRESH_SECONDS = 300
MEDIA_TYPE = "text/calendar"


class CalendarOut(Answer):
    """Whether there is a feed, and since when. Its address is told only when it is made."""

    active: bool
    created_at: Instant | None


class CalendarUrlOut(Answer):
    """The address of a new feed. Whoever has it can read the feed; it isn't shown again."""

    url: str


class SecretPath(BaseModel):
    """The secret of a feed."""

    secret: str = Field(min_length=1, max_length=200)


def calendar_blueprint(
    *, protect: Protect, get: GetCalendar, rotate: RotateCalendar, end: EndCalendar, base: str
) -> APIBlueprint:
    """The routes with which a person makes, replaces and ends their feed."""
    api = blueprint("calendar", tag="notifications", protect=protect)

    @api.get("/calendar", summary="Whether there is a calendar feed", responses={200: CalendarOut})
    def get_calendar() -> Any:
        made_at = get(owner=owner())
        return CalendarOut(active=made_at is not None, created_at=made_at).json_ready()

    @api.post(
        "/calendar/rotate", summary="Make a calendar feed, or give it another address", responses={201: CalendarUrlOut}
    )
    def rotate_calendar() -> Any:
        keep_no_answer()
        return CalendarUrlOut(url=f"{base}/calendar/{rotate(owner=owner())}.ics").json_ready(), 201

    @api.delete("/calendar", summary="End the calendar feed", responses={204: None})
    def end_calendar() -> Any:
        end(owner=owner())
        return "", 204

    return api


def feed_blueprint(*, read: ReadCalendar) -> APIBlueprint:
    """The feed itself, for programs that can't log in."""
    api = blueprint("feed", tag="notifications")

    @api.get(
        "/calendar/<string:secret>.ics",
        summary="A calendar feed, by its secret address",
        responses={200: {"description": "a calendar", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    )
    def read_calendar(path: SecretPath) -> Any:
        content = as_ical(read(secret=path.secret))
        answer = Response(content, mimetype=MEDIA_TYPE)
        answer.set_etag(hashlib.sha256(content).hexdigest())
        answer.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
        return answer.make_conditional(request)

    return api


def as_ical(feed: Feed) -> bytes:
    """The feed as a calendar; the same feed gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Study Teddy//Study Teddy//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Study Teddy")
    calendar.add("refresh-interval", timedelta(seconds=FRESH_SECONDS), parameters={"VALUE": "DURATION"})
    for task in feed.tasks:
        calendar.add_component(_task(task))
    for day in feed.reviews:
        calendar.add_component(_reviews(day, feed.owner))
    content: bytes = calendar.to_ical()
    return content


def _task(task: Task) -> Event:
    """The moment at which a task is due, in UTC: every calendar shows it on its own clock."""
    event = Event()
    event.add("uid", f"task-{task.id}@studyteddy")
    event.add("dtstamp", task.updated_at.astimezone(UTC))
    event.add("last-modified", task.updated_at.astimezone(UTC))
    event.add("sequence", task.version)
    if task.due_at is not None:
        event.add("dtstart", task.due_at.astimezone(UTC))
    event.add("summary", task.title)
    if task.description:
        event.add("description", task.description)
    if task.subject:
        event.add("categories", [task.subject])
    event.add("transp", "TRANSPARENT")
    return event


def _reviews(day: ReviewDay, whose: UserId) -> Event:
    """All of a study day; it has no hour, so it needs no zone either."""
    event = Event()
    event.add("uid", f"reviews-{day.day:%Y%m%d}-{whose}@studyteddy")
    event.add("dtstamp", datetime.combine(day.day, time(), UTC))
    event.add("dtstart", day.day)
    event.add("dtend", day.day + timedelta(days=1))
    cards = "1 review" if day.cards == 1 else f"{day.cards} reviews"
    event.add("summary", f"{cards}, about {'1 minute' if day.minutes == 1 else f'{day.minutes} minutes'}")
    event.add("transp", "TRANSPARENT")
    return event
