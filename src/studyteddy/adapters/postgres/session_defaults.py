"""Time-outs and time zone behind a pooler, which takes no options when a connection starts."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.engine import SESSION_DEFAULTS

_HELD = sa.text("""
    select setconfig from pg_db_role_setting
    where setdatabase = (select oid from pg_database where datname = current_database())
        and setrole = (select oid from pg_roles where rolname = current_user)
""")


def keep_session_defaults(engine: sa.Engine) -> None:
    """Write them down for our role in this database, where PostgreSQL reads them whenever a connection begins.

    Every role may do that for itself. What a pooler had opened before keeps its old defaults, except for the one
    connection that this runs on.
    """
    with engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('studyteddy.migrations'))"))
        held = {setting.casefold() for setting in connection.scalar(_HELD) or ()}
        named = connection.execute(sa.text("select quote_ident(current_database())")).scalar_one()
        for name, value in SESSION_DEFAULTS.items():
            if f"{name}={value}".casefold() not in held:
                connection.exec_driver_sql(f"alter role current_user in database {named} set {name} to '{value}'")
                connection.execute(sa.select(sa.func.set_config(name, value, False)))
