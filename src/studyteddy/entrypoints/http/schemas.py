"""What all bodies, queries and answers share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from studyteddy.domain.paging import DEFAULT_LIMIT, MAX_LIMIT, Cursor, Page, PageRequest

T = TypeVar("T")
OUT = TypeVar("OUT", bound=BaseModel)
_EXACT = 2**53
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:")


class _WithoutNul:
    """Refuses NUL, and says so in the description."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(core)
        described.setdefault("pattern", r"^[^\u0000]*$")
        return described

    @staticmethod
    def _checked(value: str) -> str:
        if "\0" in value:
            raise ValueError("Remove the NUL character.")
        return value


Text = Annotated[str, _WithoutNul()]
"""A text without NUL, which no database can hold."""


def _instant(value: Any) -> Any:
    """Text as an instant. Pydantic would also read "0.5" as half a second after 1970."""
    if not isinstance(value, str):
        return value
    if not _INSTANT.match(value):
        raise ValueError("Write an instant with its offset, for example 2026-03-01T09:00:00Z.")
    return datetime.fromisoformat(value.upper())


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda instant: instant.astimezone(UTC).isoformat().replace("+00:00", "Z"), str),
]
"""An instant with its offset, RFC 3339, and no count of seconds; answers are in UTC."""


OMITTED: Any = None
"""The default of a field that may be left out but can't be null."""


class Body(BaseModel):
    """A JSON body: unknown fields are refused, and nothing is guessed (``"5"`` is no number, 1 is no instant)."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_validate(cls, obj: Any, **_: Any) -> Self:
        """Validate by JSON's own types: strict, yet with instants, dates and ids written as text. No body counts as
        an empty one, so that a refusal names the fields that are missing.
        """
        return cls.model_validate_json(json.dumps({} if obj is None else _as_json_counts(obj)), strict=True)

    def given(self) -> dict[str, Any]:
        """The fields that the client stated, also those stated as null."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _as_json_counts(value: Any) -> Any:
    """The value with whole numbers as such: to JSON Schema, 15.0 is an integer."""
    if isinstance(value, dict):
        return {key: _as_json_counts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json_counts(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


class Query(BaseModel):
    """Query parameters: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The plain schema is made once: the framework asks for it at each request."""
        return super().model_json_schema(*args, **options) if args or options else _plain_schema(cls)


@cache
def _plain_schema(query: type[Query]) -> dict[str, Any]:
    return super(Query, query).model_json_schema()


class PageQuery(Query):
    """How many items after which cursor."""

    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Text = Field("", description="next_cursor of the page before")

    def request(self, order: str) -> PageRequest:
        """The page asked for; ``Invalid`` for a cursor of another list."""
        return PageRequest(limit=self.limit, after=Cursor.decode(self.cursor, order=order) if self.cursor else None)


class IdPath(BaseModel):
    """An id in a path."""

    id: UUID


class Answer(BaseModel):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True)

    def json_ready(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class PageOut(Answer, Generic[T]):
    """A page of a list; ``next_cursor`` is null after the last one."""

    items: list[T]
    next_cursor: str | None


def present_page(page: Page[T], present: Callable[[T], BaseModel]) -> dict[str, Any]:
    """A page ready for JSON."""
    return {
        "items": [present(item).model_dump(mode="json") for item in page.items],
        "next_cursor": page.next.encode() if page.next else None,
    }


def utc(instant: datetime) -> datetime:
    """The same instant in UTC."""
    return instant.astimezone(UTC)
