"""Notifications over HTTP, and what a person wants to be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.notifications import inbox, letters
from studyteddy.domain.ids import NotificationId
from studyteddy.domain.notifications import Language, Notification, NotificationKind, Preferences, QuietHours, Switch
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    Instant,
    PageOut,
    PageQuery,
    Query,
    Text,
    present_page,
)

ORDER = "-created_at"


class NotificationOut(Answer):
    """Something that the person should know; what ``data`` holds goes by ``kind``."""

    id: UUID
    kind: NotificationKind
    subject_id: UUID = Field(description="what it is about: a document, a card; the person for reminders")
    data: dict[str, Any]
    created_at: Instant
    read_at: Instant | None


class InboxOut(PageOut[NotificationOut]):
    """A page, and how many are unread in all."""

    unread: int


class NotificationQuery(PageQuery):
    """All of them, or those that were not read."""

    unread: bool = False


class ReadBody(Body):
    """Which ones were read; without ids all of them."""

    ids: list[UUID] = Field(OMITTED, max_length=1_000)


class UnreadOut(Answer):
    """How many are left unread."""

    unread: int


class SwitchSchema(Body):
    """Where a kind is told."""

    in_app: bool
    email: bool


class QuietHoursSchema(Body):
    """From one full local hour to another, over midnight where the second is not greater."""

    start: int = Field(ge=0, le=23)
    end: int = Field(ge=0, le=23)


class PreferencesSchema(Body):
    """What a person wants to be told, and when. A kind that is left out stays at its default."""

    switches: dict[NotificationKind, SwitchSchema] = Field(max_length=len(NotificationKind))
    reminder_hour: int = Field(ge=0, le=23, description="local hour at which the reminders of a day come")
    digest_weekday: int = Field(ge=0, le=6, description="0 is Monday")
    quiet_hours: QuietHoursSchema | None
    language: Language

    def core(self) -> Preferences:
        quiet = self.quiet_hours
        return Preferences(
            switches={kind: Switch(in_app=one.in_app, email=one.email) for kind, one in self.switches.items()},
            reminder_hour=self.reminder_hour,
            digest_weekday=self.digest_weekday,
            quiet_hours=None if quiet is None else QuietHours(start=quiet.start, end=quiet.end),
            language=self.language,
        )


def present(notification: Notification) -> NotificationOut:
    return NotificationOut.model_validate(notification)


def _preferences(wishes: Preferences) -> dict[str, Any]:
    quiet = wishes.quiet_hours
    return PreferencesSchema(
        switches={
            kind: SwitchSchema(in_app=wishes.switch(kind).in_app, email=wishes.switch(kind).email)
            for kind in NotificationKind
        },
        reminder_hour=wishes.reminder_hour,
        digest_weekday=wishes.digest_weekday,
        quiet_hours=None if quiet is None else QuietHoursSchema(start=quiet.start, end=quiet.end),
        language=wishes.language,
    ).model_dump(mode="json")


def notifications_blueprint(
    *,
    protect: Protect,
    listing: inbox.ListNotifications,
    read: inbox.ReadNotifications,
    get: inbox.GetPreferences,
    save: inbox.SetPreferences,
) -> APIBlueprint:
    """The routes under ``/notifications`` of a logged-in person."""
    api = blueprint("notifications", tag="notifications", protect=protect, needs=Capability.STUDY)

    @api.get("/notifications", summary="List notifications, newest first", responses={200: InboxOut})
    def list_notifications(query: NotificationQuery) -> Any:
        found = listing(owner=owner(), request=query.request(ORDER), unread=query.unread)
        return {**present_page(found.page, present), "unread": found.unread}

    @api.post("/notifications/read", summary="Mark notifications as read", responses={200: UnreadOut})
    def read_notifications(body: ReadBody) -> Any:
        ids = None if body.ids is OMITTED else [NotificationId(one) for one in body.ids]
        return UnreadOut(unread=read(owner=owner(), ids=ids)).json_ready()

    @api.get("/notifications/preferences", summary="What one wants to be told", responses={200: PreferencesSchema})
    def get_notification_preferences() -> Any:
        return _preferences(get(owner=owner()))

    @api.put("/notifications/preferences", summary="Say what one wants to be told", responses={200: PreferencesSchema})
    def set_notification_preferences(body: PreferencesSchema) -> Any:
        return _preferences(save(owner=owner(), preferences=body.core()))

    return api


class LetterQuery(Query):
    """The secret of a letter."""

    token: Text = Field(min_length=1, max_length=200)


def _told(what: str, media_type: str) -> Any:
    return {200: {"description": what, "content": {media_type: {"schema": {"type": "string"}}}}}


_BUTTON = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Study Teddy</title></head>
<body><form method="post"><button>Stop letters of this kind</button></form></body></html>
"""


def unsubscribe_blueprint(*, find: letters.FindLetter, stop: letters.StopLetters) -> APIBlueprint:
    """Stopping letters from within one, without a log-in (RFC 8058)."""
    api = blueprint("unsubscribe", tag="notifications")

    # Programs that look for viruses open every link of a letter, so opening it must not change anything.
    @api.get(
        "/notifications/unsubscribe",
        summary="A button that stops letters of a kind",
        responses=_told("a page with one button", "text/html"),
    )
    def show_letters(query: LetterQuery) -> Any:
        find(letter_key=query.token)
        return Response(_BUTTON, mimetype="text/html")

    @api.post(
        "/notifications/unsubscribe",
        summary="Stop letters of a kind, by the secret in one of them",
        responses=_told("they stopped", "text/plain"),
    )
    def stop_letters(query: LetterQuery) -> Any:
        stop(letter_key=query.token)
        words = "You get no more letters of this kind. Your notification settings can bring them back.\n"
        return Response(words, mimetype="text/plain")

    return api
