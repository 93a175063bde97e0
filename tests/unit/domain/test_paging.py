from __future__ import annotations

import base64
import json
from datetime import datetime
from uuid import UUID

import pytest

from studyteddy.domain.errors import Invalid
from studyteddy.domain.paging import Cursor

ROW = UUID(int=7)


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("key", [None, "", "Über uns", "2026-03-01T10:00:00+00:00"])
def test_a_cursor_comes_back_as_it_went_out(key: str | None) -> None:
    cursor = Cursor(order="title", key=key, id=ROW)
    assert Cursor.decode(cursor.encode(), order="title") == cursor
    assert cursor.last(str) == key


@pytest.mark.parametrize(
    "value",
    [
        *(
            "text",
            [],
            {"a": 1},
            ["title", "a"],
            ["due_at", "a", str(ROW)],
            ["title", 5, str(ROW)],
            ["title", "a", "no"],
        ),
        *(["title", key, str(ROW)] for key in ("a\0", "a\ud800", "a" * 3_000)),
    ],
)
def test_what_no_list_gave_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refused:
        Cursor.decode(packed(value), order="title")
    assert refused.value.code == "bad_cursor"


@pytest.mark.parametrize("key", ["yesterday", "", "2026-03-01T10:00:00", "99999-01-01T00:00:00+00:00"])
def test_a_key_that_no_row_can_have_is_refused(key: str) -> None:
    cursor = Cursor(order="created_at", key=key, id=ROW)
    with pytest.raises(Invalid) as refused:
        cursor.last(datetime.fromisoformat)
    assert refused.value.code == "bad_cursor"
