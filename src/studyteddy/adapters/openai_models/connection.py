"""The way to a model server: one client, its time-outs and its retries, shared by chat and embeddings."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from studyteddy.adapters.openai_models.providers import Provider
from studyteddy.domain.errors import Invalid, RateLimited, Unavailable

if TYPE_CHECKING:
    from openai import OpenAI

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


MAX_WAIT = 10.0
"""Seconds. A provider that asks for more patience than this gets its retry from the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: to connect, of silence (``None``: the provider's), and for a whole answer with its retries.

    The total is looked at whenever something arrives, so it can be overrun by one silence.
    """

    connect: float = 3.0
    read: float | None = None
    total: float = 300.0


class OpenAIConnection:
    """Makes its client at the first call; safe to share between threads; ``close`` ends it for good.

    ``max_retries`` are made only while nothing has been heard of an answer, and only after failures that pass:
    no connection, a broken one, 429 and 5xx. A provider's ``Retry-After`` is waited for, plus a random part of
    0.5 s * 2^n so that many clients don't come back at once. Silence (a read time-out) isn't tried again, and a
    provider that asks for more seconds than ``patience`` gets its retry from the caller.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        api_key: str | None = None,
        timeouts: Timeouts | None = None,
        max_retries: int = 2,
        patience: float = MAX_WAIT,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Raises ``Invalid`` when the key can't be one or the package ``openai`` is missing."""
        key = (api_key or "").strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise Invalid.field(provider.key_setting, f"{provider.key_setting} holds characters that no key has.")
        if find_spec("openai") is None:
            raise Invalid("Install studyteddy[openai] to use a model server.")
        self.provider = provider
        self._key = key
        self._timeouts = timeouts or Timeouts()
        self._max_retries = max_retries
        self._patience = patience
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._lock = threading.Lock()
        self._client: OpenAI | None = None
        self._closed = False

    def client(self) -> OpenAI:
        """The SDK's client. Raises ``Unavailable`` after ``close``."""
        with self._lock:
            if self._closed:
                raise Unavailable("The connection to the model provider is closed.", code="provider_unavailable")
            if self._client is None:
                self._client = self._made()
            return self._client

    def close(self) -> None:
        """Close all connections; an answer that is still coming in breaks off. May be called twice."""
        with self._lock:
            client, self._client, self._closed = self._client, None, True
        if client is not None:
            client.close()

    def guarded(self, call: Callable[[], _Result], *, setting: str) -> _Result:
        """What ``call`` returns, its failures translated; ``setting`` names the one that chose the model."""
        import openai

        from studyteddy.adapters.openai_models.errors import translated

        try:
            return call()
        except (openai.OpenAIError, ValueError) as error:  # ValueError: JSON or UTF-8 that is none
            failure = translated(error, self.provider, setting, self._key)
        except RuntimeError:
            if not self._closed:
                raise
            failure = Unavailable("The connection to the model provider was closed.", code="provider_unavailable")
        # Raised out here, the failure does not drag along the SDK's error, which holds the request and its key.
        raise failure

    def retried(self, attempt: Callable[[], _Result]) -> _Result:
        """What ``attempt`` returns, tried again after failures that pass."""
        give_up = self._monotonic() + self._timeouts.total
        retries = 0
        while True:
            try:
                return attempt()
            except (RateLimited, Unavailable) as failure:
                wait = failure.retry_after + 0.5 * 2**retries * self._jitter()
                if (
                    retries >= self._max_retries
                    or self._closed
                    or failure.retry_after > self._patience
                    or self._monotonic() + wait > give_up
                ):
                    raise
                _log.info("%s failed (%s); next try in %.1f s", self.provider.name, failure.code, wait)
            retries += 1
            self._sleep(wait)

    def _made(self) -> OpenAI:
        import httpx2
        from openai import OpenAI

        from studyteddy.adapters.openai_models.bounded import bounding

        limits = self._timeouts
        silence = self.provider.read_timeout if limits.read is None else limits.read
        timeout = httpx2.Timeout(min(silence, limits.total), connect=limits.connect)
        http = httpx2.Client(
            timeout=timeout,
            trust_env=not self.provider.local,  # a proxy would not find this machine's own servers
            # Plain HTTP has no certificates to check (redirects aren't followed), and the trust store loads slowly.
            verify=not self.provider.base_url.startswith("http:"),
            event_hooks={"response": [bounding(limits.total, self._monotonic)]},
        )
        client = OpenAI(
            # Servers without keys want no header to be missing.
            api_key=self._key or "none",
            base_url=self.provider.base_url,
            timeout=timeout,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=http,
        )
        if self.provider.name != "openai":
            # The SDK takes these from the environment; they are nobody else's business.
            client.organization = client.project = None
        return client
