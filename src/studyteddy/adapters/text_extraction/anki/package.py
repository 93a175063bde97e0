"""The reader of a package, for the confined process: cards as JSON, a number of them to a section."""

from __future__ import annotations

import json
import math
from itertools import islice

from studyteddy.adapters.text_extraction.anki.collection import open_collection
from studyteddy.adapters.text_extraction.anki.crossing import CARDS_A_SECTION, UNIT
from studyteddy.adapters.text_extraction.anki.gaps import numbers_of
from studyteddy.adapters.text_extraction.anki.markup import plain, without_media
from studyteddy.adapters.text_extraction.anki.note_types import note_types
from studyteddy.adapters.text_extraction.anki.templates import rendered
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from studyteddy.adapters.text_extraction.anki.note_types import NoteType
    from studyteddy.adapters.text_extraction.reading import Bounds

_CARDS = """
    select n.mid, n.flds, n.tags, c.ord from cards c join notes n on n.id = c.nid
    order by n.id, c.ord, c.id"""
_BETWEEN_FIELDS = "\x1f"


def read(content: bytes, bounds: Bounds) -> Reading:
    """The cards in the order of their notes, each as front, back, tags and whether media were left out."""
    collection = open_collection(content, bounds)
    (count,) = collection.execute("select count(*) from cards").fetchone()
    sections = math.ceil(count / CARDS_A_SECTION)
    if sections > bounds.sections:
        raise Unreadable("too_many_pages", f"{count} cards")
    cards = _cards(collection)
    batches = (list(islice(cards, CARDS_A_SECTION)) for _ in range(sections))
    return Reading(
        title="", unit=UNIT, count=sections, sections=(("", json.dumps(batch, ensure_ascii=False)) for batch in batches)
    )


def _cards(collection: sqlite3.Connection) -> Iterator[tuple[str, str, str, bool]]:
    types = note_types(collection)
    for type_id, values, tags, place in collection.execute(_CARDS):
        kind = types.get(type_id)
        front, back, media = _sides(kind, str(values).split(_BETWEEN_FIELDS), place) if kind else ("", "", False)
        yield front, back, str(tags), media


def _sides(kind: NoteType, values: list[str], place: int) -> tuple[str, str, bool]:
    fields = dict(zip(kind.fields, values, strict=False))
    gap = place + 1 if kind.has_gaps else None
    template = 0 if kind.has_gaps else place
    if template >= len(kind.templates) or (gap and gap not in numbers_of("".join(values))):
        return "", "", False
    question, answer = kind.templates[template]
    front, pictured = without_media(rendered(question, fields, gap=gap))
    back, heard = without_media(rendered(answer, fields, gap=gap, answers=True))
    try:
        return plain(front), plain(back), pictured or heard
    except Unreadable:  # one card that nobody can read costs the others nothing
        return "", "", False
