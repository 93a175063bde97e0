from __future__ import annotations

from pathlib import Path

import pytest

from apps import MemoryApp, problem
from builders import PASSWORD
from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.application.attempts import LimitLogIns, LimitRegistrations, LimitRequests
from studyteddy.application.ports.rate_limits import Limit, RateLimits
from studyteddy.domain.errors import Unavailable

RIGHT = {"email": "ada@example.org", "password": PASSWORD}
WRONG = RIGHT | {"password": "eight purple hedgehogs"}


class AwayLimits:
    """A counter that can't be reached."""

    def hit(self, limit: Limit, *keys: str) -> None:
        if limit.fails_closed:
            raise Unavailable("away", code="limits_unavailable")

    def check(self, limit: Limit, *keys: str) -> None:
        self.hit(limit, *keys)

    def give_back(self, limit: Limit, *keys: str) -> None:
        return


def app_with(limits: RateLimits, home: Path, *, requests: int = 1_000) -> MemoryApp:
    return MemoryApp(
        home,
        limit_log_ins=LimitLogIns(limits=limits, amount=10),
        limit_registrations=LimitRegistrations(limits=limits, amount=2),
        limit_requests=LimitRequests(limits=limits, amount=requests),
    )


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    """An application that counts for real."""
    return app_with(SlidingWindowLimits(), tmp_path)


def test_the_eleventh_guess_is_refused_with_the_time_to_wait_even_when_it_is_right(app: MemoryApp) -> None:
    app.person()
    visitor = app.anonymous()
    for _ in range(10):
        assert problem(visitor.post("/auth/login", WRONG)) == (401, "wrong_credentials")
    answer = visitor.post("/auth/login", RIGHT)
    assert problem(answer) == (429, "too_many_logins")
    assert 0 < int(answer.headers["Retry-After"]) <= 600


def test_unknown_accounts_are_locked_like_known_ones(app: MemoryApp) -> None:
    visitor = app.anonymous()
    codes = [problem(visitor.post("/auth/login", WRONG))[0] for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2


def test_logging_in_often_is_fine(app: MemoryApp) -> None:
    app.person()
    assert [app.anonymous().post("/auth/login", RIGHT).status_code for _ in range(30)] == [200] * 30


def test_a_client_can_not_choose_its_own_address(app: MemoryApp) -> None:
    visitor = app.anonymous()
    for number in range(10):
        visitor.post("/auth/login", WRONG, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    other = WRONG | {"email": "bob@example.org"}
    answer = visitor.post("/auth/login", other, headers={"X-Forwarded-For": "192.0.2.99"})
    assert problem(answer) == (429, "too_many_logins")


def test_many_accounts_from_one_address_are_refused(app: MemoryApp) -> None:
    app.person("ada@example.org")
    app.person("bob@example.org")
    answer = app.anonymous().post(
        "/auth/register", {"email": "eve@example.org", "password": PASSWORD, "display_name": "Eve"}
    )
    assert problem(answer) == (429, "too_many_registrations")


def test_a_person_who_asks_for_too_much_has_to_wait_and_others_have_not(tmp_path: Path) -> None:
    app = app_with(SlidingWindowLimits(), tmp_path, requests=5)
    ada, bob = app.person("ada@example.org"), app.person("bob@example.org")
    assert [ada.get("/tasks").status_code for _ in range(5)] == [200] * 5
    answer = ada.get("/users/me")
    assert problem(answer) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) >= 1
    assert bob.get("/tasks").status_code == 200


def test_without_a_counter_nobody_logs_in_or_registers(tmp_path: Path) -> None:
    visitor = app_with(AwayLimits(), tmp_path).anonymous()
    newcomer = {"email": "eve@example.org", "password": PASSWORD, "display_name": "Eve"}
    for refused in (visitor.post("/auth/login", RIGHT), visitor.post("/auth/register", newcomer)):
        assert problem(refused) == (503, "limits_unavailable")
        assert int(refused.headers["Retry-After"]) >= 1


def test_reading_goes_on_without_a_counter(tmp_path: Path) -> None:
    app = MemoryApp(tmp_path, limit_requests=LimitRequests(limits=AwayLimits(), amount=1))
    ada = app.person()
    assert [ada.get("/tasks").status_code for _ in range(5)] == [200] * 5
