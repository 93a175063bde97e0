"""What could keep Study Teddy from working here: each part is tried, and told with what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from studyteddy.entrypoints.doctor.engines import database, file_store, mail, redis_servers
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.doctor.machine import disk, free_port, home, packages, python
from studyteddy.entrypoints.doctor.reading import extraction, language_models
from studyteddy.entrypoints.doctor.settings import examined_settings

if TYPE_CHECKING:
    from studyteddy.entrypoints.settings import Settings


def examine(port: int | None = None) -> Iterator[Finding]:
    """Try everything, one part after the other. What rests on a part that is broken is left out."""
    yield python(sys.version_info[:2])
    settings: list[Settings] = []
    yield from examined_settings(settings)
    if not settings:
        return
    chosen = settings[0] if port is None else settings[0].model_copy(update={"port": port})
    where = home(chosen.home)
    yield where
    yield disk(chosen.home)
    yield from packages(chosen)
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Profile

    container = Container(settings=chosen)
    try:
        if where.well or chosen.database_url is not None:
            yield from database(container)
        yield from redis_servers(container)
        if chosen.in_bucket:
            yield file_store(container)
        yield mail(container)
        yield extraction(container)
        yield from language_models(container)
    finally:
        container.shutdown_resources()
    yield free_port(chosen.host, chosen.port)
    if chosen.profile is Profile.PRODUCTION:
        yield free_port(chosen.host, chosen.port + 1, part="port of sockets")
