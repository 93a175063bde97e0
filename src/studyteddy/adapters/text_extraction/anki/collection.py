"""The database in a package: which one counts, and how it is opened without a file."""

from __future__ import annotations

import sqlite3

from studyteddy.adapters.text_extraction.archive import Archive
from studyteddy.adapters.text_extraction.reading import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from studyteddy.adapters.text_extraction.reading import Bounds

COMPRESSED = "collection.anki21b"
COLLECTIONS = (COMPRESSED, "collection.anki21", "collection.anki2")
"""Newest first: newer packages also hold an old collection, whose one note says to update the program."""

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_VERSIONS = slice(18, 20)
_ROLLBACK = b"\1\1"
"""Written where a database says that it has a log beside it: one that was read into memory has none."""
_OLDEST = 11
_NEEDED = frozenset(("col", "notes", "cards"))


def open_collection(content: bytes, bounds: Bounds) -> sqlite3.Connection:
    """The collection of a package, in memory. Raises ``Unreadable``."""
    archive = Archive(content, bounds)
    name = next((name for name in COLLECTIONS if name in archive), None)
    if name is None:
        raise Unreadable("corrupt", "no collection in it")
    data = archive.read(name)
    return _opened(_decompressed(data, bounds.unpacked) if name == COMPRESSED else data)


def tables_of(collection: sqlite3.Connection) -> set[str]:
    """The names of its tables."""
    return {name for (name,) in collection.execute("select name from sqlite_master where type = 'table'")}


def _decompressed(data: bytes, most: int) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as stream:
            plain = stream.read(most + 1)
    except zstandard.ZstdError as fault:
        raise Unreadable("corrupt", f"zstd: {fault}") from fault
    if len(plain) > most:
        raise Unreadable("expands_too_much", "a collection that unpacks too far")
    return plain


def _opened(data: bytes) -> sqlite3.Connection:
    if len(data) < _HEADER or not data.startswith(_MAGIC):
        raise Unreadable("corrupt", "the collection is no database")
    image = bytearray(data)
    image[_VERSIONS] = _ROLLBACK
    connection = sqlite3.connect(":memory:")
    connection.deserialize(bytes(image))
    connection.create_collation("unicase", _without_case)
    connection.execute("pragma query_only = on")
    connection.execute("pragma trusted_schema = off")
    if not tables_of(connection) >= _NEEDED:
        raise Unreadable("corrupt", "the database is no collection")
    (version,) = connection.execute("select ver from col").fetchone() or (0,)
    if version < _OLDEST:
        raise Unreadable("unsupported_type", f"a collection of version {version}")
    return connection


def _without_case(one: str, other: str) -> int:
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)
