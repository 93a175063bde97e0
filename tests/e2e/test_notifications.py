from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from e2e.server import Server

ANYTIME = {"switches": {}, "digest_weekday": 0, "quiet_hours": None, "language": "en"}


def test_a_document_that_is_ready_or_not_is_told_over_the_socket_and_kept(server: Server) -> None:
    ada = server.person("news@example.org")
    with ada.socket() as line:
        for name, content, kind in (
            ("tides.txt", b"The moon pulls the sea towards it.", "document_ready"),
            ("empty.txt", b"  \n ", "document_failed"),
        ):
            document = ada.upload(name, content).json["document"]["id"]
            told = line.next("notification")
            assert (told["kind"], told["subject_id"]) == (kind, document)
            kept = ada.ok("GET", "/notifications?unread=true")["items"][0]
            assert kept.pop("read_at") is None
            assert {"type": "notification", **kept} == told
    ada.ok("POST", "/notifications/read", {})
    assert ada.ok("GET", "/notifications")["unread"] == 0


@pytest.mark.slow
def test_a_task_that_is_due_is_told_once_by_the_clock_of_the_server(server: Server) -> None:
    bob = server.person("due@example.org")
    now = datetime.now(UTC)
    # A zone in which it is about noon, so that neither the day nor the hour ends while this test runs.
    zone = f"Etc/GMT{now.hour - 12:+d}"
    bob.ok("PATCH", "/users/me", {"time_zone": zone, "day_starts_at": 4})
    bob.ok("POST", "/tasks", {"title": "Essay", "due_at": (now + timedelta(hours=1)).isoformat()})
    with bob.socket() as line:
        bob.ok("PUT", "/notifications/preferences", ANYTIME | {"reminder_hour": 8})
        line.raw.settimeout(180)
        told = line.next("notification")
        while told["kind"] != "task_due":
            told = line.next("notification")
    assert (told["data"]["count"], told["data"]["tasks"][0]["title"]) == (1, "Essay")
    bob.ok("PUT", "/notifications/preferences", ANYTIME | {"reminder_hour": 9})
    kinds = [one["kind"] for one in bob.everything("/notifications")]
    assert kinds.count("task_due") == 1
