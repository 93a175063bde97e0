from __future__ import annotations

from pathlib import Path

import pytest

from unit.adapters.text_extraction.reading_of import read, reason, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"


def test_a_page_is_read_without_menus_scripts_and_styles() -> None:
    title, unit, sections = read("html", (FOLDER / "sourdough.html").read_bytes())
    assert (title, unit) == ("Notes on sourdough", "heading")
    assert [label for label, _ in sections] == ["Flour and water", "Flour and water > Feeding"]
    assert sections[1][1].endswith("Day | Flour | Water\n1 | 50 g | 50 g\n2 | 100 g | 100 g")
    for hidden in ("Home", "color", "alert", "Printed"):
        assert not any(hidden in text for _, text in sections)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>one\n  two <b>three</b>, <i> four</i></p>", "one two three, four"),
        ("<p>one<br> two</p>three<div>four</div>", "one\ntwo\n\nthree\n\nfour"),
        ("<pre>\nif x:\n    y\n</pre>", "if x:\n    y"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", "- a\n  - b\n- c\n  d"),
        ("<ol><li>a</li><li>b</li></ol><p>c</p>", "1. a\n2. b\n\nc"),
        ("<dl><dt>ebb</dt><dd>falling water</dd></dl>", "- ebb\n  falling water"),
        ("<table><caption>Tides</caption><tr><th>a</th><td>b<br>c</td></tr></table>", "Tides\na | b c"),
        ("<table><tr><td><h2>Sea</h2><p>one</p><p>two</p></td></tr></table>", "Sea\n\none\n\ntwo"),
        ("<p>a<!-- hidden -->b<script>x</script>c<template>d</template></p>", "abc"),
        ("<h2><span>1.2</span><span>Loops</span></h2><p>x</p>", "1.2 Loops\n\nx"),
        ("<p>so <math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mi>y</mi></math> is</p>", "so x^2 + y is"),
        ("<p><math><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac></math></p>", "1/(a + b)"),
        ("<p>&lt;b&gt; &amp; &eacute;&#233; &unknown;</p>", "<b> & éé &unknown;"),
        ("plain words &amp; no tags", "plain words & no tags"),
        ("<p>unclosed <b>tags <i>everywhere", "unclosed tags everywhere"),
    ],
)
def test_pages_read_as_they_look(page: str, expected: str) -> None:
    assert texts("html", page.encode()) == [expected]


def test_the_title_falls_back_to_the_first_heading() -> None:
    assert read("html", b"<title>Untitled</title><h1>Tides</h1><p>x</p>")[0] == "Tides"
    assert read("html", b"<h2>Tides</h2><p>x</p>")[0] == ""


def test_elements_nested_without_end_are_refused() -> None:
    assert reason("html", b"<div>" * 60_000 + b"x") == "expands_too_much"
    assert texts("html", b"<div>" * 400 + b"x") == ["x"]


def test_a_formula_nested_without_end_is_left_out() -> None:
    assert texts("html", b"<p>a <math>" + b"<mrow>" * 300 + b"<mi>x</mi></math> b</p>") == ["a b"]


def test_a_page_without_text_is_told() -> None:
    assert reason("html", b"<html><body><img src=x></body></html>") == "no_text_layer"
