"""The form of an archive: its members, its manifest, and what of it may be compared.

``docs/export-format.md`` describes it for others. It is a zip file: the manifest is its last member, since it holds the
checksums of all others; the bytes of documents are stored as they are, everything else is deflated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from studyteddy.domain.documents import Document
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.portability import Kind

NAME: Literal["studyteddy-account"] = "studyteddy-account"
MANIFEST = "manifest.json"
ACCOUNT = "account.json"
PREFERENCES = "settings.json"
LOG = "reviews.jsonl"
TASK_TABLE = "tasks.csv"
MEMBERS: Mapping[Kind, str] = {
    Kind.TASK: "tasks.jsonl",
    Kind.DOCUMENT: "documents.jsonl",
    Kind.DECK: "decks.jsonl",
    Kind.CARD: "cards.jsonl",
    Kind.PROPOSAL: "proposals.jsonl",
    Kind.STUDY_SESSION: "study-sessions.jsonl",
    Kind.THREAD: "threads.jsonl",
    Kind.MESSAGE: "messages.jsonl",
}
CONTENT = frozenset({*MEMBERS.values(), LOG, PREFERENCES})
"""What an import takes, besides the bytes of documents."""

KNOWN = re.compile(
    "|".join(map(re.escape, sorted({*CONTENT, ACCOUNT, TASK_TABLE, MANIFEST})))
    + r"|documents/[0-9]{1,10}\.[a-z0-9]{1,10}|decks/[0-9]{1,10}\.csv"
)
"""Every name that a member can have: all are ours, so none leads anywhere else."""

_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,10})$")


def original_member(document: Document) -> str:
    """Where the bytes of a document lie: by its number, with the suffix that its own name has."""
    suffix = _SUFFIX.search(document.filename)
    return f"documents/{document.id.int}.{suffix[1].lower() if suffix else 'bin'}"


def deck_member(deck: Deck) -> str:
    return f"decks/{deck.id.int}.csv"


def is_content(member: str) -> bool:
    return member in CONTENT or member.startswith("documents/")


class Member(BaseModel):
    """A member with its size and SHA-256."""

    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Stated(BaseModel):
    """The format alone, which is all that may be read of a newer one."""

    format: Literal["studyteddy-account"]
    version: int = Field(ge=1)


class Manifest(Stated):
    """What an archive says of itself."""

    model_config = ConfigDict(extra="forbid")

    program: str = Field(max_length=100)
    counts: dict[str, int]
    content_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    lacking: list[int]
    members: dict[str, Member]


def content_digest(members: Mapping[str, Member]) -> str:
    """One checksum of all that an import takes: of the lines ``<sha256>  <name>``, sorted by name."""
    digest = hashlib.sha256()
    for name in sorted(filter(is_content, members)):
        digest.update(f"{members[name].sha256}  {name}\n".encode())
    return digest.hexdigest()
