"""Readers called in this process: what they make of a document, without the sandbox around them."""

from __future__ import annotations

from importlib import import_module

import pytest

from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable

BOUNDS = Bounds(unpacked=20 << 20, entries=200, sections=100)


def read(reader: str, content: bytes, bounds: Bounds = BOUNDS) -> tuple[str, str, list[tuple[str, str]]]:
    """Title, unit, and the sections as (label, text)."""
    reading = import_module(f"studyteddy.adapters.text_extraction.{reader}").read(content, bounds)
    finish = reading.finish or str
    sections = [(label, finish(text)) for label, text in reading.sections]
    assert len(sections) == reading.count
    return reading.title, reading.unit, sections


def texts(reader: str, content: bytes) -> list[str]:
    """The texts of all sections."""
    return [text for _, text in read(reader, content)[2]]


def reason(reader: str, content: bytes, bounds: Bounds = BOUNDS) -> str:
    """Why it can't be read."""
    with pytest.raises(Unreadable) as refused:
        read(reader, content, bounds)
    return refused.value.reason
