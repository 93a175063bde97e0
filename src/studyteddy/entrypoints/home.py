"""The directory in which an embedded Study Teddy keeps everything."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SIGNING_SECRET = "signing-secret"  # noqa: S105 - the name of a file
"""The file with the secret that signs access tokens."""


def open_home(home: Path) -> Path:
    """The directory, made where needed, for its owner's eyes only. Raises ``OSError`` when it can't be."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def signing_secret(home: Path) -> str:
    """The secret that signs access tokens: made at the first start and kept, so that log-ins survive a restart."""
    path = home / SIGNING_SECRET
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_text().strip():
            return kept
        path.unlink()  # a start that was killed between making and writing it
        return signing_secret(home)
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret
