from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from pydantic import BaseModel

from e2e.server import eventually
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.application.notifications.writing import as_news
from studyteddy.domain.ids import UserId
from studyteddy.entrypoints.http.socket_news import TRY_AGAIN, NewsRelay
from studyteddy.testing.notifications import a_notification

OWNER = UserId(uuid4())
PROGRESS = {"document_id": str(uuid4()), "status": "reading", "progress": 40}


class Line:
    """Takes what is sent; ``open`` says when it may be."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.free.set()
        self.sent: list[BaseModel] = []
        self.closed: list[int] = []

    def send(self, frame: BaseModel) -> None:
        assert self.free.wait(10)
        self.sent.append(frame)

    def close(self, code: int, reason: str) -> None:
        self.closed.append(code)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.free.set()


def relays() -> int:
    return sum(thread.name == "socket-news" for thread in threading.enumerate())


def test_news_pass_in_order_and_no_thread_waits_for_them(line: Line) -> None:
    events = InMemoryEvents()
    news = events.subscribe(OWNER, "user")
    NewsRelay(news, line)  # type: ignore[arg-type]
    for progress in range(50):
        events.publish(OWNER, "user", "document-progress", {**PROGRESS, "progress": progress})
    eventually(lambda: len(line.sent) == 50)
    assert [frame.progress for frame in line.sent] == list(range(50))  # type: ignore[attr-defined]
    eventually(lambda: relays() == 0)
    events.publish(OWNER, "user", "document-progress", PROGRESS)
    eventually(lambda: len(line.sent) == 51)
    news.close()
    assert line.closed == []


def test_what_is_no_news_of_ours_or_broken_is_passed_over(line: Line) -> None:
    events = InMemoryEvents()
    with_news = events.subscribe(OWNER, "user")
    NewsRelay(with_news, line)  # type: ignore[arg-type]
    events.publish(OWNER, "user", "review", {})
    events.publish(OWNER, "user", "document-progress", {"document_id": "none"})
    events.publish(OWNER, "user", "notification", as_news(a_notification(OWNER)))
    eventually(lambda: line.sent)
    assert [frame.type for frame in line.sent] == ["notification"]  # type: ignore[attr-defined]
    with_news.close()


def test_a_socket_that_is_too_slow_for_the_news_is_closed(line: Line) -> None:
    events = InMemoryEvents(backlog=3)
    NewsRelay(events.subscribe(OWNER, "user"), line)  # type: ignore[arg-type]
    line.free.clear()
    for _ in range(10):
        events.publish(OWNER, "user", "document-progress", PROGRESS)
    line.free.set()
    eventually(lambda: line.closed == [TRY_AGAIN])
