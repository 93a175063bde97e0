from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from apps import BASE, MemoryApp, Visitor
from builders import PASSWORD
from limitless import LIMITLESS
from studyteddy.entrypoints.faults import SettingsFault
from studyteddy.entrypoints.gunicorn_refusals import _refusal
from studyteddy.entrypoints.http.headers import ALWAYS
from studyteddy.entrypoints.settings import Settings, load_settings

ELSEWHERE = "https://study.example"


def assert_guarded(answer: TestResponse) -> None:
    """It says all that it has to, and lets nothing of a page be framed, guessed at or run that isn't ours."""
    for name, value in ALWAYS.items():
        told = answer.headers.get_all(name)
        assert len(told) == 1, (name, told)
        if name not in ("Content-Security-Policy", "Cache-Control"):
            assert told == [value], name
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    if answer.headers["Cache-Control"] == "no-store":
        assert {"authorization", "cookie"} <= {name.lower() for name in answer.vary}
    assert "Set-Cookie" not in answer.headers or answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_every_route_answers_with_the_headers_whatever_it_answers(app: MemoryApp, ada: Visitor) -> None:
    seen: set[int] = set()
    for rule in app.web.url_map.iter_rules():
        path = rule.build({name: uuid4() if name == "id" else 1 for name in rule.arguments}, append_unknown=False)
        for method in [*(rule.methods or ()), "PROPFIND"]:
            for headers in ({}, {"Authorization": f"Bearer {ada.tokens['access_token']}"}):
                answer = app.web.test_client().open((path or ("", ""))[1], method=method, headers=headers)
                assert_guarded(answer)
                seen.add(answer.status_code)
                answer.close()
    assert {200, 401, 404, 405, 422} <= seen


@pytest.mark.parametrize(
    "path",
    ["/", "/tasks", "/tasks/", "/nothing", "/api/v1/nothing", "/%2e%2e/etc/passwd", "/api/v1/docs", "/x.ico"],
)
def test_pages_redirects_and_missing_ones_have_them_too(app: MemoryApp, path: str) -> None:
    assert_guarded(app.web.test_client().get(path))


def test_what_never_reaches_the_application_has_them_too() -> None:
    head = _refusal(400).decode().partition("\r\n\r\n")[0].split("\r\n")
    assert {f"{name}: {value}" for name, value in ALWAYS.items()} <= set(head)


def test_https_is_remembered_by_browsers_only_where_there_is_https(app: MemoryApp) -> None:
    client = app.web.test_client()
    assert "Strict-Transport-Security" not in client.get("/health/live").headers
    lasting = client.get("/health/live", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert lasting.startswith("max-age=31536000")


def test_a_cookie_of_a_log_in_is_out_of_the_reach_of_scripts_and_of_other_sites(app: MemoryApp, ada: Visitor) -> None:
    credentials = {"email": "ada@example.org", "password": PASSWORD, "use_cookie": True}
    answer = app.web.test_client().post(f"{BASE}/auth/login", json=credentials, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/auth"} <= set(cookie.split("; "))
    assert_guarded(answer)


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def app_for(origins: str, home: Path) -> MemoryApp:
    settings = Settings(_env_file=None, STUDYTEDDY_HOME=home, CORS_ORIGINS=origins, **LIMITLESS)
    return MemoryApp(home, settings=settings)


def test_pages_of_other_origins_are_kept_out_unless_they_are_named(app: MemoryApp, tmp_path: Path) -> None:
    named = app_for(f"{ELSEWHERE}, http://localhost:3000", tmp_path)
    for other in ("https://evil.example", "null", ELSEWHERE + ".evil.example", "http://study.example"):
        for one in (app, named):
            for method in ("OPTIONS", "GET", "POST"):
                answer = one.web.test_client().open(
                    f"{BASE}/tasks", method=method, headers={"Origin": other, **PREFLIGHT}
                )
                assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_named_origin_may_ask_and_read_but_gets_no_cookies(tmp_path: Path) -> None:
    client = app_for(ELSEWHERE, tmp_path).web.test_client()
    asked = client.options(f"{BASE}/tasks/{uuid4()}", headers={"Origin": ELSEWHERE, **PREFLIGHT})
    assert asked.status_code == 204
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    for answer in (asked, client.get(f"{BASE}/tasks", headers={"Origin": ELSEWHERE})):
        assert answer.headers["Access-Control-Allow-Origin"] == ELSEWHERE
        assert "origin" in {name.lower() for name in answer.vary}
        assert_guarded(answer)
    outside = client.get("/health/ready", headers={"Origin": ELSEWHERE})
    assert "Access-Control-Allow-Origin" not in outside.headers


def test_a_star_lets_every_page_in_without_credentials(tmp_path: Path) -> None:
    answer = app_for("*", tmp_path).web.test_client().get(f"{BASE}/openapi.json", headers={"Origin": "null"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("origins", ["study.example", "https://a.example/path", "https://*.example", "ftp://a.example"])
def test_what_is_no_origin_is_a_fault_of_the_settings(origins: str) -> None:
    with pytest.raises(SettingsFault, match="CORS_ORIGINS: write origins as"):
        load_settings(_env_file=None, STUDYTEDDY_CORS_ORIGINS=origins)
