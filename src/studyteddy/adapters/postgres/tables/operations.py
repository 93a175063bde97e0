"""The table of what is done to the server from time to time."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import instant, metadata

operations = sa.Table("operations", metadata, sa.Column("name", sa.Text, primary_key=True), instant("done_at"))
