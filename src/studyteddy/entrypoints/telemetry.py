"""Error reports to Sentry and traces to OpenTelemetry. Neither is loaded unless the settings name where to send them.

What people wrote goes to neither: no bodies, queries, headers, addresses, names or values of variables.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, g, request

from studyteddy.application.ports.jobs import Job
from studyteddy.entrypoints.faults import SettingsFault
from studyteddy.entrypoints.logging import job_context
from studyteddy.entrypoints.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

SEND_SECONDS = 2.0
"""How long the end of a process waits until the last reports are out."""
LEFT_OUT = "(left out; the log has it)"
_TAGS = ("request_id", "job_id", "job_kind")


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What this process reports; without a tracer it draws no spans."""

    tracer: Tracer | None = None

    def watch(self, app: Flask) -> None:
        """A span for each request, named after its route."""
        if self.tracer is None:
            return
        app.before_request(self._begin)
        app.after_request(_note)
        app.teardown_request(_end)

    def _begin(self) -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        assert self.tracer is not None  # noqa: S101 - for mypy
        route = str(request.url_rule) if request.url_rule is not None else "none"
        known = {"http.request.method": request.method, "http.route": route, "request_id": g.request_id}
        g.span = self.tracer.start_span(
            f"{request.method} {route}", context=extract(request.headers), kind=SpanKind.SERVER, attributes=known
        )

    @contextmanager
    def job_context(self, job: Job) -> Iterator[None]:
        """The context of a job in the logs, and a span for it."""
        with ExitStack() as contexts:
            contexts.enter_context(job_context(job))
            if self.tracer is not None:
                known = {"job.id": str(job.id), "job.kind": str(job.kind), "request_id": job.request_id or ""}
                contexts.enter_context(self.tracer.start_as_current_span(f"job {job.kind}", attributes=known))
            yield


def started(settings: Settings) -> Iterator[Telemetry]:
    """Begin to report from this process, which forks no more. Raises ``SettingsFault`` when a package is missing."""
    require_packages(settings)
    with ExitStack() as opened:
        if settings.sentry_dsn is not None:
            opened.callback(_start_sentry(settings.sentry_dsn.get_secret_value()))
        provider = _tracing(settings.otlp_endpoint) if settings.otlp_endpoint is not None else None
        if provider is not None:
            opened.callback(provider.shutdown)
        yield Telemetry(provider.get_tracer("studyteddy") if provider is not None else None)


def require_packages(settings: Settings) -> None:
    """Raise ``SettingsFault`` when a setting asks for what is not installed."""
    asked = {
        "SENTRY_DSN": ("sentry_sdk", settings.sentry_dsn),
        "OTEL_EXPORTER_OTLP_ENDPOINT": ("opentelemetry.exporter.otlp.proto.http", settings.otlp_endpoint),
    }
    missing = [name for name, (package, value) in asked.items() if value is not None and not _installed(package)]
    if missing:
        raise SettingsFault([f"{name}: install studyteddy[observability], or leave it out" for name in missing])


def _installed(package: str) -> bool:
    with suppress(ModuleNotFoundError):  # of a package around it
        return find_spec(package) is not None
    return False


def _note(response: Response) -> Response:
    if (span := g.get("span")) is not None:
        span.set_attribute("http.response.status_code", response.status_code)
        if response.status_code >= 500:
            from opentelemetry.trace import StatusCode

            span.set_status(StatusCode.ERROR)
    return response


def _end(_fault: BaseException | None) -> None:
    if (span := g.pop("span", None)) is not None:
        span.end()


def _tracing(endpoint: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    known = Resource.create({"service.name": "studyteddy", "service.version": version("studyteddy")})
    provider = TracerProvider(resource=known, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _start_sentry(dsn: str) -> Any:
    """Report what is logged as an error with a traceback. Gives what ends it again."""
    import sentry_sdk

    sentry_sdk.init(
        dsn,
        release=f"studyteddy@{version('studyteddy')}",
        default_integrations=False,  # they read requests, and patch what they find
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        shutdown_timeout=SEND_SECONDS,
        before_send=_scrubbed,
    )
    handler = _ErrorReports(logging.ERROR)
    logging.getLogger().addHandler(handler)

    def end() -> None:
        logging.getLogger().removeHandler(handler)
        sentry_sdk.get_client().close(timeout=SEND_SECONDS)

    return end


def _scrubbed(event: Any, _hint: object) -> Any:
    """Only where it broke and in which request: the words of a fault may hold a value, such as an email address."""
    for part in ("request", "user", "extra", "breadcrumbs", "logentry", "message"):
        event.pop(part, None)
    for fault in event.get("exception", {}).get("values", []):
        fault["value"] = LEFT_OUT
    return event


class _ErrorReports(logging.Handler):
    """Hands errors that were logged with their exception to Sentry, by structlog or by a library."""

    def emit(self, record: logging.LogRecord) -> None:
        import sentry_sdk

        told = record.msg.get("exc_info") if isinstance(record.msg, dict) else record.exc_info
        fault = told[1] if isinstance(told, tuple) else told if isinstance(told, BaseException) else sys.exc_info()[1]
        if not told or fault is None:
            return
        known = structlog.contextvars.get_contextvars()
        with sentry_sdk.new_scope() as scope:
            for name in _TAGS:
                if known.get(name):
                    scope.set_tag(name, str(known[name]))
            scope.capture_exception(fault)
