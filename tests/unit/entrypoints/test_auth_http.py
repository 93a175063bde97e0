from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from apps import ACCESS_LIFETIME, BASE, PASSWORD, MemoryApp, Visitor, faulty_fields, problem

COOKIE = "studyteddy_refresh"


def cookie_of(answer: TestResponse) -> dict[str, str]:
    """The attributes of the refresh cookie that an answer sets."""
    (stated,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(COOKIE)]
    first, *attributes = stated.split("; ")
    pairs = dict(attribute.partition("=")[::2] for attribute in attributes)
    return {"value": first.partition("=")[2], **pairs}


@pytest.fixture
def browser(app: MemoryApp, ada: Visitor) -> Visitor:
    """A browser that holds its refresh token in a cookie."""
    visitor = app.anonymous()
    answer = visitor.post("/auth/login", {"email": "ada@example.org", "password": PASSWORD, "use_cookie": True})
    visitor.tokens = answer.json
    return visitor


def test_registering_logs_in_and_shows_the_person_but_no_hash(stranger: Visitor) -> None:
    body = {"email": " Ada@Example.org", "password": PASSWORD, "display_name": " Ada ", "time_zone": "Europe/Berlin"}
    answer = stranger.post("/auth/register", body)
    assert answer.status_code == 201
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", ACCESS_LIFETIME.total_seconds())
    user = answer.json["user"]
    assert {name: user[name] for name in ("email", "display_name", "time_zone", "roles", "day_starts_at")} == {
        "email": "ada@example.org", "display_name": "Ada", "time_zone": "Europe/Berlin", "roles": ["student"],
        "day_starts_at": 4,
    }  # fmt: skip
    assert "hash" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"email": "ada"}, "invalid", "email"),
        ({"email": "\ud83d@example.org"}, "invalid", "body"),
        ({"password": "short"}, "invalid", "password"),
        ({"password": "password123"}, "weak_password", "password"),
        ({"password": None}, "invalid", "password"),
        ({"display_name": " "}, "invalid", "display_name"),
        ({"display_name": "nul\0"}, "invalid", "display_name"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone", "time_zone"),
        ({"roles": ["admin"]}, "invalid", "roles"),
        ({"id": "7"}, "invalid", "id"),
    ],
)
def test_a_wrong_registration_names_the_field(
    stranger: Visitor, changes: dict[str, Any], code: str, field: str
) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada", **changes}
    answer = stranger.post("/auth/register", body)
    assert problem(answer) == (422, code)
    assert faulty_fields(answer) == {field}


def test_an_address_registers_once(app: MemoryApp, ada: Visitor) -> None:
    body = {"email": "ADA@example.org", "password": PASSWORD, "display_name": "Eve"}
    assert problem(app.anonymous().post("/auth/register", body)) == (409, "email_taken")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "Bearer a.b.c", "Bearer \xff", "Token x"],
)
def test_a_guarded_route_needs_a_good_bearer_token(ada: Visitor, header: str | None) -> None:
    ada.tokens = {}
    answer = ada.get("/tasks", headers={} if header is None else {"Authorization": header})
    status, code = problem(answer)
    assert (status, code) in {(401, "not_authenticated"), (401, "token_invalid")}
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_of_the_header_has_any_case(ada: Visitor) -> None:
    assert ada.get("/tasks", headers={"Authorization": f"bEARER  {ada.tokens['access_token']} "}).status_code == 200


def test_a_token_in_the_address_or_a_cookie_opens_nothing(ada: Visitor) -> None:
    token = ada.tokens.pop("access_token")
    ada.tokens = {}
    assert problem(ada.get(f"/tasks?access_token={token}"))[0] in (401, 422)
    ada.client.set_cookie("access_token", token)
    assert problem(ada.get("/tasks"))[0] == 401


def test_an_expired_token_says_so(app: MemoryApp, ada: Visitor) -> None:
    app.clock.advance(seconds=ACCESS_LIFETIME.total_seconds())
    assert problem(ada.get("/users/me")) == (401, "token_expired")


def test_a_wrong_password_and_an_unknown_address_answer_alike(ada: Visitor, stranger: Visitor) -> None:
    wrong = stranger.post("/auth/login", {"email": "ada@example.org", "password": "wrong"})
    unknown = stranger.post("/auth/login", {"email": "eve@example.org", "password": "wrong"})
    assert problem(wrong) == problem(unknown) == (401, "wrong_credentials")
    assert wrong.json == unknown.json


def test_a_refresh_by_body_brings_new_tokens_and_spends_the_old_one(ada: Visitor) -> None:
    old = ada.tokens["refresh_token"]
    following = ada.post("/auth/refresh", {"refresh_token": old})
    assert following.status_code == 200
    assert following.json["refresh_token"] != old
    assert problem(ada.post("/auth/refresh", {"refresh_token": old})) == (401, "token_reused")
    ada.tokens = following.json
    assert problem(ada.get("/users/me")) == (401, "session_ended")


def test_a_browser_gets_its_refresh_token_as_a_guarded_cookie_only(app: MemoryApp, ada: Visitor) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD, "use_cookie": True}
    answer = app.anonymous().post("/auth/login", body)
    cookie = cookie_of(answer)
    assert "refresh_token" not in answer.json
    assert cookie["value"] not in answer.text
    assert (cookie["Path"], cookie["SameSite"], cookie["Max-Age"]) == (f"{BASE}/auth", "Strict", str(7 * 24 * 3600))
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie
    secure = app.anonymous().post("/auth/login", body, base_url="https://localhost")
    assert "Secure" in cookie_of(secure)


@pytest.mark.parametrize("body", [None, {}])
def test_a_browser_refreshes_by_its_cookie(browser: Visitor, body: dict[str, str] | None) -> None:
    browser.tokens = {}
    answer = browser.post("/auth/refresh", body, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert cookie_of(answer)["value"]
    assert browser.post("/auth/refresh").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_cannot_refresh_by_the_cookie(browser: Visitor, headers: dict[str, str]) -> None:
    assert problem(browser.post("/auth/refresh", headers=headers)) == (403, "foreign_origin")
    assert browser.post("/auth/refresh").status_code == 200  # and the token was not spent


@pytest.mark.parametrize("token", ["nonsense", "\xff\xfe", "0" * 32 + ".x", "%ed%a0%bd"])
def test_a_cookie_that_is_no_token_is_refused(app: MemoryApp, token: str) -> None:
    client = app.web.test_client(use_cookies=False)
    answer = client.post(f"{BASE}/auth/refresh", headers={"Cookie": f"{COOKIE}={token}"})
    assert problem(answer) == (401, "token_invalid")


def test_without_a_token_there_is_nothing_to_refresh(stranger: Visitor) -> None:
    assert problem(stranger.post("/auth/refresh")) == (401, "not_authenticated")


def test_logging_out_ends_the_device_and_takes_the_cookie_back(browser: Visitor, ada: Visitor) -> None:
    answer = browser.post("/auth/logout")
    assert (answer.status_code, answer.data) == (204, b"")
    assert cookie_of(answer)["value"] == ""
    assert problem(browser.get("/users/me")) == (401, "session_ended")
    assert problem(browser.post("/auth/refresh")) == (401, "not_authenticated")
    assert ada.get("/users/me").status_code == 200


def test_logging_out_everywhere_ends_every_device(browser: Visitor, ada: Visitor, bob: Visitor) -> None:
    assert browser.post("/auth/logout-all").status_code == 204
    for visitor in (browser, ada):
        assert problem(visitor.get("/users/me")) == (401, "session_ended")
    assert bob.get("/users/me").status_code == 200


def test_devices_are_listed_and_ended_one_by_one(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    phone = app.anonymous()
    app.clock.advance(minutes=1)
    body = {"email": "ada@example.org", "password": PASSWORD}
    phone.tokens = phone.post("/auth/login", body, headers={"User-Agent": "Phone"}).json
    devices = ada.get("/auth/sessions").json["items"]
    assert devices[0]["device"] == "Phone"
    assert [device["current"] for device in devices] == [False, True]
    path = f"/auth/sessions/{devices[0]['id']}"
    assert problem(bob.delete(path)) == (404, "not_found")
    assert ada.delete(path).status_code == 204
    assert problem(phone.get("/users/me")) == (401, "session_ended")
    assert len(ada.get("/auth/sessions").json["items"]) == 1


def test_settings_change_by_version(ada: Visitor) -> None:
    answer = ada.patch("/users/me", {"time_zone": "Asia/Tokyo"}, headers={"If-Match": '"1"'})
    assert (answer.json["time_zone"], answer.json["version"], answer.headers["ETag"]) == ("Asia/Tokyo", 2, '"2"')
    assert problem(ada.patch("/users/me", {"day_starts_at": 0}, headers={"If-Match": '"1"'})) == (412, "stale_version")
    assert ada.get("/users/me").json == answer.json


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "eve@example.org"}, "email"),
        ({"roles": ["admin"]}, "roles"),
        ({"disabled": True}, "disabled"),
        ({"display_name": None}, "display_name"),
        ({"day_starts_at": 24}, "day_starts_at"),
        ({"day_starts_at": True}, "day_starts_at"),
        ({"weekly_budget": [60] * 6}, "weekly_budget"),
        ({"weekly_budget": [60] * 6 + [1_441]}, "weekly_budget"),
        ({"weekly_budget": [60] * 6 + [2**63]}, "weekly_budget"),
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(ada: Visitor, body: dict[str, Any], field: str) -> None:
    answer = ada.patch("/users/me", body)
    assert answer.status_code == 422
    assert faulty_fields(answer) == {field}
    assert ada.get("/users/me").json["version"] == 1
