"""The Celery application, told to keep what it is given. Its defaults lose work; the row of a job does not."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import parse_qs, urlencode, urlsplit

from celery import Celery
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from studyteddy.application.ports.jobs import JobKind

RUN_JOB = "studyteddy.run_job"
SOCKET_SECONDS = 2.0
"""How long Redis may keep silent. Without this a hung one blocks its clients for more than a minute."""

SOFT_LIMIT = 30 * 60
HARD_LIMIT = 31 * 60
"""Seconds that a task may take in a process; below ``VISIBILITY``, after which Redis gives it to another worker."""

VISIBILITY = 60 * 60
_TRANSPORT = "studyteddy.adapters.celery_jobs.transport:Transport"
_BY_SOCKET = "studyteddy-redis"
FIRST, USUAL, LAST = 0, 3, 9
"""Priorities of messages."""


class QueueName(StrEnum):
    """Documents are read in processes, with limits on memory; what waits for models runs in threads."""

    INGEST = "ingest"
    TUTOR = "tutor"
    DEFAULT = "default"


_QUEUES: dict[str, QueueName] = {
    JobKind.INGEST_DOCUMENT: QueueName.INGEST,
    JobKind.ANSWER_QUESTION: QueueName.TUTOR,
}


def queue_of(kind: str) -> QueueName:
    """Where jobs of a kind wait; the default queue takes those that are not known here."""
    return _QUEUES.get(kind, QueueName.DEFAULT)


def celery_app(redis_url: str) -> Celery:
    """An application on the queue's Redis. Nothing is connected yet."""
    TRANSPORT_ALIASES[_BY_SOCKET] = _TRANSPORT
    app = Celery("studyteddy", broker=broker_url(redis_url), set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        # A message is taken off the queue when its task ends, and put back when the process of the task dies.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        # A lost connection to Redis is no reason to break off work whose truth lies in PostgreSQL.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        task_soft_time_limit=SOFT_LIMIT,
        task_time_limit=HARD_LIMIT,
        # The exchange without a name needs no table of bindings in Redis, which a restart could lose.
        task_queues=[Queue(name, Exchange(""), routing_key=name) for name in QueueName],
        task_default_queue=QueueName.DEFAULT,
        task_default_exchange="",
        task_default_routing_key=QueueName.DEFAULT,
        task_create_missing_queues=False,
        task_queue_max_priority=None,
        broker_transport=_TRANSPORT,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=SOCKET_SECONDS,
        broker_transport_options=_transport_options(),
        # Nobody talks to workers but through the queue, and nobody listens to what they would tell.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # A process opens its database before it takes work.
        worker_proc_alive_timeout=60,
        timezone="UTC",
        enable_utc=True,
    )
    return app


def _transport_options() -> dict[str, object]:
    return {
        "visibility_timeout": VISIBILITY,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": SOCKET_SECONDS,
        "socket_connect_timeout": SOCKET_SECONDS,
        "socket_keepalive": True,
        "priority_steps": [0, 3, 6, 9],
        "sep": ":",
        "queue_order_strategy": "priority",
        # A publisher that finds no connection says so at once; who sends decides when to try again.
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }


def broker_url(redis_url: str) -> str:
    """A Redis URL in Celery's words, which differ for Unix sockets."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"{_BY_SOCKET}+socket://{login}{parts.path}?{urlencode({'virtual_host': database})}"
