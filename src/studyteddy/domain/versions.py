"""Versions of entities: each change adds one, so that nobody overwrites what they haven't seen."""

from __future__ import annotations

from studyteddy.domain.errors import StaleVersion


def check_version(current: int, expected: int | None) -> None:
    """Raise ``StaleVersion`` unless the caller's version is the current one; None means the caller doesn't mind."""
    if expected is not None and expected != current:
        raise StaleVersion(f"This was changed meanwhile (now version {current}). Load it again and repeat your change.")
