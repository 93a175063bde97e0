"""People who write without a pause, and the file of what they were told is kept."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from e2e.server import Answered, Person, eventually


class Ledger:
    """Ids, each on the disk before the next thing happens."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._path = path
        self._lock = threading.Lock()

    def add(self, told: str) -> None:
        with self._lock:
            self._file.write(told.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def frozen(self) -> frozenset[str]:
        """What was told until now. Take it before you look at what is there: more is told meanwhile."""
        return frozenset(self._path.read_text().split())

    def close(self) -> None:
        self._file.close()


class Writers:
    """Each person adds tasks from a thread of its own inside the ``with`` block.

    A refusal is tried again shortly; ``answers`` counts them by status and code, ``slowest`` is in seconds. A
    connection that breaks is counted as ``broken``.
    """

    def __init__(self, people: list[Person], ledger: Ledger) -> None:
        self.ledger = ledger
        self.answers: Counter[str] = Counter()
        self.without_retry_after = 0
        self.slowest = 0.0
        self.last_good = 0.0
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(person,)) for person in people]
        self._lock = threading.Lock()

    @property
    def good(self) -> int:
        return self.answers["201"]

    def until_more(self, count: int, *, seconds: float = 60) -> None:
        """Wait until so many more writes were acknowledged."""
        wanted = self.good + count
        eventually(lambda: self.good >= wanted, seconds=seconds, every=0.01)

    def _write(self, person: Person) -> None:
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                answer = person.post("/tasks", {"title": f"Task {uuid4()}"}, timeout=60)
            except (OSError, http.client.HTTPException):
                answer = None
            self._note(answer, time.monotonic() - began)
            if answer is None or answer.status != 201:
                self._ending.wait(0.05)

    def _note(self, answer: Answered | None, seconds: float) -> None:
        if answer is not None and answer.status == 201:
            self.ledger.add(answer.json["id"])
        with self._lock:
            self.slowest = max(self.slowest, seconds)
            if answer is None:
                self.answers["broken"] += 1
            elif answer.status == 201:
                self.answers["201"] += 1
                self.last_good = time.monotonic()
            else:
                self.answers[f"{answer.status} {answer.code}"] += 1
                self.without_retry_after += "Retry-After" not in answer.headers

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(90)
        self.ledger.close()
        assert not [thread for thread in self._threads if thread.is_alive()], "a request hangs"
