"""Telling a PDF that was made to exhaust its reader from one that merely holds no text."""

from __future__ import annotations

import re
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGE = 64 << 20
"""Bytes of drawing instructions. A page that people draw has some 100 KB, a map some MB."""
RATIO = 100
MOST_INFLATED = 512 << 20
"""Bytes that the search itself may inflate before it gives up."""

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 1024
_STEP = 1 << 20


def holds_bomb(content: bytes) -> bool:
    """Whether a stream other than a picture inflates beyond ``LARGE`` and ``RATIO``."""
    budget = MOST_INFLATED
    for match in _STREAM.finditer(content):
        start = max(0, match.start() - _DICTIONARY)
        dictionary = content[start : match.start()].rpartition(b" obj")[2]
        layers = min(3, dictionary.count(b"FlateDecode") + dictionary.count(b"/Fl "))
        if not layers or b"/Image" in dictionary:
            continue
        end = content.find(b"endstream", match.end())
        data = content[match.end() : end if end >= 0 else len(content)]
        size = 0
        for part in _inflated(data, layers):
            size += len(part)
            if size > LARGE and size > RATIO * len(data):
                return True
        budget -= size
        if budget < 0:
            return False
    return False


def _inflated(data: bytes, layers: int) -> Iterator[bytes]:
    parts: Iterable[bytes] = (data,)
    for _ in range(layers):
        parts = _layer(parts)
    yield from parts


def _layer(parts: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj()
    for part in parts:
        while part and not inflater.eof:
            try:
                inflated = inflater.decompress(part, _STEP)
            except zlib.error:  # damage ends what can be inflated
                return
            part = inflater.unconsumed_tail
            yield inflated
