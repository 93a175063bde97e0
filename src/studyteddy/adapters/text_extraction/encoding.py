"""Bytes to text, in whatever encoding they are."""

from __future__ import annotations

import codecs
import re

from studyteddy.adapters.text_extraction.reading import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_CONTROL = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SEQUENCE = re.compile(
    b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)  # surrogates written as three bytes count as well: they are UTF-8 by a program that didn't know better
_ENCODED_SURROGATE = re.compile(b"\xed[\xa0-\xbf][\x80-\xbf]")
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]*?\sencoding\s*=\s*|<meta[^>]*?charset\s*=\s*)["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)

_EVERYWHERE = frozenset(" \r\n\t,.0123456789abcdefghijklmnopqrstuvwxyz\u3001\u3002")

SAMPLE = 1 << 16
"""Bytes that are looked at where a rule is statistical."""
MOSTLY_UTF8 = 0.66
"""Share of the bytes above 127 that must form UTF-8 sequences for a damaged text to be taken for UTF-8."""
FEWEST_ZEROS = 3
RAREST_COMMON = 0.01
FEW_CONTROLS = 4
BINARY_SHARE = 0.02
"""Share of control characters above which no text encoding is believed."""


def decode(content: bytes, *, markup: bool = False) -> str:
    """The text, with a replacement character where bytes are damaged. ``markup`` may declare its own encoding.

    Raises ``Unreadable``: ``type_mismatch`` for bytes that are no text.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    wide = wide_encoding(content[:SAMPLE])
    if wide:
        return content.decode(wide, "replace")
    sample = content[:SAMPLE]
    if is_noise(sample):
        raise Unreadable("type_mismatch", "binary data")
    if b"\x1b$" in sample and not any(byte > 127 for byte in sample):  # JIS shifts alphabets by escape sequences
        return content.decode("iso2022_jp", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if _is_damaged_utf8(content):
            return _ENCODED_SURROGATE.sub(b"", content).decode("utf-8", "replace")
    declared = _declared_encoding(content) if markup else ""
    from studyteddy.adapters.text_extraction.legacy_encoding import guess

    return content.decode(guess(content, declared), "replace")


def is_noise(sample: bytes) -> bool:
    """Whether there are more control characters than a text picks up by accident."""
    return len(_CONTROL.findall(sample)) > max(FEW_CONTROLS, BINARY_SHARE * len(sample))


def wide_encoding(sample: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: spaces, digits and line ends of any language leave zeros in it."""
    sample = sample[: len(sample) // 4 * 4]
    if sample.count(0) < max(FEWEST_ZEROS, 0.02 * len(sample)):
        return ""
    quarter = len(sample) // 4
    empty = [sample[offset::4].count(0) for offset in range(4)]
    if min(empty[2:]) > 0.9 * quarter or min(empty[:2]) > 0.9 * quarter:
        return _best(sample, ("utf-32-le", "utf-32-be"))
    return _best(sample, ("utf-16-le", "utf-16-be"))


def _best(sample: bytes, names: tuple[str, ...]) -> str:
    plausibility, name = max((_plausibility(sample.decode(name, "replace")), name) for name in names)
    return name if plausibility > RAREST_COMMON else ""


def _plausibility(text: str) -> float:
    """Share of the characters that every text has, or 0 for what no one writes. Swapped bytes have neither."""
    letters = sum(character.isalnum() or character.isspace() for character in text)
    if letters < 0.6 * len(text) or text.count("\ufffd") > 1:
        return 0.0
    return sum(character in _EVERYWHERE for character in text) / len(text)


def _is_damaged_utf8(content: bytes) -> bool:
    sample = content[:SAMPLE]
    high = sum(byte > 127 for byte in sample)
    return sum(map(len, _SEQUENCE.findall(sample))) >= MOSTLY_UTF8 * high


def _declared_encoding(content: bytes) -> str:
    match = _DECLARED.search(content[:4096])
    if not match:
        return ""
    try:
        return codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
