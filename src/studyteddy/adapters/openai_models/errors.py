"""The provider's failures in the words of the core. Imported lazily: it brings the SDK.

Whatever a provider says is untrusted and may repeat the key, so only a short, cleaned excerpt of it is passed on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from studyteddy.adapters.openai_models.bounded import AnswerTooLong
from studyteddy.adapters.openai_models.providers import Provider
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, StudyTeddyError, Unavailable

SOON = 1.0
"""Seconds after which something that failed without giving a time is worth another try."""
LATER = 30.0
"""Seconds after which a provider that wasted one's time may be bothered again."""
NO_CREDIT = 300.0
_LONGEST_WAIT = 3600.0
_EXCERPT = 200
_SECRETS = re.compile(r"\b(?:sk|key|gsk|xai)-[\w*.-]+|(?<=bearer )\S+", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def translated(error: Exception, provider: Provider, setting: str, secret: str) -> StudyTeddyError:
    """What ``error`` means to the core. ``setting`` names the one that chooses the model; ``secret`` is kept out."""
    if isinstance(error, openai.APIStatusError):
        said = _excerpt(error.body, secret)
        return _refused(error, provider, setting, said)
    if isinstance(error, openai.APIConnectionError):
        return _unreachable(error.__cause__, provider)
    if isinstance(error, openai.APIError):
        return _broken_off_with(error, provider, _excerpt(error.body, secret))
    return Unavailable(
        f"{provider.title} answered with something unreadable; check that OPENAI_BASE_URL is the address of its API.",
        code="provider_unavailable",
        retry_after=LATER,
    )


def _unreachable(cause: BaseException | None, provider: Provider) -> Unavailable:
    if isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout)):
        says, wait = "can't be reached; check the network and OPENAI_BASE_URL, or try again later", SOON
    elif isinstance(cause, AnswerTooLong):
        says, wait = "sent more than an answer can be; it was cut short", LATER
    elif isinstance(cause, httpx2.TimeoutException):
        says, wait = "did not answer in time; try again in a moment", LATER
    else:
        says, wait = "broke the connection; try again", SOON
    return Unavailable(f"{provider.title} {says}.", code="provider_unavailable", retry_after=wait)


def _refused(error: openai.APIStatusError, provider: Provider, setting: str, said: str) -> StudyTeddyError:
    status, wait = error.status_code, retry_after(error.response.headers)
    if status in {401, 403}:
        return NotAllowed(
            f"{provider.title} rejected the key; check {provider.key_setting} and what it may use.",
            code="provider_rejected_key",
        )
    if status == 402:
        return NotAllowed(
            f"{provider.title} has no credit left for the account that {provider.key_setting} belongs to.",
            code="provider_rejected_key",
        )
    if status == 429:
        if error.code == "insufficient_quota":
            return RateLimited(
                f"{provider.title} says that the account's quota is used up; see its billing page.",
                retry_after=NO_CREDIT,
            )
        return RateLimited(
            f"{provider.title} gets too many requests; try again in a moment.",
            retry_after=SOON if wait is None else wait,
        )
    if status >= 500 or status in {408, 409, 425}:
        return Unavailable(
            f"{provider.title} has a problem of its own ({status}); try again in a moment.{said}",
            code="provider_unavailable",
            retry_after=SOON if wait is None else wait,
        )
    return Invalid(_why_refused(error, provider, setting) + said, code="provider_refused")


def _why_refused(error: openai.APIStatusError, provider: Provider, setting: str) -> str:
    if error.status_code == 404:
        return f"{provider.title} does not know this model or address; check {setting} and OPENAI_BASE_URL."
    if error.status_code < 400:
        return f"{provider.title} answers from another address; set OPENAI_BASE_URL to that one."
    if error.code == "context_length_exceeded" or error.status_code == 413:
        return f"This is too long for the model; ask with less text or set {setting} to one that takes more."
    if error.code in {"content_filter", "content_policy_violation"}:
        return f"{provider.title} declines to answer this; ask it differently."
    return f"{provider.title} refused the request ({error.status_code}); check {setting}."


def _broken_off_with(error: openai.APIError, provider: Provider, said: str) -> StudyTeddyError:
    """An error object in the middle of a stream, where no status tells what it is."""
    kind = f"{error.code} {error.type}".lower()
    if "rate_limit" in kind or "429" in kind:
        return RateLimited(f"{provider.title} gets too many requests; try again in a moment.", retry_after=SOON)
    if "content_filter" in kind or "content_policy" in kind:
        return Invalid(f"{provider.title} declines to answer this; ask it differently.", code="provider_refused")
    return Unavailable(
        f"{provider.title} broke off with an error; try again.{said}", code="provider_unavailable", retry_after=SOON
    )


def _excerpt(body: object, secret: str) -> str:
    """The provider's own explanation as `` It says: "..."``, or nothing."""
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        body = inner.get("message") if isinstance(inner, Mapping) else inner
    if not isinstance(body, str) or body.lstrip().startswith("<"):
        return ""
    said = _UNPRINTABLE.sub(" ", body).strip()
    if secret:
        said = said.replace(secret, "[key]")
    said = _SECRETS.sub("[key]", said)
    if not said:
        return ""
    return f' It says: "{said if len(said) <= _EXCERPT else said[:_EXCERPT] + "…"}"'


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by ``Retry-After-Ms`` or ``Retry-After`` (seconds or a date, RFC 9110 section 10.2.3)."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds):
            return min(max(seconds, 0.0), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)
