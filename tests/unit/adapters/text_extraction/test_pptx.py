from __future__ import annotations

from pathlib import Path

from studyteddy.testing.sample_documents import docx, paragraph, pptx, shape
from unit.adapters.text_extraction.reading_of import read, reason, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"


def test_a_show_of_powerpoint_is_read_slide_by_slide() -> None:
    title, unit, sections = read("pptx", (FOLDER / "sourdough.pptx").read_bytes())
    assert (title, unit) == ("Notes on sourdough", "slide")
    assert [label for label, _ in sections] == ["Notes on sourdough", "Feeding", ""]
    assert sections[1][1].startswith("Feeding\n\nFeed the starter once a day")
    assert "\n\nDay | Flour | Water\n1 | 50 g | 50 g\n2 | 100 g | 100 g\n\n" in sections[1][1]
    assert sections[1][1].endswith("Notes: Show the glass now.")
    assert sections[2][1] == ""


def test_the_title_comes_first_wherever_it_stands() -> None:
    content = pptx([shape("body\nof two lines") + shape("Title", "ctrTitle")])
    assert texts("pptx", content) == ["Title\n\nbody\nof two lines"]


def test_dates_footers_and_numbers_are_left_out() -> None:
    slide = shape("text") + shape("7", "sldNum") + shape("1 May", "dt") + shape("Company", "ftr")
    assert texts("pptx", pptx([slide])) == ["text"]


def test_groups_are_opened_and_alternatives_read_once() -> None:
    alternative = (
        f'<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>{shape("new")}</mc:Choice>'
        f"<mc:Fallback>{shape('old')}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts("pptx", pptx([f"<p:grpSp><p:grpSp>{shape('deep')}</p:grpSp></p:grpSp>{alternative}"])) == [
        "deep\n\nnew"
    ]


def test_notes_belong_to_their_slide() -> None:
    assert texts("pptx", pptx([shape("one"), shape("two")], {2: "remember"})) == ["one", "two\n\nNotes: remember"]


def test_other_packages_and_empty_shows_are_told() -> None:
    assert reason("pptx", docx(paragraph("x"))) == "type_mismatch"
    assert reason("pptx", pptx(["", ""])) == "no_text_layer"
    assert reason("pptx", pptx([shape("x")] * 101)) == "too_many_pages"
