"""Packages of Anki become cards of plain text, whatever generation they are of and whatever is in them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from anki_packages import BOTH_WAYS, GAPS, GENERATIONS, Note, collection, message, package
from studyteddy.adapters.text_extraction.anki.gaps import filled, numbers_of, with_one_gap
from studyteddy.adapters.text_extraction.anki.markup import plain, without_media
from studyteddy.adapters.text_extraction.anki.protobuf import number_at, text_at
from studyteddy.adapters.text_extraction.anki.sandboxed import SandboxedCardPackages
from studyteddy.adapters.text_extraction.anki.templates import rendered
from studyteddy.adapters.text_extraction.limits import Limits
from studyteddy.application.ports.card_packages import CardPackage
from studyteddy.domain.errors import Invalid
from studyteddy.testing.sample_documents import archive

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "anki"
LEAF = Note(values=["What is a <b>leaf</b>?", "Green"], tags="plant easy")


def read(content: bytes) -> CardPackage:
    return SandboxedCardPackages().read(io.BytesIO(content))


def sides(content: bytes) -> list[tuple[str, str]]:
    return [(row.front, row.back) for row in read(content).rows]


def refusal(content: bytes, packages: SandboxedCardPackages | None = None) -> str:
    with pytest.raises(Invalid) as refused:
        (packages or SandboxedCardPackages()).read(io.BytesIO(content))
    assert {fault.field for fault in refused.value.faults} == {"file"}
    return refused.value.code


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_says_the_same_and_the_newest_collection_counts(generation: str) -> None:
    notes = [LEAF, Note(values=["Wurzel", "Ra&#237;z\u00a0"], kind=BOTH_WAYS, places=(0, 1))]
    rows = read(package(notes, generation)).rows
    assert [(row.number, row.front, row.back, row.tags) for row in rows] == [
        (1, "What is a leaf?", "Green", ("plant", "easy")),
        (2, "Wurzel", "Raíz", ()),
        (3, "Raíz", "Wurzel", ()),
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_each_number_of_a_gap_is_a_card_whose_other_gaps_are_filled(generation: str) -> None:
    text = "{{c1::Paris}} is in {{c2::France::a country}}, so is {{c1::Lyon}}."
    assert sides(package([Note(values=[text, "Of cities."], kind=GAPS, places=(0, 1))], generation)) == [
        ("{{c1::Paris}} is in France, so is {{c1::Lyon}}.", "Paris is in France, so is Lyon.\nOf cities."),
        ("Paris is in {{c1::France::a country}}, so is Lyon.", "Paris is in France, so is Lyon.\nOf cities."),
    ]


def test_pictures_and_sounds_are_left_out_and_counted() -> None:
    pictured = Note(values=['A map: <img src="map.png">', "Rome"])
    spoken = Note(values=["Hund", "dog [sound:dog.mp3]"])
    found = read(package([pictured, spoken, LEAF]))
    assert [(row.front, row.back) for row in found.rows[:2]] == [("A map:", "Rome"), ("Hund", "dog")]
    assert found.without_media == 2


def test_a_card_without_its_type_template_or_gap_is_told_as_one_that_says_nothing() -> None:
    notes = [Note(values=["x", "y"], places=(7,)), Note(values=["No gap.", ""], kind=GAPS), LEAF]
    assert sides(package(notes)) == [("", ""), ("", ""), ("What is a leaf?", "Green")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"front,back\nA,B\n",
        archive({"notes.txt": "Nothing"}),
        archive({"collection.anki21b": b"no zstandard"}),
        archive({"collection.anki2": b"no database"}),
        archive({"collection.anki2": collection([LEAF])[:5_000]}),
        archive({"collection.anki2": collection([LEAF], version=1)}),
        archive({"collection.anki2": b"SQLite format 3\0" + bytes(4_080)}),
        package([LEAF])[:-30],
    ],
    ids=["nothing", "a table", "another archive", "no zstd", "no database", "cut", "too old", "zeros", "cut archive"],
)
def test_what_is_no_package_is_refused(content: bytes) -> None:
    assert refusal(content) == "unreadable_package"


def test_more_cards_than_a_deck_takes_at_once_are_refused() -> None:
    assert refusal(package([Note(values=["Q", "A"], places=range(5_001))])) == "too_many_rows"


def test_what_unpacks_too_far_is_refused() -> None:
    small = SandboxedCardPackages(Limits(unpacked=1 << 20, sections=50))
    assert refusal(archive({"collection.anki21b": zstandard.compress(bytes(64 << 20))}), small) == "too_large"
    assert refusal(archive({"collection.anki2": bytes(64 << 20)})) == "too_large"


def test_one_card_that_nobody_can_read_costs_the_others_nothing() -> None:
    assert sides(package([Note(values=["<i>" * 50_000, "deep"]), LEAF])) == [("", ""), ("What is a leaf?", "Green")]


@pytest.mark.skipif(not FOLDER.exists(), reason="the shared test material is not here")
def test_a_real_deck_is_the_same_in_all_generations() -> None:
    names = ("category-theory.apkg", "made-category-theory.legacy2.apkg", "made-category-theory.anki21b.apkg")
    first, *others = [read((FOLDER / name).read_bytes()).rows for name in names]
    assert len(first) == 11
    assert all(row.front and row.back for row in first)
    assert others == [first, first]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>One</div><div>two&nbsp;three</div>", "One\ntwo three"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<script>alert(1)</script><p onclick='x()'>Safe</p>", "Safe"),
        ("[$]a^2[/$] and [$$]b<br>c[/$$]", r"\(a^2\) and \[b c\]"),
        ('<anki-mathjax>x</anki-mathjax> <anki-mathjax block="true">y</anki-mathjax>', r"\(x\) \[y\]"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_media_are_recognised() -> None:
    assert without_media("a[sound:x.mp3]<IMG src=y>") == ("a", True)
    assert without_media("a<b>c</b>") == ("a<b>c</b>", False)


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("{{Front}} / {{ Missing }}", "leaf / "),
        ("{{#Back}}has {{Back}}{{/Back}}{{^Back}}none{{/Back}}", "none"),
        ("{{#Front}}a{{#Back}}b{{/Back}}c{{/Front}}", "ac"),
        ("{{^Front}}a{{#Front}}b{{/Front}}{{/Front}}d", "d"),
        ("{{text:Front}}{{type:Front}}", "leaf"),
        ("<!-- {{Front}} -->{{FrontSide}}!", "!"),
        ("{{/Front}}{{#Front}}open", "open"),
    ],
)
def test_templates_are_filled(template: str, made: str) -> None:
    assert rendered(template, {"Front": "leaf", "Back": "<br>&nbsp;"}) == made


def test_gaps_in_gaps_and_such_that_share_numbers() -> None:
    text = "{{c1::a {{c2::b}} c}} {{c1,3::d}} {{c4::e::hint}} }} {{c5::open"
    assert numbers_of(text) == {1, 2, 3, 4, 5}
    assert filled(text) == "a b c d e }} {{c5::open"
    assert with_one_gap(text, 1) == "{{c1::a b c}} {{c1::d}} e }} {{c5::open"
    assert with_one_gap(text, 2) == "a {{c1::b}} c d e }} {{c5::open"
    assert with_one_gap(text, 4) == "a b c d {{c1::e::hint}} }} {{c5::open"


def test_texts_and_numbers_are_found_in_messages() -> None:
    told = message({1: "Größe", 2: "x" * 300})
    assert (text_at(told, 1), text_at(told, 2), text_at(told, 9)) == ("Größe", "x" * 300, "")
    assert (number_at(told, 10), number_at(told, 1)) == (150, 0)


@given(text=st.text(alphabet="{}c1,2:# /^aFront<>br[$]\\()", max_size=60))
def test_nothing_that_is_typed_breaks_templates_gaps_or_markup(text: str) -> None:
    made = rendered(text, {"Front": text}, gap=1)
    assert numbers_of(filled(with_one_gap(text, 1))) <= numbers_of(text)
    assert "<br>" not in plain(without_media(made)[0])
