"""What commands share: a container that is closed again, the account they act for, and jobs done on the spot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyteddy.application.ports.jobs import Job
    from studyteddy.domain.accounts import User
    from studyteddy.domain.ids import JobId
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Settings

LOOK_AGAIN = 0.2
"""Seconds between looks at a job that waits for another attempt, or that a server which runs beside us has taken."""


@contextmanager
def opened(settings: Settings | None = None, *, quiet: bool = True, migrated: bool = True) -> Iterator[Container]:
    """A container with its database open, closed again whatever happens.

    ``quiet`` logs warnings only, unless the settings state a level. Raises ``StartFault`` when the database does not
    answer or, with ``migrated``, has another schema than ours.
    """
    from studyteddy.entrypoints.start_checks import database_named, require_schema

    with unopened(settings, quiet=quiet) as container:
        with database_named(container):
            container.init_resources()
        if migrated:
            require_schema(container)
        yield container


@contextmanager
def unopened(settings: Settings | None = None, *, quiet: bool = True) -> Iterator[Container]:
    """A container with nothing opened yet: what is asked for is opened then, and closed again whatever happens."""
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.logging import configure_logging
    from studyteddy.entrypoints.settings import load_settings

    settings = settings or load_settings()
    stated = "log_level" in settings.model_fields_set
    configure_logging("warning" if quiet and not stated else settings.log_level)
    container = Container(settings=settings)
    try:
        yield container
    finally:
        container.shutdown_resources()


def account(container: Container, email: str) -> User:
    """The account of an address. Raises ``NotFound``, ``Invalid`` or, for a disabled one, ``NotAllowed``."""
    from studyteddy.domain.errors import NotAllowed

    user = container.find_user()(email=email)
    if user.disabled:
        raise NotAllowed(f"The account {user.email} is disabled.", code="account_disabled")
    return user


def all_accounts(container: Container) -> Iterator[User]:
    """Every account, by address."""
    from studyteddy.domain.paging import MAX_LIMIT, PageRequest

    request: PageRequest | None = PageRequest(limit=MAX_LIMIT)
    while request is not None:
        page = container.list_users()(request=request)
        yield from page.items
        request = PageRequest(limit=MAX_LIMIT, after=page.next) if page.next else None


def finished(container: Container, user: User, job_id: JobId) -> Job:
    """The job at its end: done by this process, or by a server that was quicker. Other jobs are left alone."""
    from studyteddy.application.ports.jobs import JobStatus

    run, get = container.run_next_job(), container.get_job()
    while True:
        run(job_id=job_id)
        job = get(owner=user.id, job_id=job_id)
        if job.status not in (JobStatus.QUEUED, JobStatus.RUNNING):
            return job
        time.sleep(LOOK_AGAIN)
