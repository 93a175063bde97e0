from __future__ import annotations

from typing import Any

import pytest

from apps import PASSWORD, MemoryApp, Visitor, faulty_fields, problem
from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.application.attempts import LimitLogIns

NEW = "eleven silent otters"
ADA = {"email": "ada@example.org"}


@pytest.fixture(scope="module")
def mailing_app(tmp_path_factory: pytest.TempPathFactory) -> MemoryApp:
    return MemoryApp(tmp_path_factory.mktemp("home"), mailer=InMemoryMailer())


@pytest.fixture
def app(mailing_app: MemoryApp) -> MemoryApp:
    mailing_app.reset()
    return mailing_app


def token(app: MemoryApp, kind: str, email: str = ADA["email"]) -> str:
    """The token of the newest letter of a kind, once the waiting ones are sent."""
    app.run_jobs()
    letters = [letter for letter in app.container.mailer().to(email) if letter.kind == kind]
    return str(letters[-1].values["link"]).partition("?token=")[2]


def test_an_address_is_verified_by_the_letter_of_the_registration(app: MemoryApp, ada: Visitor) -> None:
    assert ada.get("/users/me").json["email_verified_at"] is None
    stranger = app.anonymous()
    sent = {"token": token(app, "email_verification")}
    answer = stranger.post("/auth/email/verify", sent)
    assert (answer.status_code, answer.data) == (204, b"")
    assert ada.get("/users/me").json["email_verified_at"] == "2026-03-02T09:30:00Z"
    assert problem(stranger.post("/auth/email/verify", sent)) == (401, "link_used")
    assert problem(ada.post("/auth/email/resend")) == (409, "already_verified")


def test_another_letter_comes_for_whoever_is_logged_in(app: MemoryApp, ada: Visitor) -> None:
    first = token(app, "email_verification")
    answer = ada.post("/auth/email/resend")
    assert (answer.status_code, list(answer.json)) == (202, ["detail"])
    second = token(app, "email_verification")
    assert first != second
    assert app.anonymous().post("/auth/email/verify", {"token": second}).status_code == 204


def test_asking_for_a_reset_answers_alike_with_and_without_an_account(app: MemoryApp, ada: Visitor) -> None:
    stranger = app.anonymous()
    bodies = [ADA, {"email": "nobody@example.org"}, {"email": "no address"}]
    answers = [stranger.post("/auth/password/forgot", body) for body in bodies]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.text for answer in answers}) == 1


def test_a_reset_sets_the_password_and_ends_the_log_ins(app: MemoryApp, ada: Visitor) -> None:
    stranger = app.anonymous()
    stranger.post("/auth/password/forgot", ADA)
    sent = {"token": token(app, "password_reset"), "password": NEW}
    assert problem(stranger.post("/auth/password/reset", {**sent, "password": "password123"})) == (422, "weak_password")
    assert stranger.post("/auth/password/reset", sent).status_code == 204
    assert problem(stranger.post("/auth/password/reset", sent)) == (401, "link_used")
    assert problem(ada.get("/users/me")) == (401, "session_ended")
    assert problem(ada.post("/auth/login", {**ADA, "password": PASSWORD})) == (401, "wrong_credentials")
    assert stranger.post("/auth/login", {**ADA, "password": NEW}).status_code == 200


@pytest.mark.parametrize(
    "value", [None, "", [], [""], {}, {"$ne": None}, 0, True, 1.5, "\0", "x" * 201, "\ud83d", ["a" * 43]]
)
@pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/verify"])
def test_what_is_no_token_is_named(app: MemoryApp, path: str, value: Any) -> None:
    body = {"token": value} | ({"password": NEW} if "password" in path else {})
    answer = app.anonymous().post(path, body)
    assert problem(answer) == (422, "invalid")
    assert faulty_fields(answer) <= {"token", "body"}


@pytest.mark.parametrize("value", [" ", "nonsense", "a" * 43, "null", "%00", "' or 1=1 --"])
def test_a_made_up_token_opens_nothing(app: MemoryApp, ada: Visitor, value: str) -> None:
    for path, more in (("/auth/password/reset", {"password": NEW}), ("/auth/email/verify", {})):
        assert problem(app.anonymous().post(path, {"token": value, **more})) == (401, "link_invalid")


def test_a_password_is_changed_by_the_one_before(app: MemoryApp, ada: Visitor) -> None:
    phone = app.anonymous()
    phone.tokens = phone.post("/auth/login", {**ADA, "password": PASSWORD}).json
    change = {"current_password": PASSWORD, "new_password": NEW}
    assert problem(ada.post("/auth/password/change", {**change, "current_password": "wrong"})) == (
        403,
        "wrong_password",
    )
    weak = ada.post("/auth/password/change", {**change, "new_password": "password123"})
    assert (problem(weak), faulty_fields(weak)) == ((422, "weak_password"), {"new_password"})
    assert ada.post("/auth/password/change", change).status_code == 204
    assert ada.get("/users/me").json["has_password"] is True
    assert problem(phone.get("/users/me")) == (401, "session_ended")
    assert problem(phone.post("/auth/refresh", {"refresh_token": phone.tokens["refresh_token"]}))[0] == 401
    assert phone.post("/auth/login", {**ADA, "password": NEW}).status_code == 200


class TestLimits:
    """With the limits as they come."""

    @pytest.fixture
    def app(self, mailing_app: MemoryApp, tmp_path_factory: pytest.TempPathFactory) -> MemoryApp:
        limits = SlidingWindowLimits()
        limit_log_ins = LimitLogIns(limits=limits, amount=3)
        home = tmp_path_factory.mktemp("home")
        return MemoryApp(home, mailer=InMemoryMailer(), rate_limits=limits, limit_log_ins=limit_log_ins)

    def test_letters_are_bounded_alike_with_and_without_an_account(self, app: MemoryApp, ada: Visitor) -> None:
        for body in (ADA, {"email": "nobody@example.org"}):
            answers = [ada.post("/auth/password/forgot", body) for _ in range(6)]
            assert [answer.status_code for answer in answers] == [202] * 5 + [429]
            assert problem(answers[-1]) == (429, "too_many_letters")
            assert 0 < int(answers[-1].headers["Retry-After"]) <= 86_400

    def test_verification_letters_are_bounded(self, app: MemoryApp, ada: Visitor) -> None:
        answers = [ada.post("/auth/email/resend") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [202] * 3 + [429]
        assert problem(answers[-1]) == (429, "too_many_letters")

    def test_a_wrong_current_password_counts_like_a_wrong_log_in(self, app: MemoryApp, ada: Visitor) -> None:
        wrong = {"current_password": "wrong", "new_password": NEW}
        codes = [problem(ada.post("/auth/password/change", wrong)) for _ in range(3)]
        assert codes == [(403, "wrong_password")] * 3
        assert problem(ada.post("/auth/password/change", {**wrong, "current_password": PASSWORD})) == (
            429,
            "too_many_logins",
        )
        assert problem(app.anonymous().post("/auth/login", {**ADA, "password": PASSWORD})) == (429, "too_many_logins")


@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_new_password_ends_the_api_tokens(app: MemoryApp, ada: Visitor, way: str) -> None:
    made = ada.post("/users/me/api-tokens", {"name": "Backup", "scopes": ["write"]})
    script = app.anonymous()
    script.tokens = {"access_token": made.json["token"]}
    assert script.get("/tasks").status_code == 200
    assert problem(script.post("/auth/password/change", {"current_password": PASSWORD, "new_password": NEW})) == (
        403,
        "needs_log_in",
    )
    if way == "change":
        ada.post("/auth/password/change", {"current_password": PASSWORD, "new_password": NEW})
    else:
        script.post("/auth/password/forgot", ADA, headers={"Authorization": ""})
        app.anonymous().post("/auth/password/reset", {"token": token(app, "password_reset"), "password": NEW})
    assert problem(script.get("/tasks"))[0] == 401


def test_without_google_its_routes_say_so(app: MemoryApp, ada: Visitor) -> None:
    assert app.anonymous().get("/auth/providers").json == {"google": False}
    for path in ("/auth/google/start", "/auth/google/callback?state=x&code=y"):
        assert problem(app.anonymous().get(path)) == (404, "google_not_set_up")
    assert problem(ada.post("/auth/google/link", {})) == (404, "google_not_set_up")
    assert ada.get("/auth/google/link").json == {"email": None}
