"""Listening to a chat model without being held up by it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from studyteddy.application.ports.chat_model import Piece

MOST_UNHEARD = 500


@dataclass(frozen=True, slots=True)
class _End:
    fault: Exception | None


class Listener:
    """Reads a model's answer in a thread of its own, so that whoever waits can do so for a moment at a time.

    Closing it hangs up as soon as the model says its next word; a silent model costs one sleeping thread until then.
    """

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._heard: queue.Queue[Piece | _End] = queue.Queue(MOST_UNHEARD)
        self._closed = threading.Event()
        self.ended = False
        threading.Thread(target=self._listen, name="answer", daemon=True).start()

    def next(self, timeout: float) -> Piece | None:
        """The next piece; None when nothing came in time, or nothing more will come (``ended``).

        Raises what the model raised, in its place.
        """
        try:
            heard = self._heard.get(timeout=timeout)
        except queue.Empty:
            return None
        if not isinstance(heard, _End):
            return heard
        self.ended = True
        if heard.fault is not None:
            raise heard.fault
        return None

    def close(self) -> None:
        """Listen no longer."""
        self._closed.set()

    def _listen(self) -> None:
        fault: Exception | None = None
        try:
            for piece in self._pieces:
                if not self._hand_over(piece):
                    break
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            fault = error
        finally:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        self._hand_over(_End(fault))

    def _hand_over(self, piece: Piece | _End) -> bool:
        while not self._closed.is_set():
            try:
                self._heard.put(piece, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False
