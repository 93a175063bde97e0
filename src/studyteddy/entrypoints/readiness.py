"""The dependencies of a web process, and how each is looked at."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import sqlalchemy as sa

from studyteddy.adapters.mail.server import mail_server
from studyteddy.adapters.postgres.job_figures import open_jobs
from studyteddy.adapters.postgres.migrate import schema_of
from studyteddy.adapters.prometheus_metrics.metrics import Figures
from studyteddy.domain.errors import Unavailable
from studyteddy.entrypoints.http.health import LIMIT_SECONDS, Check, Degraded
from studyteddy.entrypoints.settings import Profile, Settings

if TYPE_CHECKING:
    from redis import Redis

    from studyteddy.entrypoints.container import Container

LEAST_FREE = 0.1
"""The part of a disk that should be free."""
LONGEST_WAIT_SECONDS = 600
"""A job that waits longer than this has no worker, or too few."""
MAIL_ASKED_EVERY_SECONDS = 60.0
OLDEST_BACKUP = timedelta(hours=26)
"""A day, and the time that a nightly backup takes."""


def readiness(container: Container) -> Iterator[Check]:
    """The database and its schema are needed. Without the rest requests are still answered, most of them."""
    yield Check(name="database", look=lambda: _database(container.spare_engine()), needed=True)
    yield Check(name="schema", look=lambda: _schema(container.spare_engine()), needed=True)
    settings = container.settings()
    if container.queue_redis() is not None:
        yield Check(name="queue", look=lambda: _redis(container.queue_redis()))
        yield Check(name="cache", look=lambda: _redis(container.cache_redis()))
    yield Check(name="objects", look=lambda: container.objects().check())
    yield Check(name="mail", look=_Mail(settings).look)
    yield Check(name="disk", look=lambda: _disk(settings.home))
    yield Check(name="jobs", look=lambda: _jobs(container.spare_engine()))
    yield Check(name="backup", look=lambda: _backup(container))


class _Mail:
    """Whether the mail server listens. It is asked seldom: it may count who comes, and letters wait in their jobs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._well_until = float("-inf")

    def look(self) -> str | None:
        if self._settings.smtp_url is None:
            if self._settings.profile is Profile.PRODUCTION:
                raise Degraded("no mail server is set (SMTP_URL); letters become files")
            return "none is set; letters become files"
        server = mail_server(self._settings.smtp_url.get_secret_value())
        if monotonic() >= self._well_until:
            with socket.create_connection((server.host, server.port), timeout=LIMIT_SECONDS):
                self._well_until = monotonic() + MAIL_ASKED_EVERY_SECONDS
        return server.address


def _database(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("select 1"))


def _schema(engine: sa.Engine) -> str:
    """An older program goes on beside a newer schema, as while a new version is being brought out."""
    schema = schema_of(engine)
    if schema.ahead:
        raise Degraded(f"revision {schema.current} is newer than this program")
    if schema.fault is not None:
        raise Unavailable(schema.fault, code="schema_behind")
    return f"revision {schema.current}"


def _redis(redis: Redis | None) -> None:
    if redis is not None:
        redis.ping()


def _disk(home: Path) -> str:
    existing = next(place for place in (home, *home.absolute().parents) if place.exists())
    free = min(_free(existing), _free(Path(tempfile.gettempdir())))
    words = f"{free:.0%} free"
    if free < LEAST_FREE:
        raise Degraded(words)
    return words


def _free(directory: Path) -> float:
    usage = shutil.disk_usage(directory)
    return usage.free / usage.total


def database_figures(container: Container) -> Figures:
    """Nothing while the database is away: a scrape tells the rest."""
    try:
        return Figures(open_jobs(container.spare_engine()), container.last_backup()())
    except (sa.exc.SQLAlchemyError, Unavailable):
        return Figures()


def _jobs(engine: sa.Engine) -> str:
    oldest = max((jobs.oldest_seconds for jobs in open_jobs(engine)), default=0.0)
    words = f"the oldest has waited for {oldest:.0f} s"
    if oldest > LONGEST_WAIT_SECONDS:
        raise Degraded(words)
    return words


def _backup(container: Container) -> str:
    """Whoever serves others is expected to have one; on a laptop it is one's own affair."""
    last, now = container.last_backup()(), container.clock()()
    if last is None:
        if container.settings().profile is Profile.PRODUCTION:
            raise Degraded("none was verified yet")
        return "none was verified yet"
    words = f"the last was verified {(now - last) / timedelta(hours=1):.0f} h ago"
    if now - last > OLDEST_BACKUP:
        raise Degraded(words)
    return words
