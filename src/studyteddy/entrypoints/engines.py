"""Which adapter stands behind which port, by the settings.

What an engine of its own needs (Redis, Celery, S3, a model's SDK) is imported only where the settings ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from studyteddy.adapters.bcrypt_passwords import BcryptPasswords
from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.presence import InMemoryPresence
from studyteddy.adapters.key_files import KeyFiles
from studyteddy.adapters.leased_limits import LeasedLimits
from studyteddy.adapters.outbox import GuardedSender, Outbox
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.adapters.postgres.session_defaults import keep_session_defaults
from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.application.analytics import Figures, FiguresOf
from studyteddy.application.outbox import NoteSentJobs, SendWaitingJobs
from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.events import Events
from studyteddy.application.ports.identity_provider import IdentityProvider
from studyteddy.application.ports.mailer import Mailer
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.application.ports.presence import Presence
from studyteddy.application.ports.rate_limits import RateLimits
from studyteddy.application.ports.security import PasswordHasher
from studyteddy.application.ports.text_extractor import TextExtractor
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.entrypoints import plugins
from studyteddy.entrypoints.greenlets import cooperative
from studyteddy.entrypoints.home import SIGNING_SECRET, signing_secret
from studyteddy.entrypoints.settings import Pooler, Profile, Settings

if TYPE_CHECKING:
    from redis import Redis

    from studyteddy.adapters.mail.smtp import SmtpMailer

F = TypeVar("F", bound=Figures)


def database_at(settings: Settings, home: Path) -> Iterator[str]:
    """The database that the settings name, else our own on the data directory."""
    if settings.database_url is not None:
        yield _by_psycopg(settings.database_url)
        return
    from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres

    with EmbeddedPostgres(home / "postgres") as url:
        yield url


def _by_psycopg(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def pool_on(settings: Settings, url: str) -> sa.Engine:
    """A pool of the size and kind that the settings name. Nothing is connected yet."""
    pooler = settings.database_pooler is Pooler.TRANSACTION
    return open_engine(url, pool_size=settings.database_pool_size, pooler=pooler)


def opened_engine(settings: Settings, url: str) -> Iterator[sa.Engine]:
    """A pool on a database. The embedded profile brings its schema up to date; in production ``migrate`` does."""
    engine = pool_on(settings, url)
    if settings.profile is Profile.EMBEDDED:
        bring_up_to_date(settings, engine)
    yield engine
    engine.dispose()


def direct_engine(settings: Settings, url: str) -> Iterator[sa.Engine]:
    """Two connections for what takes long and needs the server itself, around a pooler where a way is named."""
    direct, few = settings.database_direct_url, settings.model_copy(update={"database_pool_size": 1})
    engine = open_engine(_by_psycopg(direct), pool_size=1) if direct else pool_on(few, url)
    yield engine
    engine.dispose()


def spare_engine(settings: Settings, engine: sa.Engine) -> Iterator[sa.Engine]:
    """Two connections for those who watch the server, since a busy pool is not a database that is gone."""
    few = settings.model_copy(update={"database_pool_size": 1})
    spare = pool_on(few, engine.url.render_as_string(hide_password=False))
    yield spare
    spare.dispose()


def bring_up_to_date(settings: Settings, engine: sa.Engine) -> None:
    """The newest schema, made around a pooler where a way is named; and behind one, the defaults of each connection."""
    if settings.database_direct_url is None:
        _make_ready(settings, engine, None)
        return
    direct = open_engine(_by_psycopg(settings.database_direct_url), pool_size=1)
    try:
        _make_ready(settings, direct, engine.url.username)
    finally:
        direct.dispose()


def _make_ready(settings: Settings, engine: sa.Engine, role: str | None) -> None:
    migrate(engine)
    if settings.database_pooler is Pooler.TRANSACTION:
        keep_session_defaults(engine, role)


def signing_key(settings: Settings, home: Path) -> str:
    return settings.jwt_secret.get_secret_value() if settings.jwt_secret else signing_secret(home)


def key_files(settings: Settings, home: Path) -> KeyFiles:
    """The keys that were made here; a secret that is a setting is kept by whoever keeps the settings."""
    return KeyFiles(home, () if settings.jwt_secret else (SIGNING_SECRET,))


def passwords(settings: Settings) -> PasswordHasher:
    """bcrypt; beside the hub where greenlets share one thread."""
    hasher = BcryptPasswords(settings.bcrypt_rounds)
    if not cooperative():
        return hasher
    from studyteddy.adapters.hub_passwords import HubPasswords

    return HubPasswords(hasher)


def extractor(settings: Settings) -> TextExtractor:
    """What reads documents: our own readers, each document in a process of its own, unless another is chosen."""
    if (name := settings.text_extractor) is not None:
        extractor: TextExtractor = plugins.made(plugins.Group.TEXT_EXTRACTORS, name, setting="TEXT_EXTRACTOR")
        return extractor
    return SandboxedExtractor()


def redis_at(url: str | None) -> Redis | None:
    """A client of a Redis, None where the settings name none. Nothing is connected yet."""
    if url is None:
        return None
    from studyteddy.adapters.redis.connections import open_redis

    return open_redis(url)


def cache(redis: Redis | None) -> Cache:
    if redis is None:
        return InMemoryCache()
    from studyteddy.adapters.redis.cache import RedisCache

    return RedisCache(redis)


def units_of_work(stored: UnitOfWorkFactory, redis: Redis | None, cache: Cache) -> UnitOfWorkFactory:
    """Where several processes keep figures, units of work that make them void; a process alone computes them anew."""
    if redis is None:
        return stored
    from studyteddy.adapters.cached_analytics import forgetting_figures

    return forgetting_figures(stored, cache)


def figures(compute: FiguresOf[F], kind: type[F], redis: Redis | None, cache: Cache, clock: Clock) -> FiguresOf[F]:
    """A use case of analytics, with its answers kept for a while where several processes work together."""
    if redis is None:
        return compute
    from studyteddy.adapters.cached_analytics import CachedFigures

    return CachedFigures(compute, kind, cache, clock)


def presence(redis: Redis | None) -> Presence:
    if redis is None:
        return InMemoryPresence()
    from studyteddy.adapters.redis.presence import RedisPresence

    return RedisPresence(redis)


def request_limits(redis: Redis | None, limits: RateLimits) -> RateLimits:
    """For what every request is counted by: a network is asked for a handful at a time."""
    return limits if redis is None else LeasedLimits(limits)


def rate_limits(redis: Redis | None) -> RateLimits:
    from studyteddy.adapters.rate_limits import SlidingWindowLimits

    return SlidingWindowLimits(redis)


def events(redis: Redis | None) -> Events:
    if redis is None:
        return InMemoryEvents()
    from studyteddy.adapters.redis.events import RedisEvents

    return RedisEvents(redis)


def objects(settings: Settings, home: Path) -> ObjectStore:
    """The bucket that the settings name, else a folder of the data directory."""
    if not settings.in_bucket:
        return DiskObjects.open_directory(home / "objects")
    from studyteddy.adapters.s3_objects import S3Objects

    access, secret = settings.s3_access_key, settings.s3_secret_key
    return S3Objects.open_bucket(
        settings.s3_bucket or "",
        region=settings.s3_region,
        endpoint_url=settings.s3_endpoint_url,
        access_key=access.get_secret_value() if access else None,
        secret_key=secret.get_secret_value() if secret else None,
    )


def google(settings: Settings) -> IdentityProvider | None:
    """Google, where the settings say how it knows us; nothing is asked yet."""
    if settings.google_client_id is None or settings.google_client_secret is None:
        return None
    from studyteddy.adapters.google_identity import GoogleIdentity

    return GoogleIdentity(
        client_id=settings.google_client_id,
        client_secret=settings.google_client_secret.get_secret_value(),
        redirect_uri=f"{settings.address}/{settings.api_prefix.strip('/')}/auth/google/callback",
        issuer=settings.google_issuer,
    )


def mailer(settings: Settings, home: Path, clock: Clock) -> Mailer:
    """The mail server that the settings name, else files in the data directory."""
    if settings.smtp_url is None:
        from studyteddy.adapters.mail.logged import LoggedMailer

        return LoggedMailer(home / "outbox", clock=clock)
    return mail_server(settings, clock)


def mail_server(settings: Settings, clock: Clock) -> SmtpMailer:
    """The mail server that the settings name. Nothing is connected yet."""
    from studyteddy.adapters.mail.server import mail_server, sender
    from studyteddy.adapters.mail.smtp import SmtpMailer

    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    return SmtpMailer(mail_server(url), mail_from=sender(settings.mail_from or ""), clock=clock)


def shared(settings: Settings, url: str | None) -> str | None:
    """A Redis of the settings, where several processes work together; a process alone needs none."""
    return url if settings.profile is Profile.PRODUCTION else None


def wake_ups(settings: Settings) -> GuardedSender:
    """What puts messages for the workers on the queue. Nothing is connected yet."""
    from studyteddy.adapters.celery_jobs.app import celery_app
    from studyteddy.adapters.celery_jobs.sender import CelerySender

    return GuardedSender(CelerySender(celery_app(settings.redis_url or "")))


def outbox(settings: Settings, send: GuardedSender, send_waiting: SendWaitingJobs, note_sent: NoteSentJobs) -> Outbox:
    """The thread that tells the workers; it looks for what was not sent several times within a lease."""
    sweep_every = settings.job_lease.total_seconds() / 6
    return Outbox(send, send_waiting=send_waiting, note_sent=note_sent, sweep_every=sweep_every)
