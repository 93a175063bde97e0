"""Logs as JSON lines on standard error, each with the id of its request or job; libraries' logs as well."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, Processor

from studyteddy.application.ports.jobs import Job

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Without the values of variables: passwords, tokens and what people write belong in no log.
_TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))

_JSON = structlog.processors.JSONRenderer()
HIDDEN = "***"
_SECRET_NAMES = re.compile(r"password|secret|token(?!s)|authorization|cookie|api_?key|\bdsn\b|ticket", re.IGNORECASE)
_SECRETS = re.compile(
    r"(?P<login>://[^:/@\s\"]*):[^@/\s\"]+@"  # of an address
    r"|(?P<scheme>Bearer|Basic)\s+[\w.~+/=-]+"
    r"|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"  # a signed token
    r"|sk-[\w-]{16,}"  # a key of a model provider
    r"|teddy_[\w-]{8,}"  # an API token
    r"|ticket\.[\w-]{16,}"  # of a socket, as a subprotocol
    r"|\b[0-9a-f]{32}\.[\w-]{20,}",  # a refresh token
    re.IGNORECASE,
)


def _hide_named_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name in event:
        if _is_secret(name):
            event[name] = HIDDEN
    return event


@cache
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _rendered(logger: object, method: str, event: EventDict) -> str:
    """One line of JSON. No secret is logged on purpose, but the faults of drivers and libraries may carry them."""
    return _SECRETS.sub(_hidden, str(_JSON(logger, method, event)))


def _hidden(found: re.Match[str]) -> str:
    if found["login"] is not None:
        return f"{found['login']}:{HIDDEN}@"
    return f"{found['scheme']} {HIDDEN}" if found["scheme"] else HIDDEN


def configure_logging(level: str) -> None:
    """Called once by each process before it does anything else."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _TRACEBACKS,
            _hide_named_secrets,
            _rendered,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":
        logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every start that there is nothing to do
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def request_at_hand() -> str | None:
    """The id of the request that this thread works for, also when a worker does so later."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return request_id if isinstance(request_id, str) else None


@contextmanager
def job_context(job: Job) -> Iterator[None]:
    """What is logged meanwhile names the job, whose it is, and the request that asked for it."""
    names = {"job_id": str(job.id), "job_kind": str(job.kind), "request_id": job.request_id, "user_id": str(job.owner)}
    with structlog.contextvars.bound_contextvars(**names):
        yield
