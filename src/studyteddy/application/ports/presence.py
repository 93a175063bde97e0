"""Who is connected, over all processes."""

from __future__ import annotations

from typing import Protocol

from studyteddy.domain.ids import UserId


class Presence(Protocol):
    """The open connections of each person, counted over all processes of an installation.

    Connections of a process that was killed vanish by themselves within a minute. Every method raises ``Unavailable``
    when it can't be told; a connection that was entered then is counted once it can.
    """

    def enter(self, owner: UserId, connection: str, *, most: int) -> bool:
        """Count a connection, by a name of its own. False, and it isn't counted, when the person has ``most`` others.

        Of many who enter at once no more get in than there is room for.
        """
        ...

    def leave(self, owner: UserId, connection: str) -> None:
        """Count it no longer; it may have vanished already."""
        ...

    def count(self, owner: UserId) -> int:
        """How many connections the person has."""
        ...
