"""What all records of an archive are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.portability import MOST


def in_utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[AwareDatetime, PlainSerializer(in_utc, str)]
Number = Annotated[int, Field(ge=1, le=MOST)]
Small = Annotated[int, Field(ge=-(2**15), le=2**15 - 1)]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Storable = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Text without NUL, which no database takes. For what the domain does not judge itself."""
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Record(BaseModel):
    """A line. Unknown fields are refused, and nothing is guessed."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class LocatorRecord(Record):
    unit: LocatorUnit
    number: Whole
    label: Storable | None = Field(max_length=10_000)
    char_start: Whole
    char_end: Whole


def of_locator(locator: Locator) -> LocatorRecord:
    return LocatorRecord(**plain(locator, LocatorRecord))


def locator_from(record: LocatorRecord) -> Locator:
    return Locator(**fields(record))


def plain(thing: object, record: type[Record], *others: str) -> dict[str, Any]:
    """The fields that a thing and its record have alike."""
    return {name: getattr(thing, name) for name in record.model_fields if name not in others}


def fields(record: Record) -> dict[str, Any]:
    """The fields as they are, records within left as such; instants in UTC."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name in type(record).model_fields
        for value in (getattr(record, name),)
    }


def number_of(named: UUID | None) -> int | None:
    return None if named is None else named.int


def id_of(number: int | None, of: Callable[[UUID], Any]) -> Any:
    return None if number is None else of(UUID(int=number))
