"""Parsing XML from strangers: no entity is ever declared, resolved or fetched.

Expat loads nothing from outside by itself. What is left are entities that a document declares, so a document that
declares any is refused before the real parse; the check stops at the first element, behind which none can follow.
"""

from __future__ import annotations

from xml.etree import ElementTree
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
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise Unreadable("corrupt", f"{name}: {fault}") from fault


def _refuse_entities(data: bytes, name: str) -> None:
    declared: list[str] = []

    def entity(title: str, is_parameter: bool, value: str | None, base: object, system: object, public: object, notation: object) -> None:
        declared.append(value or "")

    def started(tag: str, attributes: object) -> None:
        raise _PrologEnded

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = entity
    parser.StartElementHandler = started
    try:
        parser.Parse(data, True)
    except _PrologEnded:
        pass
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise Unreadable("corrupt", f"{name}: {fault}") from fault
    if any("&" in value for value in declared):
        raise Unreadable("expands_too_much", f"{name} declares entities made of entities")
    if declared:
        raise Unreadable("corrupt", f"{name} declares entities")
