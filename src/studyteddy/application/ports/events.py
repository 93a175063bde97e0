"""Live news for people who are looking: progress, deltas, notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.ids import UserId

Channel = str
"""The name of a stream of one owner's events, such as ``user`` or ``message:<id>``."""

USER_CHANNEL: Channel = "user"
"""News for a person wherever they are: progress of documents, notices."""

ACCESS_CHANGED = "access-changed"
"""The kind of event on the person's channel after which each open connection looks again whether it may stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One piece of news. ``seq`` counts from 1 on its channel; ``kind`` and ``data`` are plain JSON."""

    seq: int
    kind: str
    data: Mapping[str, object]


class Subscription(Protocol):
    """Events as they come; close it when done."""

    @property
    def closed(self) -> bool:
        """Whether it has ended: closed by its reader, or by the publisher since the reader was too slow."""
        ...

    def next(self, timeout: float) -> Event | None:
        """The next event in order of ``seq``; None when none came within ``timeout`` seconds, at once when closed."""
        ...

    def when_changed(self, call: Callable[[], None]) -> None:
        """From now on, call this whenever there is something to read or the publisher has closed it, now if that is so
        already. It is called by whoever brings the events, so it must neither wait nor raise.
        """
        ...

    def close(self) -> None: ...

    def __iter__(self) -> Iterator[Event]:
        """Events until the subscription is closed."""
        ...


class Events(Protocol):
    """Publish and follow, by owner: nobody can name another person's channel.

    News is best-effort and bounded: the truth is in the repositories, so a lost event costs a reload and no more.
    """

    def publish(self, owner: UserId, channel: Channel, kind: str, data: Mapping[str, object]) -> int:
        """Append to the channel and return the event's number, 0 when it could not be published.

        Never blocks on slow followers and never raises: who works must not fail for news of it.
        """
        ...

    def subscribe(self, owner: UserId, channel: Channel, *, after_seq: int | None = None) -> Subscription:
        """Follow a channel: from now on (None), or with replay of what is still kept after a number."""
        ...

    def forget(self, owner: UserId) -> None:
        """Forget all channels of somebody who is gone. Like ``publish`` it never raises."""
        ...
