"""Writing an archive as a stream: no part of it has to be kept but the records, which lie in a temporary file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

from studyteddy.adapters.account_archive import form, log_lines, records, tables, telling
from studyteddy.adapters.account_archive.preferences import PreferencesRecord
from studyteddy.application.ports.account_archives import FORMAT, About, Preferences
from studyteddy.domain.documents import Document
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.portability import Kind, Thing
from studyteddy.domain.tasks.task import Task

_IN_MEMORY = 4 << 20
_PIECE = 1 << 18
_LEVEL = 6
_LINES_AT_ONCE = 128


class _Outlet:
    """What the zip module writes to: a stream that can't go back, and which others read from."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        if self._file is not None:
            self._file.write(piece)
        else:
            self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        return

    def spooled(self) -> Iterator[bytes]:
        """All that was written so far; from now on it is to be ``taken``."""
        file, self._file = self._file, None
        if file is not None:
            file.seek(0)
            while piece := file.read(_PIECE):
                yield piece

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class ZipWriter:
    """The ``AccountWriter`` port."""

    def __init__(self, outlet: _Outlet, zip_file: zipfile.ZipFile) -> None:
        self._outlet = outlet
        self._zip = zip_file
        self._members: dict[str, form.Member] = {}
        self._counts: dict[str, int] = {}
        self._lacking: list[int] = []

    def account(self, about: About) -> None:
        self._json(form.ACCOUNT, telling.account(about))

    def preferences(self, preferences: Preferences) -> None:
        self._json(form.PREFERENCES, PreferencesRecord.of(preferences).model_dump(mode="json"))

    def things(self, kind: Kind, things: Iterable[Thing]) -> None:
        written = records.CODECS[kind].written
        lines = (written(thing).model_dump_json() for thing in things)
        self._counts[kind.value] = self._lines(form.MEMBERS[kind], lines)

    def log(self, reviews: Iterable[Review]) -> None:
        self._counts["review"] = self._lines(form.LOG, map(log_lines.line_of, reviews))

    def table_of_tasks(self, tasks: Iterable[Task]) -> None:
        self._text(form.TASK_TABLE, tables.of_tasks(tasks))

    def table_of_deck(self, deck: Deck, cards: Iterable[Card]) -> None:
        self._text(form.deck_member(deck), tables.of_cards(cards))

    def pieces(self, originals: Iterable[tuple[Document, BinaryIO | None]]) -> Iterator[bytes]:
        yield from self._outlet.spooled()
        for document, content in originals:
            if content is None:
                self._lacking.append(document.id.int)
                continue
            with closing(content):
                yield from self._original(document, content)
        self._json(form.MANIFEST, self._manifest().model_dump(mode="json"))
        self._zip.close()
        yield self._outlet.taken()

    def _original(self, document: Document, content: BinaryIO) -> Iterator[bytes]:
        name = form.original_member(document)
        with self._member(name, stored=document.size) as write:
            while piece := content.read(_PIECE):
                write(piece)
                yield self._outlet.taken()

    def _manifest(self) -> form.Manifest:
        return form.Manifest(
            format=form.NAME,
            version=FORMAT,
            program=version("studyteddy"),
            counts=self._counts,
            content_sha256=form.content_digest(self._members),
            lacking=self._lacking,
            members=self._members,
        )

    def _json(self, name: str, value: object) -> None:
        with self._member(name) as write:
            write(json.dumps(value, ensure_ascii=False, indent=1).encode())

    def _lines(self, name: str, lines: Iterable[str]) -> int:
        count, rest = 0, iter(lines)
        with self._member(name) as write:
            while block := list(islice(rest, _LINES_AT_ONCE)):
                write(("\n".join(block) + "\n").encode())
                count += len(block)
        return count

    def _text(self, name: str, lines: Iterable[str]) -> None:
        rest = iter(lines)
        with self._member(name) as write:
            while block := "".join(islice(rest, _LINES_AT_ONCE)):
                write(block.encode())

    @contextmanager
    def _member(self, name: str, *, stored: int | None = None) -> Iterator[Any]:
        """A function that adds bytes to a new member; those of ``stored`` bytes are not compressed once more."""
        info = zipfile.ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
        info.external_attr = 0o600 << 16
        info.compress_type = zipfile.ZIP_DEFLATED if stored is None else zipfile.ZIP_STORED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]
        info.file_size = stored or 0
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=stored is None) as member:

            def write(piece: bytes) -> None:
                nonlocal size
                digest.update(piece)
                size += len(piece)
                member.write(piece)

            yield write
        self._members[name] = form.Member(size=size, sha256=digest.hexdigest())


@contextmanager
def zip_being_written() -> Iterator[ZipWriter]:
    """A writer whose records lie in a temporary file until its pieces are taken."""
    with ExitStack() as stack:
        spool = stack.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY))
        outlet = _Outlet(spool)
        yield ZipWriter(outlet, zipfile.ZipFile(cast(IO[bytes], outlet), "w"))
