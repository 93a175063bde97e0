"""The form of an archive: which members a tar file has, and how its manifest is written.

The order is: rows, objects, keys, ``SHA256SUMS`` of all these, ``manifest.json`` with the checksum of the sums, and
``manifest.json.sha256``. A file that was cut off therefore has no manifest. ``tar``, ``sha256sum -c SHA256SUMS`` and
``gunzip`` read all of it without this program.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from datetime import datetime
from typing import IO, Any, cast

from studyteddy.application.ports.backups import CopiedTable, Manifest, Table

SUMS, MANIFEST, SEAL = TRAILER = ("SHA256SUMS", "manifest.json", "manifest.json.sha256")
ROWS = re.compile(r"tables/([a-z_]+)/\d{6,}\.copy\.gz")
OBJECT = re.compile(r"objects/([0-9a-f-]+(?:/[0-9a-f-]+)*)")
KEY = re.compile(r"keys/([a-z-]+)")


def rows_member(table: str, number: int) -> str:
    return f"tables/{table}/{number:06}.copy.gz"


def object_member(key: str) -> str:
    return f"objects/{key}"


def key_member(name: str) -> str:
    return f"keys/{name}"


def forget_members(tar: tarfile.TarFile) -> None:
    """Let go of the heads of the members that were passed; tarfile would keep them all."""
    cast(Any, tar).members.clear()


class Hashing:
    """A stream that is read from where it is, with the SHA-256 of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self._digest.update(piece)
        return piece

    @property
    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def manifest_text(manifest: Manifest, sums: str) -> bytes:
    """The manifest as JSON; ``sums`` is the checksum of ``SHA256SUMS``."""
    told = {
        "format": manifest.format,
        "program": manifest.program,
        "revision": manifest.revision,
        "created_at": manifest.created_at.isoformat(),
        "tables": [
            {"name": copied.table.name, "columns": copied.table.columns, "rows": copied.rows}
            for copied in manifest.tables
        ],
        "sequences": dict(manifest.sequences),
        "objects": manifest.objects,
        "object_bytes": manifest.object_bytes,
        "keys": manifest.keys,
        "lacking": manifest.lacking,
        "sums": sums,
    }
    return json.dumps(told, indent=1).encode()


def told_format(text: bytes) -> int:
    """The version of the form, which is all that may be read of a newer one. Raises ``ValueError``."""
    told = json.loads(text)
    return int(told["format"]) if isinstance(told, dict) and "format" in told else 0


def read_manifest(text: bytes) -> tuple[Manifest, str]:
    """The manifest and the checksum of ``SHA256SUMS``. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    told = json.loads(text)
    manifest = Manifest(
        format=int(told["format"]),
        program=str(told["program"]),
        revision=str(told["revision"]),
        created_at=datetime.fromisoformat(told["created_at"]),
        tables=tuple(
            CopiedTable(table=Table(name=table["name"], columns=tuple(table["columns"])), rows=int(table["rows"]))
            for table in told["tables"]
        ),
        sequences={str(name): int(last) for name, last in told["sequences"].items()},
        objects=int(told["objects"]),
        object_bytes=int(told["object_bytes"]),
        keys=tuple(told["keys"]),
        lacking=tuple(told["lacking"]),
    )
    return manifest, str(told["sums"])
