from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.system_clock import new_secret
from studyteddy.application.tickets import Access, IssueTicket, Purpose, RedeemTicket
from studyteddy.domain.errors import NotAuthenticated, NotFound
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.tutor.messages import Message, MessageStatus
from studyteddy.testing.documents import add_user
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import StallingModel, saying


@pytest.fixture
def stalling() -> Iterator[StallingModel]:
    model = StallingModel()
    yield model
    model.let_go.set()


def test_a_follower_hears_what_was_said_then_what_comes_then_the_answer(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    assert stalling.said_something.wait(5)
    heard: list[object] = []
    for news in desk.follow(owner=desk.owner, message_id=asked.answer.id):
        if news is None:
            stalling.let_go.set()
        else:
            heard.append(news)
    worker.join(5)

    *deltas, last = heard
    assert deltas == desk.deltas(asked.answer.id)
    assert isinstance(last, Message)
    assert last.content == "The pigment is chlorophyll [1]."


def test_a_follower_misses_nothing_when_events_get_lost(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    deaf = replace(desk.follow, events=InMemoryEvents())
    worker = desk.working()
    stalling.let_go.set()

    heard = [news for news in deaf(owner=desk.owner, message_id=asked.answer.id) if news is not None]
    worker.join(5)

    assert heard[:-1] == desk.deltas(asked.answer.id)
    assert heard[-1] == desk.get(asked.answer.id)


def test_a_follower_can_begin_after_a_piece() -> None:
    desk = Desk(saying(GOOD * 20))
    answer = desk.answer()

    heard = list(desk.follow(owner=desk.owner, message_id=answer.id, after_seq=2))

    assert heard == [*desk.deltas(answer.id)[2:], answer]


def test_waiting_ends_with_the_answer_or_with_the_time(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)

    assert desk.wait(owner=desk.owner, message_id=asked.answer.id, seconds=0).status is MessageStatus.QUEUED
    stalling.let_go.set()
    desk.run_next()
    assert desk.wait(owner=desk.owner, message_id=asked.answer.id, seconds=5).status is MessageStatus.COMPLETE
    with pytest.raises(NotFound):
        desk.wait(owner=add_user(desk.unit_of_work), message_id=asked.answer.id, seconds=5)


def test_a_ticket_is_taken_once_and_only_while_it_is_fresh() -> None:
    now = [0.0]
    cache = InMemoryCache(clock=lambda: now[0])
    issue, redeem = IssueTicket(cache=cache, new_secret=new_secret), RedeemTicket(cache=cache)
    access = Access(user_id=UserId(uuid4()), session_id=AuthSessionId(uuid4()))

    ticket, late = issue(access=access), issue(access=access)
    assert redeem(ticket=ticket) == access
    with pytest.raises(NotAuthenticated):
        redeem(ticket=ticket)
    now[0] = 31
    with pytest.raises(NotAuthenticated):
        redeem(ticket=late)
    with pytest.raises(NotAuthenticated):
        redeem(ticket="\ud800")


def test_a_ticket_for_one_thing_is_no_ticket_for_another() -> None:
    cache = InMemoryCache()
    ticket = IssueTicket(cache=cache, new_secret=new_secret)(access=Access(user_id=UserId(uuid4())))
    with pytest.raises(NotAuthenticated):
        RedeemTicket(cache=cache, purpose=Purpose.EXPORT)(ticket=ticket)
