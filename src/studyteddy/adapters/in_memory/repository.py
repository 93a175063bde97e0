"""What repositories of owned rows share: another person's row is not found, a stale write is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import Cursor, Page, PageRequest


class Versioned(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def owner(self) -> UserId: ...
    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)


class OwnedRows(Generic[V]):
    """Rows of one table by id. ``noun`` names them in errors."""

    table: ClassVar[str]
    noun: ClassVar[str]

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    @property
    def _rows(self) -> dict[UUID, V]:
        return self._store.table(self.table)

    def _of(self, owner: UserId) -> Iterable[V]:
        return (row for row in self._rows.values() if row.owner == owner)

    def _missing(self) -> NotFound:
        return NotFound(f"There is no such {self.noun}.")

    def _add(self, row: V) -> None:
        self._journal.put(self.table, row.id, row)

    def _get(self, owner: UserId, row_id: UUID) -> V:
        row = self._rows.get(row_id)
        if row is None or row.owner != owner:
            raise self._missing()
        return row

    def _save(self, row: V) -> None:
        before = self._get(row.owner, row.id)
        if before.version != row.version - 1:
            raise StaleVersion(f"This {self.noun} was changed meanwhile. Load it again and repeat your change.")
        self._journal.put(self.table, row.id, row)

    def _delete(self, owner: UserId, row_id: UUID) -> None:
        self._get(owner, row_id)
        self._journal.remove(self.table, row_id)


def page(
    rows: Iterable[Any],
    request: PageRequest,
    *,
    order: str,
    key: Callable[[Any], Any],
    as_text: Callable[[Any], str | None],
    from_text: Callable[[str], Any],
    descending: bool = False,
) -> Page[Any]:
    """Cut a page out of rows: sorted by key (missing keys last in either direction), then by id, after the cursor.

    ``as_text`` and ``from_text`` carry a key through a cursor without loss.
    """

    def tie(row_id: UUID) -> int:
        return -row_id.int if descending else row_id.int

    rows = list(rows)
    keyed = sorted((row for row in rows if key(row) is not None), key=lambda row: row.id, reverse=descending)
    keyed.sort(key=key, reverse=descending)
    blank = sorted((row for row in rows if key(row) is None), key=lambda row: tie(row.id))
    after = request.after
    if after is not None and after.key is None:
        keyed, blank = [], [row for row in blank if tie(row.id) > tie(after.id)]
    elif after is not None and after.key is not None:
        last = after.last(from_text)
        keyed = [
            row
            for row in keyed
            if _beyond(key(row), last, descending) or (key(row) == last and tie(row.id) > tie(after.id))
        ]
    cut = (keyed + blank)[: request.limit + 1]
    return Page.cut(
        cut, request, lambda row: Cursor(order=order, key=None if key(row) is None else as_text(key(row)), id=row.id)
    )


def _beyond(value: Any, last: Any, descending: bool) -> bool:
    return bool(value < last) if descending else bool(value > last)
