from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.pgbouncer import PgBouncer
from integration.serving.gunicorn import free_port, production
from studyteddy.adapters.postgres.migrate import known_revisions
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.doctor.engines import database
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.doctor.machine import packages
from studyteddy.entrypoints.settings import Settings


@contextmanager
def examined(home: Path, url: str, **settings: str) -> Iterator[dict[str, Finding]]:
    """What the doctor finds out about a database, by part."""
    stated = production(url, "redis://127.0.0.1:1/0", STUDYTEDDY_HOME=str(home), **settings)
    container = Container(settings=Settings(_env_file=None, **stated))
    try:
        yield {finding.part: finding for finding in database(container)}
    finally:
        container.shutdown_resources()


def test_a_database_that_is_up_to_date_is_well(home: Path, database_url: str) -> None:
    with examined(home, database_url) as found:
        assert all(finding.well for finding in found.values())
        assert found["tables"].words == f"at the newest revision, {known_revisions()[0]}"
        assert "pooler" not in found


def test_in_production_no_start_makes_the_tables(home: Path, empty_database_url: str) -> None:
    with examined(home, empty_database_url) as found:
        assert not found["tables"].well
        assert found["tables"].words.endswith("Run: studyteddy migrate")


def test_a_database_that_does_not_answer_is_named_with_what_was_tried(home: Path) -> None:
    port = free_port()
    with examined(home, f"postgresql://teddy:hunter2@127.0.0.1:{port}/study") as found:
        assert list(found) == ["database"]
        assert f"Tried postgresql+psycopg://teddy:***@127.0.0.1:{port}/study" in found["database"].words


def test_a_pooler_is_told_with_the_way_of_migrations(home: Path, database_url: str, pooler: PgBouncer) -> None:
    through = pooler.through(database_url)
    with examined(home, through, DATABASE_POOLER="transaction", DATABASE_DIRECT_URL=database_url) as found:
        assert found["pooler"].words == "in transaction mode; migrations go by DATABASE_DIRECT_URL"
    with examined(home, through, DATABASE_POOLER="transaction") as found:
        assert "DATABASE_DIRECT_URL can name a way around it" in found["pooler"].words


def test_a_pooler_that_the_settings_don_t_name_is_recognised(home: Path, database_url: str, pooler: PgBouncer) -> None:
    with examined(home, pooler.through(database_url)) as found:
        assert not found["database"].well
        assert "DATABASE_POOLER=transaction" in found["database"].words


def test_what_production_needs_is_installed(home: Path, database_url: str) -> None:
    settings = Settings(_env_file=None, **production(database_url, "redis://127.0.0.1:1/0"))
    assert [(finding.part, finding.well) for finding in packages(settings)] == [("servers", True)]
