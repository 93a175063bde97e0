"""What could keep Study Teddy from working here: each part is tried, and told with what to do about it."""

from __future__ import annotations

import io
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from studyteddy.domain.errors import StudyTeddyError, Unavailable
from studyteddy.entrypoints.faults import SettingsFault

if TYPE_CHECKING:
    import sqlalchemy as sa
    from redis import Redis

    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Provider, Settings

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
_SAMPLE = b"# Tides\n\nThe moon pulls the sea towards it.\n"
_PATIENCE = 3.0
ENV_FILE = Path(".env")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, whether it is well, and what was found or what to do."""

    part: str
    well: bool
    words: str


def examine(port: int | None = None) -> Iterator[Finding]:
    """Try everything, one part after the other. What rests on a part that is broken is left out."""
    yield python(sys.version_info[:2])
    settings: list[Settings] = []
    yield from _settings(settings)
    if not settings:
        return
    chosen = settings[0] if port is None else settings[0].model_copy(update={"port": port})
    where = home(chosen.home)
    yield where
    yield disk(chosen.home)
    from studyteddy.entrypoints.container import Container

    container = Container(settings=chosen)
    try:
        if where.well or chosen.database_url is not None:
            yield from database(container)
        yield from redis_servers(container)
        if chosen.in_bucket:
            yield file_store(container)
        yield extraction(container)
        yield from language_models(container)
    finally:
        container.shutdown_resources()
    yield free_port(chosen.host, chosen.port)


def python(version: tuple[int, ...]) -> Finding:
    found = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return Finding("Python", False, f"{found} is too old; install 3.11 or newer")
    return Finding("Python", True, found)


def _settings(read: list[Settings]) -> Iterator[Finding]:
    """A line for each setting that is stated or wrong; the settings go to ``read`` when all are right."""
    from studyteddy.entrypoints.settings import Settings, load_settings

    wrong: dict[str, str] = {}
    try:
        read.append(load_settings())
    except SettingsFault as faults:
        wrong = {name: words for name, _, words in (fault.partition(": ") for fault in faults.faults)}
    stated = _stated()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        names = [alias] if isinstance(alias, str) else [str(name) for name in getattr(alias, "choices", ())]
        name = next((name for name in names if name in stated), None)
        fault = next((words for other, words in wrong.items() if other in names), None)
        if fault is not None:
            label = name or next(other for other in wrong if other in names)
            yield Finding(f"setting {label}", False, fault)
        elif name is not None:
            yield Finding(f"setting {name}", True, f"from {stated[name]}")


def _stated() -> dict[str, str]:
    """Where each variable comes from; the environment goes before the file."""
    from dotenv import dotenv_values

    file = {name.upper(): str(ENV_FILE) for name, value in dotenv_values(ENV_FILE).items() if value}
    return file | {name.upper(): "the environment" for name, value in os.environ.items() if value}


def home(directory: Path) -> Finding:
    """Whether files can be made in the data directory; it is not made just to see."""
    existing = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as fault:
        advice = "give it to the user who runs Study Teddy, or set STUDYTEDDY_HOME to another one"
        return Finding("data directory", False, f"{directory} can't be written ({fault.strerror}); {advice}")
    return Finding("data directory", True, str(directory))


def disk(directory: Path, least: int = LEAST_FREE_BYTES) -> Finding:
    existing = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free
    words = f"{free / 1e9:.1f} GB free"
    if free < least:
        return Finding("disk", False, f"{words}; make room for at least {least / 1e9:.0f} GB")
    return Finding("disk", True, words)


def database(container: Container) -> Iterator[Finding]:
    """Server, extension and schema. Nothing is changed, except that an embedded server is started for the while."""
    from studyteddy.adapters.postgres.engine import database_faults
    from studyteddy.adapters.postgres.migrate import current_revision
    from studyteddy.entrypoints.engines import pool_on

    try:
        engine = pool_on(container.settings(), container.database_url())
        with database_faults(), engine.connect() as connection:
            server = connection.exec_driver_sql("show server_version").scalar_one()
    except StudyTeddyError as fault:
        advice = "" if container.settings().database_url is None else " Check DATABASE_URL and that the server runs."
        yield Finding("database", False, fault.message + advice)
        return
    yield Finding("database", True, f"PostgreSQL {server}")
    yield _vectors(engine)
    schema = _schema(engine)
    yield schema
    if schema.well and current_revision(engine) is not None:
        yield from _coverage(container, engine)
    engine.dispose()


def _vectors(engine: sa.Engine) -> Finding:
    query = "select default_version, installed_version from pg_available_extensions where name = 'vector'"
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query).one_or_none()
    if found is None:
        advice = "install pgvector there, then: create extension vector"
        return Finding("extension vector", False, f"the database server has no pgvector; {advice}")
    available, installed = found
    return Finding("extension vector", True, installed or f"{available}, made with the tables")


def _schema(engine: sa.Engine) -> Finding:
    from studyteddy.adapters.postgres.migrate import current_revision, known_revisions

    current, known = current_revision(engine), known_revisions()
    if current is None:
        return Finding("tables", True, "none yet; the first start makes them")
    if current == known[0]:
        return Finding("tables", True, f"at the newest revision, {current}")
    if current in known:
        return Finding("tables", False, f"at {current} instead of {known[0]}; run: studyteddy migrate")
    return Finding("tables", False, f"made by a newer Study Teddy ({current}); update this one")


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


def extraction(container: Container) -> Finding:
    """Read a tiny document the way that every document is read."""
    from studyteddy.application.ports.text_extractor import ExtractionFailed
    from studyteddy.domain.documents import MediaType

    try:
        sections = list(container.extractor().extract(io.BytesIO(_SAMPLE), MediaType.MARKDOWN).sections)
    except (ExtractionFailed, StudyTeddyError, OSError, ImportError) as fault:
        advice = "install studyteddy[server] anew, and let it start processes"
        return Finding("reading documents", False, f"it does not work here ({fault}); {advice}")
    well = any("The moon pulls the sea" in section.text for section in sections)
    return Finding("reading documents", well, "works" if well else "a sample came out wrong; install studyteddy anew")


def language_models(container: Container) -> Iterator[Finding]:
    """What may answer, in the order in which it is asked."""
    settings = container.settings()
    if settings.chat_plugin is not None:
        yield _plugin(container, settings.chat_plugin)
    elif not settings.providers:
        yield Finding("language model", True, "none is set; the tutor quotes")
    for provider in settings.providers:
        yield _model_server(settings, provider)


def _model_server(settings: Settings, provider: Provider) -> Finding:
    """Ask a configured server for its models, which costs nothing."""
    from studyteddy.entrypoints.language_models import chat_model_name, model_connection

    try:
        model, connection = chat_model_name(settings, provider), model_connection(settings, provider)
        with closing(connection):
            offered = connection.guarded(
                lambda: sorted(one.id for one in connection.client().models.list()), setting="CHAT_MODEL"
            )
    except StudyTeddyError as fault:
        return Finding("language model", False, fault.message)
    if model not in offered:
        others = ", ".join(offered[:5]) or "nothing"
        return Finding("language model", False, f"the server has no {model}; set CHAT_MODEL to one of: {others}")
    return Finding("language model", True, f"{model} at {connection.provider.base_url}")


def _plugin(container: Container, name: str) -> Finding:
    try:
        return Finding("language model", True, f"{container.chat_model().name}, by the plug-in {name}")
    except SettingsFault as fault:
        return Finding("language model", False, str(fault))


def free_port(host: str, port: int) -> Finding:
    """Whether the port can be listened on; a Study Teddy that runs there already is fine."""
    if _teddy_answers(host, port):
        return Finding("port", True, f"Study Teddy runs at http://{host}:{port}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as fault:
            advice = f"end what listens there, or choose another: PORT={port + 1}"
            return Finding("port", False, f"{port} on {host} can't be used ({fault.strerror}); {advice}")
    return Finding("port", True, f"{port} on {host} is free")


def _teddy_answers(host: str, port: int) -> bool:
    with closing(HTTPConnection(host, port, timeout=_PATIENCE)) as http:
        try:
            http.request("GET", "/health/live")
            answer = http.getresponse()
            return answer.status == HTTPStatus.OK and answer.read(100).strip().startswith(b'{"status":"ok"')
        except (OSError, HTTPException):
            return False
