from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from studyteddy.entrypoints.http.schemas import Body, Instant, PageQuery, Query, Text


class Plan(Body):
    at: Instant | None = None
    minutes: int = 0
    title: Text = ""


class Wanted(Query):
    due_to: Instant | None = None


@pytest.mark.parametrize("text", ["0.5", "86400", "2026-03-01", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", ""])
def test_what_is_no_instant_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"at": text})
    with pytest.raises(ValidationError):
        Wanted.model_validate({"due_to": text})


@pytest.mark.parametrize(
    "text", ["2026-03-01T09:00:00Z", "2026-03-01t09:00:00.000z", "2026-03-01 11:00:00+02:00", "2026-03-01T09:00Z"]
)
def test_every_way_to_write_an_instant_is_read(text: str) -> None:
    nine = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert Plan.model_validate({"at": text}).at == nine
    assert Wanted.model_validate({"due_to": text}).due_to == nine


@pytest.mark.parametrize("minutes", [15, 15.0])
def test_a_whole_number_is_an_integer_however_it_is_written(minutes: float) -> None:
    assert Plan.model_validate({"minutes": minutes}).minutes == 15


@pytest.mark.parametrize("minutes", ["15", 15.5, True, 1e300])
def test_nothing_else_is_an_integer(minutes: object) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({"minutes": minutes})


def test_the_description_says_that_text_holds_no_nul() -> None:
    assert Plan.model_json_schema()["properties"]["title"]["pattern"] == r"^[^\u0000]*$"
    with pytest.raises(ValidationError):
        Plan.model_validate({"title": "a\0b"})


def test_the_schema_of_a_query_is_made_once_for_all_requests() -> None:
    assert Wanted.model_json_schema() is Wanted.model_json_schema()


def test_each_query_has_a_schema_of_its_own() -> None:
    assert PageQuery.model_json_schema()["properties"].keys() == {"limit", "cursor"}
    assert Wanted.model_json_schema()["properties"].keys() == {"due_to"}
    assert Wanted.model_json_schema() == Wanted.model_json_schema(by_alias=True)
