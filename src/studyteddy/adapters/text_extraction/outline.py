"""From headings and paragraphs to sections, one for each heading, labelled with the path to it."""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.cleaning import one_line, tidy
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from studyteddy.adapters.text_extraction.reading import Bounds

BODY = 0
"""Level of a block that is no heading; headings have levels from 1."""
LONGEST = 12_000
"""Characters of a section. Longer ones are cut between paragraphs: nobody finds a quote in twenty pages."""
LONGEST_HEADING = 200
"""Characters; a longer "heading" is a paragraph in the wrong style."""

_WORD = re.compile(r"\w")

Block = tuple[int, str]


def outlined(blocks: Iterable[Block], *, title: str, bounds: Bounds) -> Reading:
    """A reading with a section per heading. A heading without text of its own opens the next section below it."""
    sections: list[tuple[str, str]] = []
    path: list[tuple[int, str]] = []
    texts: list[str] = []
    headed = False
    bare = False  # so far the section holds headings only

    def close() -> None:
        if texts:
            label = " > ".join(heading for _, heading in path)
            sections.extend((label, part) for part in split_long("\n\n".join(texts)))
            if len(sections) > bounds.sections:
                raise Unreadable("too_many_pages", f"more than {bounds.sections} sections")
            texts.clear()

    for level, raw in blocks:
        text = tidy(raw)
        if not _WORD.search(text):  # rulers, arrows, stars between paragraphs
            continue
        if level == BODY or len(text) > LONGEST_HEADING:
            texts.append(text)
            bare = False
            continue
        text = one_line(text)
        if not (bare and path and level > path[-1][0]):
            close()
        while path and path[-1][0] >= level:
            path.pop()
        path.append((level, text))
        texts.append(text)
        headed = bare = True
    close()
    if not sections:
        raise Unreadable("no_text_layer", "no text")
    return Reading(title=title, unit="heading" if headed else "section", count=len(sections), sections=sections)


def split_long(text: str) -> Iterator[str]:
    """The text in parts of at most ``LONGEST`` characters, cut at a paragraph, else at a line, a sentence, a word."""
    start = 0
    while len(text) - start > LONGEST:
        end = start + LONGEST
        for mark in ("\n\n", "\n", ". ", "。", " "):
            found = text.rfind(mark, start + LONGEST // 2, end)
            if found >= 0:
                end = found + len(mark)
                break
        yield text[start:end].strip()
        start = end
    yield text[start:].strip()
