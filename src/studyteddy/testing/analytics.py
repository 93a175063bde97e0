"""What every source of figures has to agree with: the rules of the domain, on any data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain import analytics
from studyteddy.domain.analytics import Period, Retention, TaskFigures
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId, StudySessionId, TaskId, UserId
from studyteddy.domain.scheduling import ReviewKind, Schedule, SchedulerName
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.task import Task
from studyteddy.testing.accounts import add_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)

_DAYS = st.integers(-6, 6).map(lambda offset: TODAY + timedelta(days=offset))
_INSTANTS = st.integers(-6, 6).map(lambda hours: NOW + timedelta(hours=hours))
_PERIODS = st.tuples(_DAYS, st.integers(0, 5)).map(
    lambda chosen: Period(first=chosen[0], last=chosen[0] + timedelta(days=chosen[1]))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDraft:
    """What matters of a review to a figure."""

    study_day: date
    quality: int
    kind: ReviewKind
    interval_days: int
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """What matters of a card to a figure."""

    due_on: date | None
    suspended: bool
    buried_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """What matters of a task to a figure."""

    due_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDraft:
    """When a session started, and how many minutes it then ran, paused, ran and so on until it was finished."""

    started_at: datetime
    stretches: list[int]


_REVIEWS = st.lists(
    st.builds(
        ReviewDraft,
        study_day=_DAYS,
        quality=st.integers(0, 5),
        kind=st.sampled_from(ReviewKind),
        interval_days=st.integers(0, 2),
        undone=st.booleans(),
    ),
    max_size=12,
)
_CARDS = st.lists(
    st.builds(CardDraft, due_on=st.none() | _DAYS, suspended=st.booleans(), buried_until=st.none() | _DAYS), max_size=12
)
_TASKS = st.lists(st.builds(TaskDraft, due_at=st.none() | _INSTANTS, completed_at=st.none() | _INSTANTS), max_size=12)

# Summer time begins in the night after NOW's month, and Samoa left out a whole day at the end of 2011.
_STARTS = st.sampled_from([NOW, datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2011, 12, 29, 9, tzinfo=UTC)])
_ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata", "America/Los_Angeles"]).map(ZoneInfo)
_SESSIONS = st.lists(
    st.builds(
        SessionDraft,
        started_at=st.tuples(_STARTS, st.integers(0, 48 * 60)).map(lambda of: of[0] + timedelta(minutes=of[1])),
        stretches=st.lists(st.integers(0, 30 * 60), min_size=1, max_size=5),
    ),
    max_size=6,
)

on_any_data = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def _a_card(owner: UserId, deck: Deck, draft: CardDraft) -> Card:
    schedule = Schedule()
    if draft.due_on is not None:
        schedule = Schedule(1, 1, due_on=draft.due_on, last_reviewed_on=draft.due_on - timedelta(days=1))
    card = Card.create(id=CardId(uuid4()), owner=owner, deck_id=deck.id, front="Q", back="A", now=NOW)
    return replace(card, schedule=schedule, suspended=draft.suspended, buried_until=draft.buried_until)


def _a_review(card: Card, draft: ReviewDraft) -> Review:
    return Review(
        id=ReviewId(uuid4()),
        owner=card.owner,
        card_id=card.id,
        deck_id=card.deck_id,
        reviewed_at=NOW,
        study_day=draft.study_day,
        quality=draft.quality,
        took_ms=None,
        kind=draft.kind,
        scheduler=SchedulerName.SM2,
        before=Schedule(interval_days=draft.interval_days),
        after=Schedule(),
        previous=None,
        undone_at=NOW if draft.undone else None,
    )


def _a_session(owner: UserId, draft: SessionDraft) -> StudySession:
    now = draft.started_at
    session = StudySession.start(id=StudySessionId(uuid4()), owner=owner, now=now)
    times = list(accumulate(draft.stretches, lambda at, minutes: at + timedelta(minutes=minutes), initial=now))
    pauses = tuple(Span(start=start, end=end) for start, end in zip(times[1:-1:2], times[2::2], strict=False))
    return replace(session, pauses=pauses, finished_at=times[-1], focus_score=50)


def _a_task(owner: UserId, draft: TaskDraft) -> Task:
    task = Task.create(id=TaskId(uuid4()), owner=owner, now=NOW, title="Read", due_at=draft.due_at)
    return task if draft.completed_at is None else task.completed(draft.completed_at)


def keep_cards(unit_of_work: UnitOfWorkFactory, owner: UserId, drafts: Iterable[CardDraft]) -> list[Card]:
    """A deck with these cards."""
    deck = Deck.create(id=DeckId(uuid4()), owner=owner, now=NOW, name=f"Deck {uuid4()}")
    cards = [_a_card(owner, deck, draft) for draft in drafts]
    with unit_of_work() as uow:
        uow.decks.add(deck)
        uow.cards.add(cards)
        uow.commit()
    return cards


def keep_reviews(unit_of_work: UnitOfWorkFactory, owner: UserId, drafts: Iterable[ReviewDraft]) -> list[Review]:
    """These passes over one card."""
    (card,) = keep_cards(unit_of_work, owner, [CardDraft(due_on=None, suspended=False)])
    reviews = [_a_review(card, draft) for draft in drafts]
    for review in reviews:
        card = replace(card, version=card.version + 1)
        with unit_of_work() as uow:
            uow.reviews.commit_review(card, replace(review, undone_at=None))
        if review.undone_at is not None:
            card = replace(card, version=card.version + 1)
            with unit_of_work() as uow:
                uow.reviews.record_undo(card, review)
                uow.commit()
    return reviews


def keep_tasks(unit_of_work: UnitOfWorkFactory, owner: UserId, drafts: Iterable[TaskDraft]) -> list[Task]:
    """These tasks."""
    tasks = [_a_task(owner, draft) for draft in drafts]
    with unit_of_work() as uow:
        for task in tasks:
            uow.tasks.add(task)
        uow.commit()
    return tasks


def keep_sessions(unit_of_work: UnitOfWorkFactory, owner: UserId, drafts: Iterable[SessionDraft]) -> list[StudySession]:
    """These sessions."""
    sessions = [_a_session(owner, draft) for draft in drafts]
    with unit_of_work() as uow:
        for session in sessions:
            uow.study_sessions.add(session)
        uow.commit()
    return sessions


def over_a_day_that_was_left_out() -> SessionDraft:
    """From the 29th to the 31st of December 2011 in Samoa, between which there was no 30th."""
    return SessionDraft(started_at=datetime(2011, 12, 29, 9, tzinfo=UTC), stretches=[25 * 60])


class AnalyticsContract:
    """Subclass it and give the fixture ``unit_of_work``. Every example belongs to two people of its own, of whom the
    second has the same rows: they must not count.
    """

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @on_any_data
    @given(drafts=_REVIEWS, period=_PERIODS)
    def test_figures_of_reviews_follow_the_domain(
        self, unit_of_work: UnitOfWorkFactory, drafts: list[ReviewDraft], period: Period
    ) -> None:
        owner = add_user(unit_of_work)
        reviews = keep_reviews(unit_of_work, owner, drafts)
        keep_reviews(unit_of_work, add_user(unit_of_work), drafts)
        with unit_of_work() as uow:
            assert dict(uow.analytics.reviews_by_day(owner, period)) == analytics.reviews_by_day(reviews, period)
            assert uow.analytics.retention(owner, period) == analytics.retention(reviews, period)
            assert sorted(uow.analytics.review_days(owner)) == sorted(analytics.review_days(reviews))

    @on_any_data
    @example(drafts=[over_a_day_that_was_left_out()], zone=ZoneInfo("Pacific/Apia"), day_starts_at=0)
    @given(drafts=_SESSIONS, zone=_ZONES, day_starts_at=st.integers(0, 23))
    def test_days_of_sessions_follow_the_domain(
        self, unit_of_work: UnitOfWorkFactory, drafts: list[SessionDraft], zone: ZoneInfo, day_starts_at: int
    ) -> None:
        owner = add_user(unit_of_work)
        sessions = keep_sessions(unit_of_work, owner, drafts)
        keep_sessions(unit_of_work, add_user(unit_of_work), drafts)
        expected = analytics.session_days(sessions, zone, day_starts_at)
        with unit_of_work() as uow:
            assert sorted(uow.analytics.session_days(owner, zone, day_starts_at)) == sorted(expected)

    @on_any_data
    @given(drafts=_CARDS, period=_PERIODS)
    def test_the_forecast_follows_the_domain(
        self, unit_of_work: UnitOfWorkFactory, drafts: list[CardDraft], period: Period
    ) -> None:
        owner = add_user(unit_of_work)
        cards = keep_cards(unit_of_work, owner, drafts)
        keep_cards(unit_of_work, add_user(unit_of_work), drafts)
        with unit_of_work() as uow:
            assert dict(uow.analytics.due_by_day(owner, period)) == analytics.due_by_day(cards, period)

    def test_a_buried_card_falls_due_when_it_comes_up_again(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, tomorrow = add_user(unit_of_work), TODAY + timedelta(days=1)
        drafts = [
            CardDraft(due_on=TODAY, suspended=False, buried_until=tomorrow),
            CardDraft(due_on=TODAY, suspended=False, buried_until=TODAY),
            CardDraft(due_on=tomorrow, suspended=True, buried_until=tomorrow),
        ]
        keep_cards(unit_of_work, owner, drafts)
        with unit_of_work() as uow:
            assert uow.analytics.due_by_day(owner, Period(first=TODAY, last=TODAY)) == {TODAY: 1}
            assert uow.analytics.due_by_day(owner, Period(first=TODAY, last=tomorrow)) == {TODAY: 1, tomorrow: 1}

    @on_any_data
    @given(drafts=_TASKS, start=_INSTANTS, hours=st.integers(0, 8), now=_INSTANTS)
    def test_figures_of_tasks_follow_the_domain(
        self, unit_of_work: UnitOfWorkFactory, drafts: list[TaskDraft], start: datetime, hours: int, now: datetime
    ) -> None:
        owner, within = add_user(unit_of_work), Span(start=start, end=start + timedelta(hours=hours))
        tasks = keep_tasks(unit_of_work, owner, drafts)
        keep_tasks(unit_of_work, add_user(unit_of_work), drafts)
        with unit_of_work() as uow:
            assert uow.analytics.task_figures(owner, within, now) == analytics.task_figures(tasks, within, now)

    def test_somebody_new_has_no_figures(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, period = add_user(unit_of_work), Period(first=TODAY, last=TODAY)
        within = Span(start=NOW, end=NOW)
        with unit_of_work() as uow:
            assert not uow.analytics.reviews_by_day(owner, period)
            assert not uow.analytics.review_days(owner)
            assert not uow.analytics.session_days(owner, ZoneInfo("UTC"), 4)
            assert not uow.analytics.due_by_day(owner, period)
            assert uow.analytics.retention(owner, period) == Retention(reviews=0, recalled=0)
            assert uow.analytics.task_figures(owner, within, NOW) == TaskFigures(
                completed=0, completed_late=0, open=0, overdue=0
            )
