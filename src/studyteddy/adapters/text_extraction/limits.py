"""How much one document may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on reading one document. Sizes in bytes, times in seconds.

    ``wall_seconds`` counts the time that the parent waits for the child, so a caller that takes its time between two
    sections doesn't use up the document's.
    """

    memory: int = 1 << 30
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    document: int = 256 << 20
    unpacked: int = 200 << 20
    entries: int = 10_000
    sections: int = 2_000
    section: int = 4 << 20
    characters: int = 50_000_000
