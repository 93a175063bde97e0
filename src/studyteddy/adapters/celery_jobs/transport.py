"""Kombu's way to Redis, which outlives what is no message at all. As it comes, one such line ends the worker."""

from __future__ import annotations

import logging
from queue import Empty
from typing import Any

from kombu.transport import redis

log = logging.getLogger(__name__)


class Channel(redis.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc] # the stubs leave it out
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            # It is off the queue already. If it was about a job, the job's row has it sent again.
            log.warning("something that is no message was dropped from the queue: %r", fault)
            raise Empty from None


class Transport(redis.Transport):
    Channel = Channel
