"""What is found out about one part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, whether it is well, and what was found or what to do."""

    part: str
    well: bool
    words: str
