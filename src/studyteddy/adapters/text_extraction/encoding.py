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

SAMPLE = 1 << 16
"""Bytes that are looked at where a rule is statistical."""
MOSTLY_UTF8 = 0.66
"""Share of the bytes above 127 that must form UTF-8 sequences for a damaged text to be taken for UTF-8."""
FEWEST_ZEROS = 3
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
    wide = _wide_encoding(content[:SAMPLE])
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


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: spaces and line ends of any language leave zeros at one side of each unit."""
    sample = sample[: len(sample) // 4 * 4]
    zeros = sample.count(0)
    if zeros < max(FEWEST_ZEROS, 0.02 * len(sample)):
        return ""
    at = [sample[offset::4].count(0) for offset in range(4)]
    quarter = len(sample) // 4
    if at[1] > 0.7 * quarter and at[2] > 0.7 * quarter:
        return "utf-32-le" if at[3] > at[0] else "utf-32-be"
    even, odd = at[0] + at[2], at[1] + at[3]
    for less, more, name in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if less <= 0.05 * more and _is_plausible(sample.decode(name, "replace")):
            return name
    return ""


def _is_plausible(text: str) -> bool:
    good = sum(character.isalnum() or character.isspace() for character in text)
    return good > 0.6 * len(text) and text.count("\ufffd") <= 1


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
