"""The framing between the reading child and its parent: a kind, a number and two texts.

Nothing but lengths and UTF-8 crosses the pipe, so whatever a hijacked child sends, the parent only ever builds strings.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct(">cIII")

READY = b"R"
"""The reader is loaded; whatever happens from here on is the document's doing."""
HEAD = b"H"
"""number = count of sections, first = title, second = unit."""
SECTION = b"S"
"""number = number of the section from 1, first = label, second = text."""
END = b"Z"
FAILED = b"E"
"""first = reason code, second = detail for the log."""


def pack(kind: bytes, number: int = 0, first: str = "", second: str = "") -> bytes:
    """One frame as bytes. Lone surrogates can't be written as UTF-8 and become question marks."""
    one, two = first.encode("utf-8", "replace"), second.encode("utf-8", "replace")
    return HEADER.pack(kind, number, len(one), len(two)) + one + two
