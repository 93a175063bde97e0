"""Time-outs and time zone behind a pooler, which takes no options when a connection starts."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from psycopg import errors
from sqlalchemy import exc

from studyteddy.adapters.postgres.engine import SESSION_DEFAULTS

log = logging.getLogger(__name__)

_ROLE = "coalesce(cast(:role as text), current_user)"
_NAMES = sa.text(f"select quote_ident({_ROLE}), quote_ident(current_database())")
_HELD = sa.text(f"""
    select setconfig from pg_db_role_setting
    where setdatabase = (select oid from pg_database where datname = current_database())
        and setrole = (select oid from pg_roles where rolname = {_ROLE})
""")  # noqa: S608 - a constant of this file


def keep_session_defaults(engine: sa.Engine, role: str | None = None) -> bool:
    """Write them down for a role (ours by default) in this database, where PostgreSQL reads them at each connection.

    Every role may do that for itself; False, and a warning that says what to do, where we may not for another one.
    What a pooler had opened before keeps its old defaults until it is told to reconnect.
    """
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('studyteddy.migrations'))"))
            held = {setting.casefold() for setting in connection.scalar(_HELD, {"role": role}) or ()}
            whose, where = connection.execute(_NAMES, {"role": role}).one()
            for name, value in SESSION_DEFAULTS.items():
                if f"{name}={value}".casefold() not in held:
                    connection.exec_driver_sql(f"alter role {whose} in database {where} set {name} to '{value}'")
    except exc.ProgrammingError as fault:
        if not isinstance(fault.orig, errors.InsufficientPrivilege):
            raise
        log.warning("The time-outs of the role %s can't be set by this one. Run migrate as %s once.", role, role)
        return False
    return True
