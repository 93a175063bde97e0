"""What the in-memory repositories share: tables of rows, one writer at a time, and a way back."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any


class Store:
    """Tables by name, each a dict of rows by key, guarded by one lock that a unit of work holds from start to end."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._tables: dict[str, dict[Any, Any]] = defaultdict(dict)

    def table(self, name: str) -> dict[Any, Any]:
        """The live rows; write through a ``Journal`` only."""
        return self._tables[name]

    def names(self) -> list[str]:
        """The tables that there are."""
        return list(self._tables)


class Journal:
    """Writes that can be taken back until they are committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._undo: list[Callable[[], None]] = []

    def put(self, table: str, key: Hashable, row: object) -> None:
        """Insert or replace a row."""
        rows = self._store.table(table)
        if key in rows:
            before = rows[key]
            self._undo.append(lambda: rows.__setitem__(key, before))
        else:
            self._undo.append(lambda: rows.__delitem__(key))
        rows[key] = row

    def remove(self, table: str, key: Hashable) -> None:
        """Delete a row; one that isn't there is fine."""
        rows = self._store.table(table)
        if key in rows:
            before = rows.pop(key)
            self._undo.append(lambda: rows.__setitem__(key, before))

    def commit(self) -> None:
        self._undo.clear()

    def rollback(self) -> None:
        while self._undo:
            self._undo.pop()()
