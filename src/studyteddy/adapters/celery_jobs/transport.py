"""Kombu's way to Redis, which outlives what is no message at all, and a Redis that dies between two words.

As it comes, a line that is no message ends the worker, and a message that could not be taken off the queue keeps its
place among those that are worked on: after as many deaths of Redis as there are places, the worker waits for ever.
"""

from __future__ import annotations

import logging
from queue import Empty
from typing import Any

from kombu.transport import redis, virtual

log = logging.getLogger(__name__)


class QoS(redis.QoS):
    """The messages that are worked on, at most as many as the prefetch count. One that is done leaves, whether Redis
    could be told or not.

    Redis gives what it wasn't told about to somebody again, much later; the job's row tells that there is nothing left
    to do.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc] # the stubs leave it out
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            # It is off the queue already. If it was about a job, the job's row has it sent again.
            log.warning("something that is no message was dropped from the queue: %r", fault)
            raise Empty from None


class Transport(redis.Transport):
    Channel = Channel
