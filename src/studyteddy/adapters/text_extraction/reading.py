"""What a format reader hands back. Imported by the child process, so it needs nothing but the language itself."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Unreadable(Exception):
    """The document can't be read; ``reason`` is a code of ``FailureReason``, ``detail`` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Bounds:
    """How much a reader may produce.

    ``unpacked`` bytes out of a container, ``entries`` in it, and ``sections`` of the whole document.
    """

    __slots__ = ("entries", "sections", "unpacked")

    def __init__(self, *, unpacked: int, entries: int, sections: int) -> None:
        self.unpacked = unpacked
        self.entries = entries
        self.sections = sections


class Reading:
    """A document's own title ("" where it has none), the unit and number of its sections, and (label, text) pairs.

    ``finish``, where given, still has to be applied to each text; it needs nothing but the text.
    """

    __slots__ = ("count", "finish", "sections", "title", "unit")

    def __init__(
        self,
        *,
        title: str,
        unit: str,
        count: int,
        sections: Iterable[tuple[str, str]],
        finish: Callable[[str], str] | None = None,
    ) -> None:
        self.title = title
        self.finish = finish
        self.unit = unit
        self.count = count
        self.sections = sections
