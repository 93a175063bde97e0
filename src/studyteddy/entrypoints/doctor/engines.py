"""The engines that stand elsewhere: each is asked, nothing is changed that is not changed back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from studyteddy.domain.errors import StudyTeddyError, Unavailable
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.faults import SettingsFault, StartFault
from studyteddy.entrypoints.settings import Pooler, Profile, Settings

if TYPE_CHECKING:
    import sqlalchemy as sa
    from redis import Redis

    from studyteddy.entrypoints.container import Container

_SAMPLE = b"Tides\n"


def database(container: Container) -> Iterator[Finding]:
    """Server, extension and schema. Nothing is changed, except that an embedded server is started for the while."""
    from studyteddy.adapters.postgres.migrate import current_revision
    from studyteddy.entrypoints.engines import pool_on
    from studyteddy.entrypoints.start_checks import database_named

    try:
        with database_named(container):
            engine = pool_on(container.settings(), container.database_url())
            with engine.connect() as connection:
                server = connection.exec_driver_sql("show server_version").scalar_one()
    except StartFault as fault:
        yield Finding("database", False, fault.faults[0])
        return
    except StudyTeddyError as fault:  # of an embedded one
        yield Finding("database", False, fault.message)
        return
    yield Finding("database", True, f"PostgreSQL {server}")
    yield from _pooler(container.settings())
    yield _vectors(engine)
    schema = _schema(container.settings(), engine)
    yield schema
    if schema.well and current_revision(engine) is not None:
        yield from _coverage(container, engine)
    engine.dispose()


def _pooler(settings: Settings) -> Iterator[Finding]:
    if settings.database_pooler is not Pooler.TRANSACTION:
        return
    direct = settings.database_direct_url is not None
    way = "by DATABASE_DIRECT_URL" if direct else "through it, too; DATABASE_DIRECT_URL can name a way around it"
    yield Finding("pooler", True, f"in transaction mode; migrations go {way}")


def _vectors(engine: sa.Engine) -> Finding:
    query = "select default_version, installed_version from pg_available_extensions where name = 'vector'"
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query).one_or_none()
    if found is None:
        advice = "install pgvector there, then: create extension vector"
        return Finding("extension vector", False, f"the database server has no pgvector; {advice}")
    available, installed = found
    return Finding("extension vector", True, installed or f"{available}, made with the tables")


def _schema(settings: Settings, engine: sa.Engine) -> Finding:
    from studyteddy.adapters.postgres.migrate import schema_of

    schema = schema_of(engine)
    if schema.current is None and settings.profile is Profile.EMBEDDED:
        return Finding("tables", True, "none yet; the first start makes them")
    if schema.fault is not None:
        return Finding("tables", False, schema.fault)
    return Finding("tables", True, f"at the newest revision, {schema.current}")


def _coverage(container: Container, engine: sa.Engine) -> Iterator[Finding]:
    """Whether all documents can be found by meaning, where there is a model for it."""
    from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
    from studyteddy.application.documents.reindexing import GetCoverage

    try:
        embedder = container.embedder()
    except (SettingsFault, StudyTeddyError) as fault:
        yield Finding("embedding model", False, str(fault))
        return
    coverage = GetCoverage(unit_of_work=partial(PostgresUnitOfWork, engine), embedder=embedder)()
    if embedder is None or coverage is None:
        return
    if coverage.lacking:
        words = (
            f"{coverage.lacking} documents have none of {embedder.model} ({coverage.of_another} of them have those of "
            "another model) and are found by their words; run: studyteddy reindex --all-users"
        )
        yield Finding("vectors", False, words)
    else:
        yield Finding("vectors", True, f"all documents have those of {embedder.model}")


def redis_servers(container: Container) -> Iterator[Finding]:
    """The Redis of the queue, which must not evict, and that of the caches, where there is one."""
    queue, caches = container.queue_redis(), container.cache_redis()
    if queue is None or caches is None:
        return
    from studyteddy.adapters.redis.connections import refuse_eviction

    yield _redis("queue", "REDIS_URL", queue, refuse_eviction)
    if container.settings().redis_cache_url is None:
        yield Finding("caches", True, "beside the queue; REDIS_CACHE_URL can name a Redis of their own")
    else:
        yield _redis("caches", "REDIS_CACHE_URL", caches, lambda _: None)


def _redis(part: str, setting: str, client: Redis, check: Callable[[Redis], None]) -> Finding:
    from studyteddy.adapters.redis.connections import address_of, described

    try:
        found = described(client)
        check(client)
    except Unavailable as fault:
        advice = f"check {setting} and that the server runs"
        return Finding(part, False, f"{address_of(client)} does not answer ({fault.__cause__}); {advice}")
    except StudyTeddyError as fault:
        return Finding(part, False, fault.message)
    return Finding(part, True, f"{found} at {address_of(client)}")


def file_store(container: Container) -> Finding:
    """Keep a tiny object in the bucket, read it and delete it."""
    settings, key = container.settings(), str(container.new_id()())
    try:
        objects = container.objects()
        objects.check()
        objects.put(key, io.BytesIO(_SAMPLE))
        with objects.open(key) as content:
            well = content.read() == _SAMPLE
        objects.delete(key)
    except ModuleNotFoundError:
        return Finding("file store", False, "boto3 is missing; install studyteddy[s3]")
    except StudyTeddyError as fault:
        tried = settings.s3_endpoint_url or f"Amazon S3 in {settings.s3_region}"
        return Finding("file store", False, f"{fault.message} (Tried the bucket {settings.s3_bucket} at {tried}.)")
    if not well:
        return Finding("file store", False, f"the bucket {settings.s3_bucket} gives back other bytes than it was given")
    return Finding("file store", True, f"the bucket {settings.s3_bucket} takes, gives and deletes files")


def mail(container: Container) -> Finding:
    """Log in at the mail server; no letter is sent."""
    from studyteddy.entrypoints.engines import mail_server

    settings = container.settings()
    if settings.smtp_url is None:
        return Finding(
            "mail server", True, f"none is set (SMTP_URL); letters become files in {settings.home / 'outbox'}"
        )
    server = mail_server(settings, container.clock())
    try:
        server.check()
    except StudyTeddyError as fault:
        return Finding("mail server", False, f"{fault.message} Check SMTP_URL. (Found: {fault.__cause__})")
    return Finding("mail server", True, f"{server.address} takes letters from {settings.mail_from}")
