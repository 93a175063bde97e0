from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable
from unit.adapters.text_extraction.reading_of import read, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"
MANY = Bounds(unpacked=1, entries=1, sections=2000)


def test_a_note_is_read_without_its_front_matter() -> None:
    title, unit, sections = read("markdown", (FOLDER / "sourdough.md").read_bytes())
    assert (title, unit) == ("Notes on sourdough", "heading")
    assert [label for label, _ in sections] == ["Flour and water", "Flour and water > Feeding"]
    assert sections[0][1].startswith("Flour and water\n\nA starter is")
    assert sections[1][1].endswith("Day | Flour | Water\n1 | 50 g | 50 g\n2 | 100 g | 100 g")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**one** _two_ `three` ~~four~~ [five](http://x) ![six](y.png)", "one two three four five six"),
        ("one\ntwo  \nthree\\\nfour", "one two\nthree\nfour"),
        ("- a\n  - b\n- c", "- a\n  - b\n- c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n      code\n      more", "- a\n  code\n  more"),
        ("```python\nif x:\n    y\n```", "if x:\n    y"),
        ("> quoted\n> text", "quoted text"),
        ("<div align=center><b>html</b></div>\n\na<br>b <span>c</span>", "html\n\na\nb c"),
        ("| a | b |\n|---|---|\n| c | d\\|e |", "a | b\nc | d|e"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("a &amp; &copy; \\*", "a & © *"),
        ("[link][ref] text\n\n[ref]: http://x", "link text"),
    ],
)
def test_notes_read_as_they_are_shown(source: str, expected: str) -> None:
    assert texts("markdown", source.encode()) == [expected]


def test_a_ruler_at_the_top_is_no_front_matter() -> None:
    assert texts("markdown", b"---\n\nTides come and go.\n\n---\n\nAlways.") == ["Tides come and go.\n\nAlways."]


def test_front_matter_alone_gives_the_title() -> None:
    title, _, sections = read("markdown", b'---\ntags: [sea]\ntitle: "Ebb: falling"\n---\nText.')
    assert (title, sections) == ("Ebb: falling", [("", "Text.")])


def test_windows_line_ends_and_a_mark_do_not_matter() -> None:
    assert texts("markdown", "\ufeff# A\r\n\r\nb\r\n".encode()) == ["A\n\nb"]


@pytest.mark.parametrize(
    "source",
    [
        "word " * 1_000_000,
        "[" * 50_000,
        "> " * 20_000 + "word",
        "- " * 5_000 + "word",
        "*" * 50_000 + "word",
        "`" * 20_001 + "a" + "`" * 20_000,
        "![" * 20_000,
        "<" * 100_000 + "word",
        "|" * 50_000 + "\n" + "|-" * 50_000,
        "\n".join(["a | b", "--|--", *["c | d"] * 20_000]),
        "&" * 100_000 + "word",
    ],
    ids=["line", "brackets", "quotes", "lists", "stars", "ticks", "images", "angles", "pipes", "rows", "ampersands"],
)
def test_hostile_notes_take_no_time(source: str) -> None:
    began = time.process_time()
    with suppress(Unreadable):
        read("markdown", source.encode(), MANY)
    assert time.process_time() - began < 5
