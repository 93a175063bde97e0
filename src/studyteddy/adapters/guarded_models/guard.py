"""What all guarded models share: who may ask now, and which failures are the provider's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, Unavailable


@contextmanager
def guarded(breaker: CircuitBreaker) -> Iterator[None]:
    """Report to ``breaker`` how the work within went. Raises ``Unavailable`` at once while it is open.

    A provider that refuses a prompt or a key has answered, so that is no failure of its own. Nothing is reported of
    work that was broken off from outside.
    """
    if not breaker.allows():
        raise Unavailable(
            "The model provider has failed several times and is left alone for a moment; try again later.",
            code="provider_unavailable",
            retry_after=max(1.0, breaker.remaining()),
        )
    try:
        yield
    except RateLimited as fault:
        breaker.failed(pause=fault.retry_after)
        raise
    except Unavailable:
        breaker.failed()
        raise
    except (Invalid, NotAllowed):
        breaker.succeeded()
        raise
    else:
        breaker.succeeded()
