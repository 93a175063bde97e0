"""Figures that were computed a moment ago, and how writes make them void."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from studyteddy.application.analytics import Figures, FiguresOf
from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId

log = logging.getLogger(__name__)

KEPT_SECONDS = 60.0
"""How long figures may be wrong at worst: when a write could not make them void, since the cache was away just then."""
_QUARTER = 900
"""Seconds. A study day begins on a quarter of an hour in every time zone, so figures of different days never meet."""
F = TypeVar("F", bound=Figures)


class CachedFigures(Generic[F]):
    """A use case of analytics whose answers are kept for a minute, under the stamp of their owner.

    Wrapped around the use case and not around ``AnalyticsQueries``, which are asked within a transaction, where no
    network call belongs. Fails open: without its cache it computes.
    """

    def __init__(self, inner: FiguresOf[F], kind: type[F], cache: Cache, clock: Clock) -> None:
        self._inner = inner
        self._cache = cache
        self._clock = clock
        self._name = kind.__name__
        self._json = TypeAdapter(kind)

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> F:
        try:
            key = self._key(owner, first, last)
            kept = self._cache.get(key)
        except Unavailable:
            return self._inner(owner=owner, first=first, last=last)
        if kept is not None:
            with suppress(ValidationError):  # another version of this program may have put it there
                return self._json.validate_json(kept)
        found = self._inner(owner=owner, first=first, last=last)
        with suppress(Unavailable):
            self._cache.put(key, self._json.dump_json(found).decode(), seconds=KEPT_SECONDS)
        return found

    def _key(self, owner: UserId, first: date | None, last: date | None) -> str:
        quarter = int(self._clock().timestamp()) // _QUARTER
        return f"{self._cache.stamp(_tag(owner))}:{self._name}:{first}:{last}:{quarter}"


def forgetting_figures(unit_of_work: UnitOfWorkFactory, cache: Cache) -> UnitOfWorkFactory:
    """Units of work that make the figures void of everybody whose rows they wrote, once they are over."""

    def forget(owner: UserId) -> None:
        try:
            cache.forget(_tag(owner))
        except Unavailable:
            log.warning("figures.not_forgotten")

    return lambda: cast(UnitOfWork, _Watched(unit_of_work(), forget))


def _tag(owner: UserId) -> str:
    return f"figures:{owner}"


WRITES: Mapping[str, frozenset[str]] = {
    "users": frozenset({"save"}),
    "tasks": frozenset({"add", "save", "delete"}),
    "study_sessions": frozenset({"add", "save"}),
    "decks": frozenset({"delete"}),
    "cards": frozenset({"add", "save", "delete"}),
    "reviews": frozenset({"commit_review", "record_undo"}),
    "belongings": frozenset({"add_reviews", "erase", "erase_account"}),
}
"""What changes somebody's figures, by repository. The first argument of each says whose."""


class _Watched:
    """A unit of work that remembers whose rows were written. Too often costs nothing but time, as after a rollback."""

    def __init__(self, inner: UnitOfWork, written: Callable[[UserId], None]) -> None:
        self._inner = inner
        self._written = written
        self._owners: set[UserId] = set()

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._inner, name)
        return _WatchedRows(part, WRITES[name], self._owners) if name in WRITES else part

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._inner.__exit__(kind, error, trace)
        finally:
            for owner in self._owners:
                self._written(owner)
            self._owners.clear()


class _WatchedRows:
    def __init__(self, rows: Any, writes: frozenset[str], owners: set[UserId]) -> None:
        self._rows = rows
        self._writes = writes
        self._owners = owners

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._rows, name)
        if name not in self._writes:
            return method

        def noted(whose: Any, *rest: Any, **named: Any) -> Any:
            self._owners.update(_owners(whose))
            return method(whose, *rest, **named)

        return noted


def _owners(whose: Any) -> Iterable[UserId]:
    """The owner of an entity, of several, or the owner itself; a user owns their own row."""
    if isinstance(whose, UUID):
        return [UserId(whose)]
    if isinstance(whose, list | tuple):
        return {UserId(one.owner) for one in whose}
    return [whose.owner if hasattr(whose, "owner") else whose.id]
