"""Cursor paging: pages that stay stable while rows are added, because a cursor names the last row seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from studyteddy.domain.errors import Invalid

T = TypeVar("T")

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
_MAX_CURSOR = 2_000
_MAX_INTEGER = 2**31 - 1  # what a column of integers holds


class SortOrder(StrEnum):
    """How a list is sorted: by the field that the value names, turned round by a minus before it."""

    @property
    def field(self) -> str:
        """The name of what decides."""
        return self.value.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.value.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last row of a page: the order it was read in, its sort key as text (None for a missing value) and its id."""

    order: str
    key: str | None
    id: UUID

    def encode(self) -> str:
        """The opaque text that a client hands back."""
        import base64  # loaded when there are pages, which a program that only schedules never sees
        import json

        packed = json.dumps([self.order, self.key, str(self.id)], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, *, order: str) -> Cursor:
        """Read a cursor that was made for the same order; anything else is ``Invalid`` (code ``bad_cursor``)."""
        import base64
        import json

        try:
            if len(text) > _MAX_CURSOR:
                raise ValueError("too long")
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            made_for, key, row = json.loads(raw)
            if made_for != order or not (key is None or isinstance(key, str)):
                raise ValueError("made for another list")
            if key is not None and "\0" in key.encode().decode():  # half a surrogate pair can't be encoded
                raise ValueError("no list is sorted by such a key")
            return cls(order=order, key=key, id=UUID(row))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _bad_cursor() from error

    def last(self, from_text: Callable[[str], T]) -> T | None:
        """The sort key as ``from_text`` reads it; ``Invalid`` (code ``bad_cursor``) where no row can have that key."""
        if self.key is None:
            return None
        try:
            value = from_text(self.key)
        except (ValueError, OverflowError) as error:
            raise _bad_cursor() from error
        if isinstance(value, datetime) and value.tzinfo is None:
            raise _bad_cursor()
        if isinstance(value, int) and abs(value) > _MAX_INTEGER:
            raise _bad_cursor()
        return value


def _bad_cursor() -> Invalid:
    message = "Use a next_cursor exactly as given, with the same order, or leave the cursor out to start again."
    return Invalid.field("cursor", message, code="bad_cursor")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """How many rows (1..100) after which cursor."""

    limit: int = DEFAULT_LIMIT
    after: Cursor | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise Invalid.field("limit", f"Ask for 1 to {MAX_LIMIT} items at a time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows in order, and the cursor of the next page, None after the last."""

    items: tuple[T, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, rows: Sequence[T], request: PageRequest, cursor: Callable[[T], Cursor]) -> Page[T]:
        """A page from up to ``limit + 1`` rows: the extra row tells that there is more."""
        items = tuple(rows[: request.limit])
        more = len(rows) > request.limit
        return cls(items=items, next=cursor(items[-1]) if more else None)
