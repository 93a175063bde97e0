"""Plain text: one section, or several where it is long."""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.encoding import decode
from studyteddy.adapters.text_extraction.outline import BODY, outlined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from studyteddy.adapters.text_extraction.reading import Bounds, Reading

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def read(content: bytes, bounds: Bounds) -> Reading:
    """The paragraphs as they are: line breaks of plain text may mean something."""
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    blocks = [(BODY, paragraph) for paragraph in _BLANK_LINES.split(text)]
    return outlined(blocks, title="", bounds=bounds)
