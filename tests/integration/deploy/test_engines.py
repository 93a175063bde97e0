from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from e2e.server import eventually
from engines.pgbouncer import _program as pgbouncer_program
from engines.s3_server import S3Server
from studyteddy.adapters.embedded_postgres.account import Account, _programs
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate

DOCKER = Path(__file__).parents[3] / "docker"
PASSWORD = 'it\'s a "long" pass$word'
PRODUCTION = {
    "STUDYTEDDY_PROFILE": "production",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "JWT_SECRET": "Kd8vQ2x7mZpL4wR9tYb3nHc6jF5sGa1uE0oWiXy",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """An empty PostgreSQL in which the script of its container has been run; the way in, as its administrator."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", settings={"fsync": "off"}) as url:
        administrator = like_the_image(sa.make_url(url))
        sockets = Path(str(administrator.query["host"]))
        account = Account.owning(sockets)
        assert administrator.username
        call = account.run(
            "/bin/sh", "-c", (DOCKER / "postgres/make_database.sh").read_text(), reaching=sockets / "socket"
        )
        call["env"] |= {
            "PATH": f"{_programs()}:/usr/bin:/bin",
            "PGHOST": str(sockets),
            "POSTGRES_USER": administrator.username,
            "DATABASE_PASSWORD": PASSWORD,
        }
        subprocess.run(**call, check=True)
        yield administrator


def like_the_image(first: sa.URL) -> sa.URL:
    """The embedded server has our names for its administrator and database; that of the image has not."""
    administrator = first.set(username="postgres", database="postgres")
    for url, statements in (
        (first, ["create role postgres superuser login"]),
        (administrator, ["alter role studyteddy rename to first", "drop database if exists studyteddy"]),
    ):
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
    return administrator


@contextmanager
def started_pooler(place: Path, server: sa.URL) -> Iterator[int]:
    """pgBouncer, started as its container starts it, on a free port that is given."""
    program = pgbouncer_program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = (DOCKER / "pgbouncer/pgbouncer.ini").read_text()
    (place / "studyteddy.ini").write_text(
        settings.replace("/tmp/", f"{place}/").replace("= 6432", f"= {port}").replace("0.0.0.0", "127.0.0.1")
    )
    script = (DOCKER / "pgbouncer/start.sh").read_text()
    script = script.replace("/tmp/", f"{place}/").replace("/etc/pgbouncer/", f"{place}/")
    sockets = Path(str(server.query["host"]))
    account = Account.owning(sockets)
    account.give(place)
    call = account.run("/bin/sh", "-c", script, reaching=sockets / "socket")
    call["env"] |= {
        "PATH": f"{Path(program).parent}:/usr/bin:/bin",
        "DATABASE_HOST": str(sockets),
        "DATABASE_PASSWORD": PASSWORD,
    }
    with (place / "log").open("wb") as log, subprocess.Popen(**call, stdout=log, stderr=log) as pooler:
        try:
            eventually(lambda: listens(port) or pooler.poll() is not None, seconds=20)
            assert pooler.poll() is None, (place / "log").read_text()
            yield port
        finally:
            pooler.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_account_of_the_application_brings_its_database_up_to_date_without_rights_of_an_administrator(
    server: sa.URL,
) -> None:
    engine = open_engine(server.set(username="studyteddy", database="studyteddy").render_as_string(False))
    migrate(engine)
    with engine.connect() as connection:
        rights = connection.execute(
            sa.text("select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user")
        ).one()
        assert connection.scalar(sa.text("select count(*) from pg_extension where extname = 'vector'")) == 1
    engine.dispose()
    assert tuple(rights) == (False, False, False)


def test_the_pooler_lets_in_who_knows_the_password(server: sa.URL) -> None:
    with tempfile.TemporaryDirectory(prefix="st-pooler-") as name, started_pooler(Path(name), server) as port:
        address = {"host": "127.0.0.1", "port": port, "dbname": "studyteddy", "user": "studyteddy"}
        with psycopg.connect(**address, password=PASSWORD, prepare_threshold=None) as connection:
            assert connection.execute("select current_user").fetchone() == ("studyteddy",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**address, password="wrong")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**address | {"dbname": "postgres"}, password=PASSWORD)


def test_the_bucket_is_made_once(capfd: pytest.CaptureFixture[str]) -> None:
    with S3Server() as store:
        given = {
            "S3_BUCKET": "made-by-the-script",
            "S3_ENDPOINT_URL": store.endpoint,
            "S3_ACCESS_KEY": store.access_key,
            "S3_SECRET_KEY": store.secret_key,
        }
        for _ in range(2):
            subprocess.run(
                [sys.executable, DOCKER / "objects/make_bucket.py"],
                env={"PATH": os.defpath} | PRODUCTION | given,
                check=True,
            )
        told = capfd.readouterr().out.splitlines()
        rules = store.client.get_bucket_lifecycle_configuration(Bucket="made-by-the-script")["Rules"]
    assert told == ["The bucket made-by-the-script was made.", "The bucket made-by-the-script is there."]
    assert rules[0]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
