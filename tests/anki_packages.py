"""Packages as Anki writes them, in the three generations of its form, as far as cards depend on them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

import zstandard

from studyteddy.testing.sample_documents import archive

GENERATIONS = {"oldest": "collection.anki2", "older": "collection.anki21", "newest": "collection.anki21b"}

_TABLES = """
    create table col (id integer primary key, ver integer not null, models text not null);
    create table notes (id integer primary key, guid text, mid integer, flds text, tags text);
    create table cards (id integer primary key, nid integer, did integer, ord integer);"""
_NEWER_TABLES = """
    create table notetypes (id integer primary key, name text collate unicase, config blob);
    create table fields (ntid integer, ord integer, name text collate unicase, config blob, primary key (ntid, ord));
    create table templates (ntid integer, ord integer, name text collate unicase, config blob,
        primary key (ntid, ord));"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of notes: the names of its fields, and question and answer of each template."""

    fields: Sequence[str] = ("Front", "Back")
    templates: Sequence[tuple[str, str]] = (("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),)
    has_gaps: bool = False


GAPS = Kind(fields=("Text", "Extra"), templates=[("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}")], has_gaps=True)
BOTH_WAYS = Kind(templates=[("{{Front}}", "{{Back}}"), ("{{#Back}}{{Back}}{{/Back}}", "{{Front}}")])


@dataclass(frozen=True, kw_only=True)
class Note:
    """The values of its fields, and the places of its cards: templates, or numbers of gaps less one."""

    values: Sequence[str]
    places: Sequence[int] = (0,)
    tags: str = ""
    kind: Kind = field(default_factory=Kind)


def collection(notes: Sequence[Note], *, newest: bool = False, version: int | None = None) -> bytes:
    """The database alone."""
    database = sqlite3.connect(":memory:")
    database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    database.executescript(_TABLES + (_NEWER_TABLES if newest else ""))
    kinds = list({id(note.kind): note.kind for note in notes}.values())
    models = {} if newest else {str(number): _model(kind) for number, kind in enumerate(kinds, 1)}
    stated = version or (18 if newest else 11)
    database.execute("insert into col values (1, ?, ?)", (stated, json.dumps(models) if models else ""))
    if newest:
        for number, kind in enumerate(kinds, 1):
            _write_kind(database, number, kind)
    for number, note in enumerate(notes, 1):
        kind_number = kinds.index(note.kind) + 1
        row = (number, f"guid{number}", kind_number, "\x1f".join(note.values), f" {note.tags} ")
        database.execute("insert into notes values (?, ?, ?, ?, ?)", row)
        for place in note.places:
            database.execute("insert into cards (nid, did, ord) values (?, 1, ?)", (number, place))
    database.commit()
    return database.serialize()


def package(notes: Sequence[Note], generation: str = "older", **members: bytes) -> bytes:
    """A package: newer ones hold an old collection as well, which says to update the program."""
    newest = generation == "newest"
    data = bytearray(collection(notes, newest=newest))
    if newest:
        data[18:20] = b"\2\2"  # as if a log of what was written last stood beside it
    stub = {} if generation == "oldest" else {GENERATIONS["oldest"]: collection([Note(values=["Update!", "Update!"])])}
    content = zstandard.compress(bytes(data)) if newest else bytes(data)
    return archive({"meta": b"\x08\x03", **stub, GENERATIONS[generation]: content, "media": b"{}", **members})


def _model(kind: Kind) -> dict[str, object]:
    return {
        "type": int(kind.has_gaps),
        "flds": [{"ord": place, "name": name} for place, name in enumerate(kind.fields)],
        "tmpls": [{"ord": place, "qfmt": asks, "afmt": says} for place, (asks, says) in enumerate(kind.templates)],
    }


def _write_kind(database: sqlite3.Connection, number: int, kind: Kind) -> None:
    config = b"\x08\x01" if kind.has_gaps else b""
    database.execute("insert into notetypes values (?, ?, ?)", (number, f"kind {number}", config))
    for place, name in enumerate(kind.fields):
        database.execute("insert into fields values (?, ?, ?, '')", (number, place, name))
    for place, (asks, says) in enumerate(kind.templates):
        row = (number, place, f"card {place}", message({1: asks, 2: says}))
        database.execute("insert into templates values (?, ?, ?, ?)", row)


def message(texts: dict[int, str]) -> bytes:
    """A message of Protocol Buffers with texts in its fields, and a number, a float and a double before them."""
    parts = [b"\x50\x96\x01", b"\x5d\0\0\x80\x3f", b"\x61" + bytes(8)]
    for number, text in texts.items():
        data = text.encode()
        parts.append(_varint(number << 3 | 2) + _varint(len(data)) + data)
    return b"".join(parts)


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
