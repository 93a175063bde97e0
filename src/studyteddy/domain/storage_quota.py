"""How much one person may keep: so many documents, so many bytes."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.domain.errors import Conflict, TooLarge

MEGABYTE = 1024 * 1024
CODE = "quota_exceeded"


@dataclass(frozen=True, slots=True)
class StorageUse:
    """How many documents somebody has and how many bytes their files take."""

    documents: int = 0
    size: int = 0

    def with_file(self, size: int) -> StorageUse:
        """The use with one more document of so many bytes."""
        return StorageUse(self.documents + 1, self.size + size)


@dataclass(frozen=True, slots=True)
class StorageQuota:
    """``documents`` and ``megabytes`` of one person; 0 is no limit."""

    documents: int = 0
    megabytes: int = 0

    def check(self, use: StorageUse) -> None:
        """Raise ``quota_exceeded`` for a use beyond the quota: ``Conflict`` for the number of documents, ``TooLarge``
        for their bytes."""
        if self.documents and use.documents > self.documents:
            raise Conflict(
                f"You may keep {self.documents:,} documents, and this would be number {use.documents:,}. "
                "Delete one that you no longer need.",
                code=CODE,
            )
        if self.megabytes and use.size > self.megabytes * MEGABYTE:
            raise TooLarge(
                f"You may keep {self.megabytes:,} MB of documents, and with this one they would be "
                f"{use.size / MEGABYTE:,.1f} MB. Delete some that you no longer need.",
                code=CODE,
            )


NO_QUOTA = StorageQuota()
