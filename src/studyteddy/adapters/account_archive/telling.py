"""What an archive tells people of their account, besides what they can take along."""

from __future__ import annotations

from typing import Any

from studyteddy.adapters.account_archive.record_fields import in_utc
from studyteddy.application.ports.account_archives import About
from studyteddy.domain.accounts import AuthSession
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.notifications import Notification
from studyteddy.domain.security_events import SecurityEvent


def account(about: About) -> dict[str, Any]:
    """``account.json``."""
    user, feed = about.user, about.calendar_feed_since
    return {
        "email": user.email,
        "roles": sorted(user.roles),
        "created_at": in_utc(user.created_at),
        "log_ins": [_log_in(one) for one in about.log_ins],
        "api_tokens": [_token(one) for one in about.api_tokens],
        "calendar_feed_since": feed and in_utc(feed),
        "notifications": [_notification(one) for one in about.notifications],
        "security_events": [_event(one) for one in about.security_events],
    }


def _log_in(session: AuthSession) -> dict[str, Any]:
    return {
        "device": session.device,
        "since": in_utc(session.created_at),
        "last_used_at": in_utc(session.last_used_at),
    }


def _token(token: ApiToken) -> dict[str, Any]:
    return {
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": in_utc(token.created_at),
        "expires_at": token.expires_at and in_utc(token.expires_at),
        "last_used_at": token.last_used_at and in_utc(token.last_used_at),
    }


def _notification(notification: Notification) -> dict[str, Any]:
    return {
        "kind": notification.kind.value,
        "data": dict(notification.data),
        "created_at": in_utc(notification.created_at),
        "letter_sent_at": notification.letter_sent_at and in_utc(notification.letter_sent_at),
        "read_at": notification.read_at and in_utc(notification.read_at),
    }


def _event(event: SecurityEvent) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        "at": in_utc(event.at),
        "device": event.client.device,
        "network": event.client.network,
        "detail": event.detail,
    }
