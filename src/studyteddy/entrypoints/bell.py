"""The way from a commit to the worker that is to be woken up."""

from __future__ import annotations

from collections.abc import Callable

from studyteddy.application.ports.jobs import WakeUp


class Bell:
    """Passes on which job was added. Nobody needs to hear it: a sweeper finds jobs that nobody was woken for.

    It breaks a circle: the unit of work rings, and the worker that hears it works through a unit of work.
    """

    def __init__(self) -> None:
        self._hear: Callable[[WakeUp], None] | None = None

    def connect(self, hear: Callable[[WakeUp], None]) -> None:
        """From now on, let ``hear`` know."""
        self._hear = hear

    def ring(self, wake_up: WakeUp) -> None:
        if self._hear is not None:
            self._hear(wake_up)
