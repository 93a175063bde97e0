"""What has to be there before many are served. Each thing is tried once, for a few seconds at most.

Whatever was connected for that is closed again, since a process that checks may fork afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from studyteddy.domain.errors import Invalid, StudyTeddyError
from studyteddy.entrypoints.faults import StartFault

if TYPE_CHECKING:
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Settings

log = logging.getLogger(__name__)


def check_start(container: Container) -> None:
    """Raise ``StartFault`` when no request could be answered, or work would get lost.

    That is: no database, another schema than ours, or a queue that may evict jobs. Requests work without the rest,
    which is a warning in the log: jobs wait in their table until the queue is back.
    """
    faults = [*_database(container), *_queue(container)]
    if faults:
        raise StartFault(faults)
    _cache(container)
    _objects(container)
    tell_of_missing_vectors(container)


def require_schema(container: Container) -> None:
    """Raise ``StartFault`` when the database does not answer or has another schema than ours."""
    if faults := list(_database(container)):
        raise StartFault(faults)


@contextmanager
def database_named(container: Container) -> Iterator[None]:
    """Turn a database that does not answer into a ``StartFault`` that says what was tried."""
    from sqlalchemy import exc, make_url

    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as fault:
        tried = make_url(container.database_url()).render_as_string(hide_password=True)
        why = _first_line(getattr(fault, "orig", None) or fault)
        advice = "Check DATABASE_URL and that the server runs."
        if "startup parameter" in why:
            advice = "This looks like a pooler: set DATABASE_POOLER=transaction."
        raise StartFault([f"The database does not answer. Tried {tried}: {why}. {advice}"]) from fault


def _database(container: Container) -> Iterator[str]:
    from studyteddy.adapters.postgres.migrate import schema_of

    try:
        with database_named(container):
            fault = schema_of(container.engine()).fault
    except StartFault as unreachable:
        yield from unreachable.faults
    else:
        if fault is not None:
            yield fault


def _queue(container: Container) -> Iterator[str]:
    if (redis := container.queue_redis()) is None:
        return
    from studyteddy.adapters.redis.connections import refuse_eviction

    try:
        refuse_eviction(redis)
    except Invalid as fault:
        yield fault.message
    except StudyTeddyError:
        log.warning(
            "The queue's Redis (REDIS_URL) does not answer; jobs wait in the database until it does. Tried %s",
            _without_secrets(container.settings().redis_url),
        )
    finally:
        redis.connection_pool.disconnect()


def _cache(container: Container) -> None:
    settings = container.settings()
    redis = container.cache_redis()
    if redis is None or settings.cache_url == settings.redis_url:
        return
    from redis.exceptions import RedisError

    try:
        redis.ping()
    except RedisError:
        log.warning("The cache (REDIS_CACHE_URL) does not answer. Tried %s", _without_secrets(settings.cache_url))
    finally:
        redis.connection_pool.disconnect()


def _objects(container: Container) -> None:
    with ExitStack() as opened:
        try:
            objects = container.objects()
            opened.callback(getattr(objects, "close", lambda: None))
            objects.check()
        except StudyTeddyError as fault:
            tried = _file_store(container.settings())
            log.warning("Files can't be kept or read now. Tried %s: %s", tried, fault.message)


def tell_of_missing_vectors(container: Container) -> None:
    """Log how many documents are found by their words alone, though there is an embedding model."""
    coverage = container.get_coverage()()
    if coverage is not None and coverage.lacking:
        log.warning(
            "%d documents have no vectors of EMBEDDING_MODEL, %d of them those of another model. "
            "Search finds them by their words; to embed them run: studyteddy reindex --all-users",
            coverage.lacking,
            coverage.of_another,
        )


def _file_store(settings: Settings) -> str:
    if not settings.in_bucket:
        return str(settings.home)
    return f"the bucket {settings.s3_bucket} at {settings.s3_endpoint_url or settings.s3_region}"


def _first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0].rstrip(".")


def _without_secrets(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
