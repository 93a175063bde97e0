from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import settings

from engines.databases import fresh_database, in_server
from engines.pgbouncer import PgBouncer
from engines.redis_server import RedisServer
from engines.s3_server import S3Bucket, S3Server
from profiles import engines, open_server, pytest_generate_tests
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.migrate import migrate

__all__ = ["engines", "open_server", "pytest_generate_tests"]

settings.register_profile("studyteddy", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("studyteddy"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "studyteddy")

_TEMPLATE = "migrated"
# What a test loses in a power cut can be made again.
_QUICK = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}

_FEW = {"default_pool_size": "8", "server_idle_timeout": "2"}  # for the many databases of the tests


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL for this run, one for all of pytest-xdist's processes. Tests want ``database_url`` instead."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    with EmbeddedPostgres(shared / "postgres", settings=_QUICK) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> str:
    """The name of a database with the newest schema and no rows, to make others of."""
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(1)"))
        if not connection.scalar(sa.text("select 1 from pg_database where datname = :name"), {"name": _TEMPLATE}):
            half_made = f"{_TEMPLATE}_{uuid.uuid4().hex}"
            connection.execute(sa.text(f"create database {half_made}"))
            engine = sa.create_engine(in_server(postgres_url, half_made))
            migrate(engine)
            engine.dispose()
            connection.execute(sa.text(f"alter database {half_made} rename to {_TEMPLATE}"))
    server.dispose()
    return _TEMPLATE


@pytest.fixture(scope="module")
def database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A migrated database of this module's own, thrown away after it."""
    with fresh_database(postgres_url, template=migrated_template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """A database without a schema, thrown away after the test."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def pooler(postgres_url: str) -> Iterator[PgBouncer]:
    """pgBouncer in transaction mode before the PostgreSQL of this run; tests of it are skipped where it is missing."""
    with PgBouncer(postgres_url, _FEW) as pooler:
        yield pooler


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """An S3 store for this test process. Tests want ``s3`` instead."""
    with S3Server() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server) -> Iterator[S3Bucket]:
    """A fresh bucket, its store and the keys to it; the store answers again after the test, whatever was done to it."""
    yield S3Bucket(s3_server, s3_server.bucket())
    s3_server.recover()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis for all tests of this process, which neither stop nor kill it."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server: RedisServer) -> str:
    """The address of that Redis. Its tests name their keys apart, or empty it first."""
    return redis_server.url
