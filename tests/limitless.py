"""Settings for tests in which many people register and log in from one address, over and over."""

from __future__ import annotations

LIMITLESS = dict.fromkeys(
    (
        "STUDYTEDDY_LOGINS_PER_5_MINUTES",
        "STUDYTEDDY_REGISTRATIONS_PER_HOUR",
        "STUDYTEDDY_REQUESTS_PER_MINUTE",
    ),
    "1000000",
)
