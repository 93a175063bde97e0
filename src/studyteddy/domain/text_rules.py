"""Rules for the texts that people type: how long, and which characters no store or page can hold."""

from __future__ import annotations

import re

from studyteddy.domain.errors import Invalid

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")


def require_text(field: str, value: str, *, limit: int) -> None:
    """``Invalid`` when a text is blank, has blanks around it, or breaks ``require_storable``."""
    if not value or value != value.strip():
        raise Invalid.field(field, f"Give a text of 1 to {limit:,} characters without blanks around it.")
    require_storable(field, value, limit=limit)


def require_storable(field: str, value: str, *, limit: int) -> None:
    """``Invalid`` when a text is too long (in code points) or holds a NUL or half a surrogate pair."""
    if len(value) > limit:
        raise Invalid.field(field, f"Shorten this to {limit:,} characters; it has {len(value):,}.", code="too_long")
    if _NOT_TEXT.search(value):
        raise Invalid.field(
            field, "Remove the characters that are not text (NUL, broken emoji).", code="bad_characters"
        )


def stripped_or_none(value: str | None) -> str | None:
    """The text without blanks around it; None for a blank one, so that "no subject" has one form."""
    return (value or "").strip() or None
