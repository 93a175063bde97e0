"""The types of notes in a collection: their fields, and the templates that make cards of them."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

from studyteddy.adapters.text_extraction.anki.collection import tables_of
from studyteddy.adapters.text_extraction.anki.protobuf import number_at, text_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from typing import Any

_CLOZE = 1
_KIND = 1
_QUESTION, _ANSWER = 1, 2
"""Numbers of fields in the messages of newer collections."""


class NoteType:
    """The names of the fields in their order, and for each template the markup of question and answer. Where gaps are
    filled in, the one template makes a card for each number of a gap.
    """

    __slots__ = ("fields", "has_gaps", "templates")

    def __init__(self, *, has_gaps: bool, fields: list[str], templates: list[tuple[str, str]]) -> None:
        self.has_gaps = has_gaps
        self.fields = fields
        self.templates = templates


def note_types(collection: sqlite3.Connection) -> dict[int, NoteType]:
    """All types by their ids: in tables of their own since version 15 of the form, in one text before."""
    return _of_tables(collection) if "notetypes" in tables_of(collection) else _of_text(collection)


def _of_text(collection: sqlite3.Connection) -> dict[int, NoteType]:
    (models,) = collection.execute("select models from col").fetchone()
    return {
        int(key): NoteType(
            has_gaps=model.get("type") == _CLOZE,
            fields=[field["name"] for field in _ordered(model["flds"])],
            templates=[(template["qfmt"], template["afmt"]) for template in _ordered(model["tmpls"])],
        )
        for key, model in json.loads(models).items()
    }


def _ordered(parts: list[dict[str, str]]) -> Iterable[dict[str, str]]:
    return sorted(parts, key=lambda part: int(part.get("ord") or 0))


def _of_tables(collection: sqlite3.Connection) -> dict[int, NoteType]:
    kinds = {key: number_at(config, _KIND) for key, config in collection.execute("select id, config from notetypes")}
    fields = _grouped(collection, "select ntid, name from fields order by ntid, ord")
    templates = _grouped(collection, "select ntid, config from templates order by ntid, ord")
    return {
        key: NoteType(
            has_gaps=kind == _CLOZE,
            fields=fields.get(key, []),
            templates=[(text_at(one, _QUESTION), text_at(one, _ANSWER)) for one in templates.get(key, [])],
        )
        for key, kind in kinds.items()
    }


def _grouped(collection: sqlite3.Connection, query: str) -> dict[int, list[Any]]:
    rows = groupby(collection.execute(query), key=itemgetter(0))
    return {key: [value for _, value in group] for key, group in rows}
