"""What may leave a model: read piece by piece, so that nothing that is held back is ever shown, not even for a moment.

A model may obey a document instead of us. Whatever it writes, an image would be fetched by the page that shows it (and
could carry the student's text away in its address), the fence key would help to break the fence, and on a hint ladder
the answer would be given away. These three are taken out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_FETCHING = r"img|image|iframe|script|style|link|object|embed|svg|video|audio|source|form|input|meta|base"
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
_TAG = re.compile(rf"<\s*/?\s*(?:{_FETCHING})\b[^>]*(?:>|\Z)", re.IGNORECASE)
_OPEN = re.compile(
    rf"(?:!\[[^\]]*|!\[[^\]]*\]\([^)]*|!\[[^\]]*\]\[[^\]]*|<\s*/?\s*(?:(?:{_FETCHING})\b[^>]*)?)\Z", re.IGNORECASE
)
_CITED = re.compile(r"[\d\s,;-]+")
_INVISIBLE = re.compile("[\0\u00ad\u200b\u2060\ufeff]")
_BORDER = re.compile(r"[\s\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+")
LONGEST_WORD = 200
"""Characters without a border after which waiting for one ends; scripts without spaces have their punctuation."""

MOST_HELD = 2_000
"""Characters after which an image or a tag that was never closed counts as text."""


def _unchanged(text: str) -> str:
    return text


@dataclass(slots=True)
class OutputFilter:
    """Takes the pieces of an answer and gives back what may be shown so far.

    ``veil`` is applied to whole words. Pieces may break anywhere: what could still become part of a word, an image or
    a tag waits for the next piece, the rest leaves at once. An answer that says ``draft`` word for word isn't veiled:
    code wrote it, and a withheld word may stand among its own.
    """

    fence: str | None = None
    veil: Callable[[str], str] = _unchanged
    draft: str = ""
    _waiting: str = field(default="", init=False)
    _heard: str = field(default="", init=False)

    def push(self, piece: str) -> str:
        """The part that is safe to show now; often shorter than what has been pushed."""
        self._waiting += piece
        self._heard += piece
        cut = self._safe_length()
        ready, self._waiting = self._waiting[:cut], self._waiting[cut:]
        return self._cleaned(ready)

    def finish(self) -> str:
        """What still waited, at the end of the answer."""
        ready, self._waiting = self._waiting, ""
        return self._cleaned(ready)

    def _safe_length(self) -> int:
        text = self._waiting
        if len(text) >= MOST_HELD:
            return len(text)
        last = max((border.end() for border in _BORDER.finditer(text)), default=0)
        cut = last or (len(text) if len(text) >= LONGEST_WORD else 0)
        unclosed = _OPEN.search(text[:cut])
        return unclosed.start() if unclosed else cut

    def _cleaned(self, text: str) -> str:
        text = _TAG.sub("", _IMAGE.sub(_without_image, _INVISIBLE.sub("", text)))
        if self.fence is not None:
            text = text.replace(self.fence, "")
        return text if self.draft.startswith(self._heard) else self.veil(text)


def _without_image(match: re.Match[str]) -> str:
    """The words of an image. ``!`` before a citation is no image, but has to be kept from becoming one."""
    return f"! [{match[1]}]" if _CITED.fullmatch(match[1]) else match[1]
