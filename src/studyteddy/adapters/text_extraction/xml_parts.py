"""Parsing XML from strangers: no entity is ever declared, resolved or fetched.

Expat loads nothing from outside by itself. What is left are entities that a document declares, so a document that
declares any is refused before the real parse; the check stops at the first element, behind which none can follow.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.parsers import expat

from studyteddy.adapters.text_extraction.reading import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class _PrologEnded(Exception):
    """The first element was reached."""


def parse_xml(data: bytes, name: str) -> Element:
    """The root of a document without entities. Raises ``Unreadable``; ``name`` is for the log."""
    _refuse_entities(data, name)
    try:
        return ET.fromstring(data)  # noqa: S314 - no entity is left that could do harm
    except (ET.ParseError, ValueError, LookupError) as fault:
        raise Unreadable("corrupt", f"{name}: {fault}") from fault


def _refuse_entities(data: bytes, name: str) -> None:
    values: list[str] = []

    def declared(_title: str, _parameter: bool, value: str | None, *_where: str | None) -> None:
        values.append(value or "")

    def started(*_: object) -> None:
        raise _PrologEnded

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = started
    try:
        parser.Parse(data, True)
    except _PrologEnded:
        pass
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise Unreadable("corrupt", f"{name}: {fault}") from fault
    if any("&" in value for value in values):
        raise Unreadable("expands_too_much", f"{name} declares entities made of entities")
    if values:
        raise Unreadable("corrupt", f"{name} declares entities")
