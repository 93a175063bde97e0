"""Letters that go nowhere and are kept."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from studyteddy.application.ports.mailer import Letter
from studyteddy.domain.errors import StudyTeddyError
from studyteddy.domain.ids import UserId

MOST_KEPT = 1_000


class InMemoryMailer:
    """The ``Mailer`` port for tests and for programs that embed Study Teddy. The newest ``most`` letters are kept.

    While ``fault`` is set, each letter is refused with it, as by a mail server that is away.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.fault: StudyTeddyError | None = None
        self._lock = threading.Lock()
        self._letters: deque[Letter] = deque(maxlen=most)

    def send(self, letter: Letter) -> None:
        if self.fault is not None:
            raise self.fault
        with self._lock:
            self._letters.append(letter)

    def forget(self, owner: UserId) -> None:
        with self._lock:
            kept = [letter for letter in self._letters if letter.owner != owner]
            self._letters.clear()
            self._letters.extend(kept)

    @property
    def letters(self) -> Sequence[Letter]:
        """What was handed over, oldest first; copies of a letter too."""
        with self._lock:
            return tuple(self._letters)

    def to(self, address: str) -> Sequence[Letter]:
        """The letters to one address, oldest first."""
        return [letter for letter in self.letters if letter.to == address]
