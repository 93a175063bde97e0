"""An export as a browser downloads it, which sends cookies and no token."""

from __future__ import annotations

import io
import zipfile

from apps import MemoryApp, Visitor, problem


def downloading(app: MemoryApp, person: Visitor) -> Visitor:
    """The same browser without the token that its scripts hold, after it asked for a ticket."""
    assert person.post("/users/me/export/ticket").status_code == 204
    browser = app.anonymous()
    browser.client = person.client
    return browser


def test_a_browser_downloads_the_export_once_by_a_ticket_in_a_cookie(app: MemoryApp, ada: Visitor) -> None:
    ada.post("/tasks", {"title": "Feed the starter"})
    browser = downloading(app, ada)
    answer = browser.get("/users/me/export/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="studyteddy-')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert b"Feed the starter" in archive.read("tasks.jsonl")
    assert problem(browser.get("/users/me/export/file")) == (401, "ticket_missing")


def test_the_ticket_is_hidden_from_scripts_and_sent_to_the_download_alone(ada: Visitor) -> None:
    cookie = ada.post("/users/me/export/ticket").headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/api/v1/users/me/export/file"))


def test_no_other_site_starts_the_download(app: MemoryApp, ada: Visitor) -> None:
    browser = downloading(app, ada)
    answer = browser.get("/users/me/export/file", headers={"Sec-Fetch-Site": "cross-site"})
    assert problem(answer) == (403, "foreign_origin")


def test_a_ticket_ends_with_its_log_in(app: MemoryApp, ada: Visitor) -> None:
    browser = downloading(app, ada)
    assert ada.post("/auth/logout").status_code == 204
    assert problem(browser.get("/users/me/export/file")) == (401, "session_ended")


def test_a_ticket_for_the_socket_downloads_nothing(app: MemoryApp, ada: Visitor) -> None:
    ticket = ada.post("/ws/ticket").json["ticket"]
    browser = app.anonymous()
    browser.client.set_cookie("studyteddy_export", ticket, path="/api/v1/users/me/export/file")
    assert problem(browser.get("/users/me/export/file")) == (401, "ticket_invalid")
