"""Coming in by an OpenID Connect provider that runs here, over HTTP on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from oidc_provider_mock import run_server_in_thread
from werkzeug.test import TestResponse

from apps import BASE, PASSWORD, MemoryApp, Visitor, problem
from studyteddy.adapters.google_identity import GoogleIdentity
from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.domain.errors import NotAuthenticated, Unavailable

CALLBACK = f"http://localhost{BASE}/auth/google/callback"
ADA = "ada@example.org"
# The provider, which runs in this process, uses what its own libraries are about to give up.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Provider:
    """A provider with people in it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def knows(self, email: str = ADA, *, verified: bool = True, **claims: object) -> str:
        """Somebody at the provider, by their subject."""
        subject = uuid4().hex
        body = {"email": email, "email_verified": verified, "name": "Ada Lovelace", **claims}
        requests.put(f"{self.issuer}/users/{subject}", json=body, timeout=30).raise_for_status()
        return subject

    def consent(self, address: str, subject: str) -> dict[str, str]:
        """What the browser brings back when this person agrees."""
        answer = requests.post(address, data={"sub": subject}, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(CALLBACK)
        return {name: one for name, (one,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with run_server_in_thread() as server:
        yield Provider(f"http://localhost:{server.server_port}")


@pytest.fixture(scope="module")
def google(provider: Provider) -> GoogleIdentity:
    return GoogleIdentity(
        client_id="study-teddy", client_secret="their secret", redirect_uri=CALLBACK, issuer=provider.issuer
    )


@pytest.fixture(scope="module")
def built_app(google: GoogleIdentity, tmp_path_factory: pytest.TempPathFactory) -> MemoryApp:
    return MemoryApp(tmp_path_factory.mktemp("home"), google=google)


@pytest.fixture
def app(built_app: MemoryApp) -> MemoryApp:
    built_app.reset()
    return built_app


@pytest.fixture
def browser(app: MemoryApp) -> Visitor:
    return app.anonymous()


def start(browser: Visitor, query: str = "") -> str:
    """Where a browser is sent."""
    answer = browser.get(f"/auth/google/start{query}")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(browser: Visitor, brought: dict[str, str]) -> TestResponse:
    return browser.get("/auth/google/callback", query_string=brought)


def landed(browser: Visitor, brought: dict[str, str]) -> str:
    answer = come_back(browser, brought)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def signed_in(browser: Visitor) -> dict[str, Any]:
    """Who the browser's refresh cookie logs in."""
    answer = browser.post("/auth/refresh", {})
    assert answer.status_code == 200, answer.text
    return dict(answer.json["user"])


def verify(app: MemoryApp, email: str = ADA) -> None:
    with app.unit_of_work() as uow:
        user = uow.users.by_email(email)
        assert user is not None
        uow.users.save(user.with_verified_email(app.clock()))
        uow.commit()


def test_a_newcomer_gets_an_account_without_a_password(app: MemoryApp, browser: Visitor, provider: Provider) -> None:
    address = start(browser, "?time_zone=Europe/Berlin")
    query = parse_qs(urlsplit(address).query)
    assert (query["code_challenge_method"], query["response_type"]) == (["S256"], ["code"])
    assert {"state", "nonce", "code_challenge"} <= set(query)
    answer = come_back(browser, provider.consent(address, provider.knows("Ada@Example.org")))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/today")
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "HttpOnly" in cookies["studyteddy_refresh"]
    assert "SameSite=Strict" in cookies["studyteddy_refresh"]
    user = signed_in(browser)
    assert (user["email"], user["display_name"], user["time_zone"]) == (ADA, "Ada Lovelace", "Europe/Berlin")
    assert user["email_verified_at"]
    assert user["has_password"] is False
    for password in ("", PASSWORD):
        body = {"email": ADA, "password": password}
        assert problem(app.anonymous().post("/auth/login", body)) == (401, "wrong_credentials")


def test_who_comes_again_has_the_same_account_whatever_their_address_is_now(app: MemoryApp, provider: Provider) -> None:
    subject, users = provider.knows(), []
    for email in (ADA, "lovelace@example.org"):
        body = {"email": email, "email_verified": True, "name": "Ada"}
        requests.put(f"{provider.issuer}/users/{subject}", json=body, timeout=30)
        browser = app.anonymous()
        assert landed(browser, provider.consent(start(browser), subject)) == "/today"
        users.append(signed_in(browser)["id"])
    assert users[0] == users[1]


def test_a_verified_account_is_linked_by_its_address(app: MemoryApp, browser: Visitor, provider: Provider) -> None:
    ada = app.person(ADA)
    verify(app)
    assert landed(browser, provider.consent(start(browser), provider.knows())) == "/today"
    assert signed_in(browser)["id"] == ada.tokens["user"]["id"]
    assert ada.get("/auth/google/link").json == {"email": ADA}


@pytest.mark.parametrize(
    ("here", "there", "code"),
    [
        (False, True, "google_link_needed"),
        (True, False, "google_email_unverified"),
        (None, False, "google_email_unverified"),
    ],
)
def test_an_address_that_one_side_has_not_verified_opens_no_account(
    app: MemoryApp, browser: Visitor, provider: Provider, here: bool | None, there: bool, code: str
) -> None:
    if here is not None:
        app.person(ADA)
    if here:
        verify(app)
    brought = provider.consent(start(browser), provider.knows(verified=there))
    assert landed(browser, brought) == f"/login?problem={code}"
    assert problem(browser.post("/auth/refresh", {})) == (401, "not_authenticated")


def test_whoever_is_logged_in_links_their_account_and_unlinks_it(app: MemoryApp, provider: Provider) -> None:
    ada = app.person(ADA)
    subject = provider.knows("lovelace@example.com")
    begun = ada.post("/auth/google/link", {"next": "/settings"})
    assert begun.status_code == 200
    assert landed(ada, provider.consent(begun.json["url"], subject)) == "/settings"
    assert ada.get("/auth/google/link").json == {"email": "lovelace@example.com"}
    browser = app.anonymous()
    assert landed(browser, provider.consent(start(browser), subject)) == "/today"
    assert signed_in(browser)["id"] == ada.tokens["user"]["id"]
    assert ada.delete("/auth/google/link").status_code == 204
    assert problem(ada.delete("/auth/google/link")) == (404, "not_found")
    bob = app.person("bob@example.org")
    begun = bob.post("/auth/google/link", {})
    assert landed(bob, provider.consent(begun.json["url"], subject)) == "/settings"


def test_an_identity_is_linked_to_one_account(app: MemoryApp, provider: Provider) -> None:
    subject = provider.knows("lovelace@example.com")
    for email, page in ((ADA, "/settings"), ("bob@example.org", "/login?problem=identity_taken")):
        person = app.person(email)
        assert landed(person, provider.consent(person.post("/auth/google/link", {}).json["url"], subject)) == page


def test_a_log_in_that_ended_links_nothing(app: MemoryApp, provider: Provider) -> None:
    ada = app.person(ADA)
    url = ada.post("/auth/google/link", {}).json["url"]
    ada.post("/auth/logout-all")
    assert landed(ada, provider.consent(url, provider.knows())) == "/login?problem=session_ended"


def test_the_only_way_in_is_not_taken_away(browser: Visitor, provider: Provider) -> None:
    landed(browser, provider.consent(start(browser), provider.knows()))
    browser.tokens = browser.post("/auth/refresh", {}).json
    assert problem(browser.delete("/auth/google/link")) == (409, "no_password")


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/decks/7?tab=cards", "/decks/7?tab=cards"), ("//evil.example", "/today"), ("/\\evil.example", "/today"),
        ("https://evil.example", "/today"), ("javascript:alert(1)", "/today"), ("", "/today"),
        ("/\t/evil.example", "/today"),
        ("/a\r\nX: y", "/today"), ("/%0d%0a", "/%0d%0a"),
    ],
)  # fmt: skip
def test_the_page_afterwards_is_one_of_this_site(browser: Visitor, provider: Provider, asked: str, page: str) -> None:
    answer = browser.get("/auth/google/start", query_string={"next": asked})
    assert landed(browser, provider.consent(answer.headers["Location"], provider.knows())) == page


def test_a_state_is_good_once_in_the_browser_that_began(app: MemoryApp, browser: Visitor, provider: Provider) -> None:
    other = app.anonymous()
    brought = provider.consent(start(browser), provider.knows())
    assert landed(other, brought) == "/login?problem=google_other_browser"
    assert landed(browser, brought) == "/login?problem=google_state_unknown"
    brought = provider.consent(start(browser), provider.knows())
    assert landed(browser, brought) == "/today"
    assert landed(browser, brought) == "/login?problem=google_state_unknown"
    for state in ("", "made up", "\u2028"):
        assert landed(browser, {"code": "x", "state": state}) == "/login?problem=google_state_unknown"


def test_a_state_is_forgotten_after_ten_minutes(app: MemoryApp, provider: Provider) -> None:
    now = [0.0]
    cache = InMemoryCache(clock=lambda: now[0])
    begun = app.container.begin_google(cache=cache)()
    finish = app.container.finish_google(cache=cache)
    brought = provider.consent(begun.address, provider.knows())
    now[0] = 600.0
    with pytest.raises(NotAuthenticated) as refused:
        finish(state=brought["state"], browser=begun.browser, code=brought["code"], error="")
    assert refused.value.code == "google_state_unknown"


def test_saying_no_at_the_provider_leads_back_to_the_log_in(browser: Visitor, provider: Provider) -> None:
    address = start(browser)
    answer = requests.post(address, data={"action": "deny"}, timeout=30, allow_redirects=False)
    brought = {name: one for name, (one,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert brought["error"] == "access_denied"
    brought["state"] = parse_qs(urlsplit(address).query)["state"][0]  # which this provider leaves out
    assert landed(browser, brought) == "/login?problem=google_access_denied"
    state = parse_qs(urlsplit(start(browser)).query)["state"][0]
    assert landed(browser, {"error": "server_error", "state": state}) == "/login?problem=google_refused"


def test_a_code_of_another_attempt_is_refused_by_its_nonce(browser: Visitor, provider: Provider) -> None:
    stolen = provider.consent(start(browser), provider.knows())
    mine = parse_qs(urlsplit(start(browser)).query)["state"][0]
    assert landed(browser, {"code": stolen["code"], "state": mine}) == "/login?problem=google_refused"


def test_a_code_is_taken_once(browser: Visitor, provider: Provider, google: GoogleIdentity) -> None:
    address = google.address(state="s", nonce="n", verifier="v" * 43)
    code = provider.consent(address, provider.knows())["code"]
    assert google.identify(code=code, nonce="n", verifier="v" * 43).email == ADA
    with pytest.raises(NotAuthenticated) as refused:
        google.identify(code=code, nonce="n", verifier="v" * 43)
    assert refused.value.code == "google_refused"


def test_a_provider_that_is_away_is_said_to_be() -> None:
    away = GoogleIdentity(client_id="a", client_secret="b", redirect_uri=CALLBACK, issuer="http://localhost:1")
    with pytest.raises(Unavailable) as fault:
        away.address(state="s", nonce="n", verifier="v")
    assert fault.value.code == "google_unavailable"


def test_the_cookie_of_an_attempt_is_for_its_own_routes(browser: Visitor, provider: Provider) -> None:
    answer = browser.get("/auth/google/start", base_url="https://localhost")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Secure", f"Path={BASE}/auth/google", "Max-Age=600"} <= set(cookie.split("; "))
    assert json.dumps(answer.headers["Location"]).count(cookie.partition("=")[2].partition(";")[0]) == 0


def test_the_pages_can_tell_whether_google_is_there(browser: Visitor) -> None:
    assert browser.get("/auth/providers").json == {"google": True}
