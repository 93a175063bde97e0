from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from apps import MemoryApp, Visitor
from studyteddy.adapters.cached_analytics import WRITES, CachedFigures, forgetting_figures
from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application import analytics
from studyteddy.application.ports.repositories.accounts import Users
from studyteddy.application.ports.repositories.belongings import Belongings
from studyteddy.application.ports.repositories.flashcards import Cards, Decks, Reviews
from studyteddy.application.ports.repositories.study_sessions import StudySessions
from studyteddy.application.ports.repositories.tasks import Tasks
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.analytics import Period
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId
from studyteddy.testing.unit_of_work import UnitOfWorkContract, Wake

USE_CASES = {
    analytics.Summarise: analytics.SummaryFigures,
    analytics.Heatmap: analytics.HeatmapFigures,
    analytics.Forecast: analytics.ForecastFigures,
    analytics.Subjects: analytics.SubjectFigures,
    analytics.Recall: analytics.RetentionFigures,
}


class AwayCache(InMemoryCache):
    """A cache that can be switched off."""

    away = False

    def get(self, key: str) -> str | None:
        self._answer()
        return super().get(key)

    def stamp(self, tag: str) -> str:
        self._answer()
        return super().stamp(tag)

    def forget(self, tag: str) -> None:
        self._answer()
        super().forget(tag)

    def put(self, key: str, value: str, *, seconds: float) -> None:
        self._answer()
        super().put(key, value, seconds=seconds)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("away", code="cache_unavailable")


class CachingApp(MemoryApp):
    """An application whose writes make kept figures void."""

    def __init__(self, home: Path, cache: InMemoryCache) -> None:
        self.cache = cache
        super().__init__(home)

    def unit_of_work(self) -> UnitOfWork:
        return forgetting_figures(super().unit_of_work, self.cache)()


class Figures:
    """Every use case of analytics, kept and anew."""

    def __init__(self, app: MemoryApp, cache: InMemoryCache) -> None:
        self.asked = 0
        self._pairs = []
        for use_case, kind in USE_CASES.items():
            compute = use_case(unit_of_work=app.unit_of_work, clock=app.clock)
            self._pairs.append((CachedFigures(self._counting(compute), kind, cache, app.clock), compute))

    def _counting(self, compute: Any) -> Any:
        def computed(**asked: Any) -> Any:
            self.asked += 1
            return compute(**asked)

        return computed

    def kept(self, owner: UserId, **period: date) -> list[Any]:
        return [kept(owner=owner, **period) for kept, _ in self._pairs]

    def fresh(self, owner: UserId, **period: date) -> list[Any]:
        return [compute(owner=owner, **period) for _, compute in self._pairs]


class TestWatchedUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def open_with(self) -> Callable[[Wake], UnitOfWorkFactory]:
        store = Store()
        return lambda wake: forgetting_figures(functools.partial(InMemoryUnitOfWork, store, wake), InMemoryCache())


@pytest.fixture
def cache() -> AwayCache:
    return AwayCache()


@pytest.fixture
def app(tmp_path: Path, cache: AwayCache) -> CachingApp:
    return CachingApp(tmp_path, cache)


@pytest.fixture
def figures(app: CachingApp, cache: AwayCache) -> Figures:
    return Figures(app, cache)


@pytest.fixture
def ada(app: CachingApp) -> Visitor:
    return app.person("ada@example.org")


def id_of(visitor: Visitor) -> UserId:
    return UserId(UUID(visitor.tokens["user"]["id"]))


def writes(ada: Visitor, app: MemoryApp) -> Iterator[str]:
    """Everything that a person can do that changes their figures."""

    def done(answer: Any) -> Any:
        assert answer.status_code < 300, answer.text
        return answer.json

    task = done(ada.post("/tasks", {"title": "Read", "due_at": "2026-03-01T10:00:00Z"}))
    yield "a task was added"
    done(ada.post(f"/tasks/{task['id']}/complete"))
    yield "it was completed"
    done(ada.post(f"/tasks/{task['id']}/reopen"))
    yield "it was reopened"
    done(ada.delete(f"/tasks/{task['id']}"))
    yield "it was deleted"
    session = done(ada.post("/study-sessions", {"subject": "Biology"}))
    app.clock.advance(minutes=10)
    done(ada.post(f"/study-sessions/{session['id']}/finish"))
    yield "a session was finished"
    deck = done(ada.post("/decks", {"name": "Cells"}))
    card = done(ada.post(f"/decks/{deck['id']}/cards", {"front": "ATP?", "back": "Energy"}))
    review = done(ada.post(f"/cards/{card['id']}/reviews", {"rating": "good"}))["review"]
    yield "a card was reviewed"
    done(ada.post(f"/reviews/{review['id']}/undo"))
    yield "the review was undone"
    done(ada.post(f"/cards/{card['id']}/reviews", {"rating": "easy"}))
    done(ada.patch("/users/me", {"time_zone": "Pacific/Auckland", "day_starts_at": 0}))
    yield "the time zone was changed"
    done(ada.delete(f"/decks/{deck['id']}"))
    yield "the deck was deleted"


def test_kept_figures_are_those_of_now_after_every_write(app: CachingApp, figures: Figures, ada: Visitor) -> None:
    before = figures.fresh(id_of(ada))
    for what in writes(ada, app):
        now = figures.fresh(id_of(ada))
        assert now != before, what
        assert figures.kept(id_of(ada)) == now, what
        assert figures.kept(id_of(ada)) == now, what
        before = now


def test_figures_are_computed_once_until_their_owner_writes(app: CachingApp, figures: Figures, ada: Visitor) -> None:
    bob = app.person("bob@example.org")
    for _ in range(3):
        figures.kept(id_of(ada))
        figures.kept(id_of(ada), first=date(2026, 2, 1), last=date(2026, 2, 7))
    assert figures.asked == 2 * len(USE_CASES)
    bob.post("/tasks", {"title": "Read"})
    ada.get("/tasks")
    figures.kept(id_of(ada))
    assert figures.asked == 2 * len(USE_CASES)
    ada.post("/tasks", {"title": "Read"})
    figures.kept(id_of(ada))
    assert figures.asked == 3 * len(USE_CASES)


def test_nobody_gets_the_figures_of_another_person(app: CachingApp, figures: Figures, ada: Visitor) -> None:
    bob = app.person("bob@example.org")
    ada.post("/tasks", {"title": "Read"})
    assert figures.kept(id_of(ada))[0].summary.tasks.open == 1
    assert figures.kept(id_of(bob))[0].summary.tasks.open == 0


def test_a_new_study_day_has_figures_of_its_own(app: CachingApp, figures: Figures, ada: Visitor) -> None:
    today = figures.kept(id_of(ada))[0].period.last
    app.clock.advance(hours=18, minutes=30)
    assert figures.kept(id_of(ada))[0].period.last > today


def test_without_the_cache_figures_are_computed_and_writes_go_through(
    app: CachingApp, figures: Figures, cache: AwayCache, ada: Visitor
) -> None:
    cache.away = True
    assert ada.post("/tasks", {"title": "Read"}).status_code == 201
    assert figures.kept(id_of(ada)) == figures.fresh(id_of(ada))
    assert figures.asked == len(USE_CASES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFigures(analytics.Figures):
    """What an older program called by this name."""

    pages: int


def test_what_another_version_kept_is_computed_anew(app: CachingApp, cache: AwayCache, ada: Visitor) -> None:
    period = Period(first=date(2026, 2, 1), last=date(2026, 2, 7))
    older = CachedFigures(lambda **asked: SummaryFigures(period=period, pages=3), SummaryFigures, cache, app.clock)
    older(owner=id_of(ada))
    compute = analytics.Summarise(unit_of_work=app.unit_of_work, clock=app.clock)
    newer = CachedFigures(compute, analytics.SummaryFigures, cache, app.clock)
    assert newer(owner=id_of(ada)) == compute(owner=id_of(ada))


def test_every_write_that_is_watched_exists() -> None:
    ports = {
        "users": Users, "tasks": Tasks, "study_sessions": StudySessions, "decks": Decks, "cards": Cards,
        "reviews": Reviews, "belongings": Belongings,
    }  # fmt: skip
    assert ports.keys() == WRITES.keys()
    for name, port in ports.items():
        assert all(callable(getattr(port, write)) for write in WRITES[name])
