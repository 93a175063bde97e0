"""The few things that have to be known of Protocol Buffers to take a text or a number out of a message.

The encoding: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}


def text_at(message: bytes, number: int) -> str:
    """The text in a field, "" where it is not there. The last one counts, as the encoding demands."""
    found = [value for at, value in _fields(message) if at == number and isinstance(value, bytes)]
    return found[-1].decode("utf-8", "replace") if found else ""


def number_at(message: bytes, number: int) -> int:
    """The number in a field, 0 where it is not there."""
    found = [value for at, value in _fields(message) if at == number and isinstance(value, int)]
    return found[-1] if found else 0


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Number and value of each field; a message that is cut off ends early."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif kind == BYTES:
            size, at = _varint(message, at)
            yield key >> 3, message[at : at + size]
            at += size
        elif kind in _FIXED:
            at += _FIXED[kind]
        else:
            raise ValueError(f"a field of the unknown kind {kind}")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            break
    return value, at
