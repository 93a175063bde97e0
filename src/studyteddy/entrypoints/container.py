"""The one file that knows every adapter: which of them stands behind which port, by the settings."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from dependency_injector import containers, providers

from studyteddy.adapters.bcrypt_passwords import BcryptPasswords
from studyteddy.adapters.jwt_tokens import JwtTokens
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.system_clock import new_id, new_secret, system_clock
from studyteddy.application import accounts, idempotency, study_sessions, tasks
from studyteddy.entrypoints.home import open_home, signing_secret
from studyteddy.entrypoints.settings import Settings


def _database_url(settings: Settings, home: Path) -> Iterator[str]:
    """The database that the settings name, else our own on the data directory."""
    if settings.database_url is not None:
        yield _by_psycopg(settings.database_url)
        return
    from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres

    with EmbeddedPostgres(home / "postgres") as url:
        yield url


def _by_psycopg(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def _engine(url: str) -> Iterator[sa.Engine]:
    """A pool on a database that has the newest schema."""
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


def _secret(settings: Settings, home: Path) -> str:
    return settings.jwt_secret.get_secret_value() if settings.jwt_secret else signing_secret(home)


class Container(containers.DeclarativeContainer):
    """Everything wired. ``init_resources`` opens the database; ``shutdown_resources`` closes what was opened."""

    settings = providers.Dependency(instance_of=Settings)
    clock = providers.Object(system_clock)
    new_id = providers.Object(new_id)
    new_secret = providers.Object(new_secret)

    home = providers.ThreadSafeSingleton(open_home, settings.provided.home)
    database_url = providers.Resource(_database_url, settings, home)
    engine = providers.Resource(_engine, database_url)
    unit_of_work = providers.Factory(functools.partial, PostgresUnitOfWork, engine)

    passwords = providers.ThreadSafeSingleton(BcryptPasswords, settings.provided.bcrypt_rounds)
    access_tokens = providers.ThreadSafeSingleton(
        JwtTokens, providers.Factory(_secret, settings, home), settings.provided.jwt_expiration
    )
    session_issuer = providers.Factory(
        accounts.SessionIssuer,
        access_tokens=access_tokens,
        new_secret=new_secret,
        new_id=new_id,
        clock=clock,
        refresh_lifetime=settings.provided.jwt_refresh_expiration,
    )
    admission = providers.Factory(accounts.Admission, passwords=passwords, new_id=new_id, clock=clock)

    register = providers.Factory(accounts.Register, unit_of_work=unit_of_work, admit=admission, issuer=session_issuer)
    log_in = providers.Factory(accounts.LogIn, unit_of_work=unit_of_work, passwords=passwords, issuer=session_issuer)
    refresh_session = providers.Factory(
        accounts.RefreshSession, unit_of_work=unit_of_work, issuer=session_issuer, new_secret=new_secret, clock=clock
    )
    authenticate = providers.Factory(
        accounts.Authenticate, unit_of_work=unit_of_work, access_tokens=access_tokens, clock=clock
    )
    log_out = providers.Factory(accounts.LogOut, unit_of_work=unit_of_work, clock=clock)
    list_sessions = providers.Factory(accounts.ListSessions, unit_of_work=unit_of_work, clock=clock)
    edit_profile = providers.Factory(accounts.EditProfile, unit_of_work=unit_of_work, clock=clock)
    add_user = providers.Factory(accounts.AddUser, unit_of_work=unit_of_work, admit=admission)

    take_key = providers.Factory(idempotency.TakeKey, unit_of_work=unit_of_work, clock=clock)
    keep_answer = providers.Factory(idempotency.KeepAnswer, unit_of_work=unit_of_work)

    add_task = providers.Factory(tasks.AddTask, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    get_task = providers.Factory(tasks.GetTask, unit_of_work=unit_of_work)
    list_tasks = providers.Factory(tasks.ListTasks, unit_of_work=unit_of_work)
    edit_task = providers.Factory(tasks.EditTask, unit_of_work=unit_of_work, clock=clock)
    complete_task = providers.Factory(tasks.CompleteTask, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    reopen_task = providers.Factory(tasks.ReopenTask, unit_of_work=unit_of_work, clock=clock)
    delete_task = providers.Factory(tasks.DeleteTask, unit_of_work=unit_of_work)
    parse_task = providers.Factory(tasks.ParseTask, unit_of_work=unit_of_work, clock=clock)

    start_study_session = providers.Factory(
        study_sessions.StartSession, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    change_study_session = providers.Factory(study_sessions.ChangeSession, unit_of_work=unit_of_work, clock=clock)
    get_study_session = providers.Factory(study_sessions.GetSession, unit_of_work=unit_of_work, clock=clock)
    list_study_sessions = providers.Factory(study_sessions.ListSessions, unit_of_work=unit_of_work, clock=clock)
