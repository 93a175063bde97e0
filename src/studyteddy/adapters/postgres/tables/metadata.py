"""The catalogue that all tables belong to, and the column types they share."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INSTANT = TIMESTAMP(timezone=True)
ID = UUID(as_uuid=True)
JSON = JSONB(none_as_null=True)
# Byte order of UTF-8 is code point order, which is how Python compares: both adapters sort alike.
SORTED_TEXT = sa.Text(collation="C")


def id_column() -> sa.Column[object]:
    return sa.Column("id", ID, primary_key=True)


def owner_column() -> sa.Column[object]:
    return sa.Column("owner", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=nullable)


def version_column() -> sa.Column[object]:
    return sa.Column("version", sa.Integer, nullable=False)
