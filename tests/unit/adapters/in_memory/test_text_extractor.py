from __future__ import annotations

import io

import pytest

from studyteddy.adapters.in_memory.text_extractor import LONGEST, PlainTextExtractor
from studyteddy.application.ports.text_extractor import ExtractionFailed
from studyteddy.domain.documents import FailureReason, LocatorUnit, MediaType
from studyteddy.domain.errors import UnsupportedType
from studyteddy.testing.text_extractor import PlainTextExtractorContract, read

NOTES = b"""---
title: "Biology notes"
---
Before any heading.

# Cells

## Membranes

A membrane lets water through.

```sh
# not a heading
```

Osmosis
-------

Water moves *towards* the higher concentration.
"""


class TestPlainTextExtractor(PlainTextExtractorContract):
    @pytest.fixture
    def extractor(self) -> PlainTextExtractor:
        return PlainTextExtractor()

    @pytest.mark.parametrize("kind", [kind for kind in MediaType if kind.name not in ("MARKDOWN", "TEXT")])
    def test_other_kinds_say_what_to_install(self, extractor: PlainTextExtractor, kind: MediaType) -> None:
        with pytest.raises(UnsupportedType, match=r"studyteddy\[server\]"):
            extractor.identify(f"a.{kind.name.lower()}", b"%PDF-1.7")
        with pytest.raises(ExtractionFailed) as failed:
            extractor.extract(io.BytesIO(b"%PDF-1.7"), kind)
        assert failed.value.reason is FailureReason.UNSUPPORTED_TYPE

    @pytest.mark.parametrize("head", [b"%PDF-1.7", b"PK\x03\x04....", bytes(range(32)) * 8])
    def test_a_binary_file_under_the_name_of_a_text_is_refused(
        self, extractor: PlainTextExtractor, head: bytes
    ) -> None:
        with pytest.raises(UnsupportedType) as refusal:
            extractor.identify("notes.md", head)
        assert refusal.value.code == "type_mismatch"

    def test_headings_of_markdown_head_sections_and_code_does_not(self, extractor: PlainTextExtractor) -> None:
        sections = read(extractor, NOTES, MediaType.MARKDOWN)
        assert [(section.unit, section.label) for section in sections] == [
            (LocatorUnit.HEADING, None),
            (LocatorUnit.HEADING, "Cells > Membranes"),
            (LocatorUnit.HEADING, "Cells > Osmosis"),
        ]
        assert sections[0].text == "Before any heading."
        assert sections[1].text.startswith("Cells\n\nMembranes\n\nA membrane")
        assert "# not a heading" in sections[1].text
        assert sections[2].text == "Osmosis\n\nWater moves *towards* the higher concentration."

    def test_front_matter_states_the_title_else_the_first_heading_does(self, extractor: PlainTextExtractor) -> None:
        assert extractor.extract(io.BytesIO(NOTES), MediaType.MARKDOWN).title == "Biology notes"
        assert extractor.extract(io.BytesIO(b"# Tides\n\nEbb."), MediaType.MARKDOWN).title == "Tides"
        assert extractor.extract(io.BytesIO(b"# Tides\n\nEbb."), MediaType.TEXT).title is None

    def test_long_text_is_cut_between_paragraphs_and_nothing_is_lost(self, extractor: PlainTextExtractor) -> None:
        paragraphs = [f"Paragraph {number} speaks of the tides." for number in range(1_000)]
        sections = read(extractor, "\n\n".join(paragraphs).encode(), MediaType.TEXT)
        assert len(sections) > 1
        assert all(len(section.text) <= LONGEST for section in sections)
        assert "\n\n".join(section.text for section in sections).split("\n\n") == paragraphs
