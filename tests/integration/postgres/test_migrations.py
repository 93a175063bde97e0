from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engines.databases import Database
from studyteddy.adapters.postgres.migrate import _config, current_revision, migrate
from studyteddy.adapters.postgres.tables.catalogue import metadata
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.testing.chunk_index import MODEL, embed, index_document
from studyteddy.testing.documents import a_document, add_user

# What alembic does not compare: partial and covering indexes, checks, collations, identities, cascades.
CATALOGUE = {
    "columns": """
        select table_name, column_name, data_type, udt_name, collation_name, is_nullable, column_default, is_identity,
            is_generated, generation_expression
        from information_schema.columns where table_schema = 'public' and table_name <> 'alembic_version'
        order by table_name, column_name""",
    "indexes": """
        select indexdef from pg_indexes where schemaname = 'public' and tablename <> 'alembic_version'
        order by indexdef""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'alembic_version'
        order by 1, 2""",
    "comments": """
        select c.relname, a.attname, d.description from pg_description d
        join pg_class c on c.oid = d.objoid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
        where c.relnamespace = 'public'::regnamespace and d.classoid = 'pg_class'::regclass order by 1, 2""",
}


@pytest.fixture
def engine(empty_database: Database) -> Iterator[sa.Engine]:
    engine = empty_database.open()
    yield engine
    engine.dispose()


def newest() -> str | None:
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def catalogue(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {name: [tuple(row) for row in connection.execute(sa.text(query))] for name, query in CATALOGUE.items()}


def downgrade(engine: sa.Engine, revision: str) -> None:
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def test_the_migrated_schema_is_that_of_the_tables(database: Database) -> None:
    engine = database.open()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        assert compare_metadata(context, metadata) == []
    assert tables(engine) == set(metadata.tables)
    engine.dispose()


@pytest.mark.parametrize("what", CATALOGUE)
def test_the_database_sees_no_difference_either(database: Database, engine: sa.Engine, what: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("create extension if not exists vector"))
        metadata.create_all(connection)
    migrated = database.open()
    assert catalogue(migrated)[what] == catalogue(engine)[what]
    migrated.dispose()


def test_a_second_upgrade_changes_nothing(engine: sa.Engine) -> None:
    assert current_revision(engine) is None
    migrate(engine)
    before = catalogue(engine)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "insert into users values (gen_random_uuid(), 'a@b.org', 'Ada', '-', '{student}', 'UTC', 4,"
                " '{60,60,60,60,60,60,60}', false, 1, now(), now())"
            )
        )
    migrate(engine)
    assert current_revision(engine) == newest()
    assert catalogue(engine) == before
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from users")) == 1


def test_many_who_start_at_once_all_find_the_newest_schema(empty_database: Database) -> None:
    together = threading.Barrier(4)

    def start(_: int) -> str | None:
        engine = empty_database.open()
        try:
            together.wait(30)
            migrate(engine)
            return current_revision(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(start, range(4))) == {newest()}


def test_all_the_way_down_and_up_again_gives_the_same_schema(engine: sa.Engine) -> None:
    migrate(engine)
    before = catalogue(engine)
    downgrade(engine, "base")
    assert tables(engine) == set()
    assert current_revision(engine) is None
    migrate(engine)
    assert catalogue(engine) == before


def test_every_single_step_can_be_taken_back_and_again(engine: sa.Engine) -> None:
    migrate(engine)
    while (at := current_revision(engine)) is not None:
        here = catalogue(engine)
        downgrade(engine, "-1")
        assert current_revision(engine) != at
        migrate(engine, at)
        assert catalogue(engine) == here
        downgrade(engine, "-1")
    assert tables(engine) == set()


@pytest.mark.parametrize("statements", [1, 5, 15, 30, 45])
def test_a_migration_that_is_killed_between_two_statements_leaves_nothing(
    empty_database: Database, statements: int
) -> None:
    engine = empty_database.open()
    seen = 0

    def kill(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        if not statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "COMMENT")):
            return
        seen += 1
        if seen > statements:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            (pid,) = driver.execute("select pg_backend_pid()").fetchone() or (0,)
            other = sa.create_engine(empty_database.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
            with other.connect() as killer:
                killer.execute(sa.text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    sa.event.listen(engine, "before_cursor_execute", kill)
    with pytest.raises(sa.exc.OperationalError):
        migrate(engine)
    engine.dispose()
    assert seen == statements + 1

    again = empty_database.open()
    assert sa.inspect(again).get_table_names() == []
    migrate(again)
    assert current_revision(again) == newest()
    again.dispose()


def test_documents_that_were_embedded_before_count_as_embedded(engine: sa.Engine) -> None:
    migrate(engine)
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    owner = add_user(unit_of_work)
    whole, half, bare = (a_document(owner) for _ in range(3))
    for document in (whole, half, bare):
        index_document(unit_of_work, document, ["one", "two"])
    embed(unit_of_work, whole, [1.0, 0.0], [0.0, 1.0], complete=False)
    embed(unit_of_work, half, [1.0, 0.0], complete=False)
    downgrade(engine, "0011_operations")
    migrate(engine)
    with unit_of_work() as uow:
        assert set(uow.vectors.lacking(owner, MODEL)) == {half.id, bare.id}
