"""Filling a database from a copy, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import REGCLASS, insert

from studyteddy.adapters.postgres.backup.snapshot import driver_of
from studyteddy.adapters.postgres.engine import unavailable
from studyteddy.adapters.postgres.migrate import LOCK, change_schema
from studyteddy.adapters.postgres.tables.accounts import auth_sessions, one_use_tokens
from studyteddy.adapters.postgres.tables.jobs import jobs
from studyteddy.adapters.postgres.tables.operations import tombstones as tombstones_table
from studyteddy.application.ports.backups import Table
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.errors import Invalid

_LOOSE_ENDS = """
    select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
    join pg_class c on c.oid = i.indrelid
    where c.relnamespace = current_schema()::regnamespace
      and not exists (select from pg_constraint where conindid = i.indexrelid)
    order by 1
"""
_CONSTRAINTS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where contype in ('f', 'p', 'u') and connamespace = current_schema()::regnamespace
      and conrelid <> 'alembic_version'::regclass
    order by contype, 1, 2
"""
"""Foreign keys first: they rest on the others."""

_BURY = insert(tombstones_table).on_conflict_do_nothing()
_LEAVE_OUT = sa.text(
    "delete from users where encode(sha256(convert_to(id::text, 'UTF8')), 'hex') in (select digest from tombstones)"
)


class PostgresLoad:
    """The ``Load`` port over a transaction that its maker commits."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._again: list[str] = []

    def begin(self, revision: str, *, used: bool) -> None:
        """Make the tables of a revision, in place of what is there. What rows would have to be entered into one by one,
        keys and indexes, is made when they are all there.
        """
        self._connection.execute(LOCK)
        if used:
            change_schema(self._connection, "base")
        change_schema(self._connection, revision)
        for table, name, definition in self._connection.execute(sa.text(_CONSTRAINTS)).all():
            self._run(f'alter table {table} drop constraint "{name}"')
            self._again.append(f'alter table {table} add constraint "{name}" {definition}')
        for name, definition in self._connection.execute(sa.text(_LOOSE_ENDS)).all():
            self._run(f"drop index {name}")
            self._again.append(definition)

    def rows(self, table: Table, blocks: Iterable[bytes]) -> int:
        statement = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        try:
            with driver_of(self._connection).cursor() as cursor:
                with cursor.copy(statement) as copy:
                    for block in blocks:
                        copy.write(block)
                return cursor.rowcount
        except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
            raise unavailable(fault) from fault
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as fault:
            raise _misfit(table.name, fault) from fault

    def finish(
        self, sequences: Mapping[str, int], *, tombstones: Mapping[str, datetime], end_logins: bool, now: datetime
    ) -> None:
        try:
            for statement in reversed(self._again):
                self._run(statement)
        except sa.exc.IntegrityError as fault:
            raise _misfit("the rows", fault.orig) from fault
        for name, last in sequences.items():
            self._connection.execute(sa.select(sa.func.setval(sa.cast(name, REGCLASS), last)))
        change_schema(self._connection, "head")
        for digest, at in tombstones.items():
            self._connection.execute(_BURY, {"digest": digest, "deleted_at": at})
        self._connection.execute(_LEAVE_OUT)
        self._connection.execute(_queued_again())
        if end_logins:
            open_ones = sa.update(auth_sessions).where(auth_sessions.c.ended_at.is_(None))
            self._connection.execute(open_ones.values(ended_at=now))
            self._connection.execute(sa.delete(one_use_tokens))  # some may have been used after the backup
        self._run("analyze")

    def _run(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement)


def _queued_again() -> sa.Update:
    """Whoever ran or was told of a job is not here any more."""
    waiting = jobs.c.status.in_([JobStatus.QUEUED.value, JobStatus.RUNNING.value])
    return sa.update(jobs).where(waiting).values(status=JobStatus.QUEUED.value, lease_until=None, sent_at=None)


def _misfit(what: str, fault: BaseException | None) -> Invalid:
    said = (str(fault).strip().splitlines() or ["no reason given"])[0]
    return Invalid(f"The backup does not fit: {what}: {said}. Nothing was changed.", code="backup_misfit")
