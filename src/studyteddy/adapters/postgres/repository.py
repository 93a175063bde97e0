"""Rows of an owner, with versions: the statements are built once for each table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

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
Values = dict[str, Any]


class OwnedRows(Generic[V]):
    """Add, get, save and delete for one table with ``id``, ``owner`` and ``version``. ``noun`` names a row in errors.

    A subclass gives ``to_row`` and ``from_row``; ``Row`` fields are named like the columns.
    """

    table: ClassVar[sa.Table]
    noun: ClassVar[str]
    _insert: ClassVar[sa.Insert]
    _one: ClassVar[sa.Select[Any]]
    _update: ClassVar[sa.Update]
    _remove: ClassVar[sa.Delete]

    def __init_subclass__(cls) -> None:
        table = cls.table
        mine = sa.and_(table.c.id == sa.bindparam("row_id"), table.c.owner == sa.bindparam("row_owner"))
        cls._insert = sa.insert(table)
        cls._one = sa.select(table).where(mine)
        cls._update = sa.update(table).where(mine, table.c.version == sa.bindparam("row_version"))
        cls._remove = sa.delete(table).where(mine)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @staticmethod
    def to_row(entity: Any) -> Values:
        raise NotImplementedError

    @staticmethod
    def from_row(row: Any) -> Any:
        raise NotImplementedError

    def _missing(self) -> NotFound:
        return NotFound(f"There is no such {self.noun}.")

    def _add(self, entity: V) -> None:
        self._connection.execute(self._insert, self.to_row(entity))

    def _get(self, owner: UserId, row_id: UUID) -> V:
        row = self._connection.execute(self._one, {"row_id": row_id, "row_owner": owner}).one_or_none()
        if row is None:
            raise self._missing()
        return self.from_row(row)  # type: ignore[no-any-return]

    def _save(self, entity: V) -> None:
        values = self.to_row(entity)
        values |= {"row_id": values.pop("id"), "row_owner": values.pop("owner"), "row_version": entity.version - 1}
        if self._connection.execute(self._update, values).rowcount == 0:
            self._get(entity.owner, entity.id)
            raise StaleVersion(f"This {self.noun} was changed meanwhile. Load it again and repeat your change.")

    def _delete(self, owner: UserId, row_id: UUID) -> None:
        if self._connection.execute(self._remove, {"row_id": row_id, "row_owner": owner}).rowcount == 0:
            raise self._missing()


def page(
    connection: sa.Connection,
    query: sa.Select[Any],
    parameters: Mapping[str, Any],
    request: PageRequest,
    *,
    order: str,
    key: sa.ColumnElement[Any],
    row_id: sa.ColumnElement[Any],
    as_text: Callable[[Any], str],
    from_text: Callable[[str], Any],
    from_row: Callable[[Any], Any],
    descending: bool = False,
) -> Page[Any]:
    """Run a query for one page: sorted by key (missing keys last in either direction), then by id, after the cursor."""
    after = request.after
    if after is not None and after.key is None:
        query = query.where(key.is_(None), row_id < after.id if descending else row_id > after.id)
    elif after is not None and after.key is not None:
        last = after.last(from_text)
        beyond = sa.tuple_(key, row_id) < (last, after.id) if descending else sa.tuple_(key, row_id) > (last, after.id)
        query = query.where(sa.or_(beyond, key.is_(None)))
    if descending:
        query = query.order_by(key.desc().nulls_last(), row_id.desc())
    else:
        query = query.order_by(key.asc().nulls_last(), row_id.asc())
    query = query.add_columns(key.label("page_key")).limit(request.limit + 1)
    rows = connection.execute(query, parameters).all()

    def cursor(row: Any) -> Cursor:
        return Cursor(order=order, key=None if row.page_key is None else as_text(row.page_key), id=row.id)

    cut = Page.cut(rows, request, cursor)
    return Page(items=tuple(from_row(row) for row in cut.items), next=cut.next)
