"""After which failures the next in a chain is asked, and how the log tells of it."""

from __future__ import annotations

import logging

from studyteddy.domain.errors import NotAllowed, RateLimited, StudyTeddyError, Unavailable

FAILURES = (Unavailable, RateLimited, NotAllowed)

log = logging.getLogger(__name__)


def tell(fault: StudyTeddyError, what: str) -> None:
    """A rejected key will not mend by itself, so it is an error; the rest passes."""
    level = logging.ERROR if isinstance(fault, NotAllowed) else logging.WARNING
    log.log(level, "%s (%s): %s", what, fault.code, fault.message)
