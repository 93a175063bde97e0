from __future__ import annotations

import contextlib
import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.adapters.celery_jobs.app import QueueName, broker_url, queue_of
from studyteddy.adapters.celery_jobs.messages import UnreadableMessage, from_message, to_message
from studyteddy.application.ports.jobs import JobKind, WakeUp
from studyteddy.domain.ids import JobId

WAKE_UP = WakeUp(JobId(uuid4()), JobKind.ANSWER_QUESTION, "request-7")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_a_wake_up_comes_back_from_its_message() -> None:
    for wake_up in (WAKE_UP, WakeUp(WAKE_UP.job_id, "a_kind_of_tomorrow")):
        assert from_message(json.loads(json.dumps(to_message(wake_up)))) == wake_up


def test_what_a_newer_sender_adds_is_passed_over() -> None:
    assert from_message({**to_message(WAKE_UP), "colour": "blue", "request_id": {"deep": 1}}).job_id == WAKE_UP.job_id


@pytest.mark.parametrize(
    ("field", "value"),
    [("v", 2), ("v", 0), ("v", True), ("v", "1"), ("job_id", None), ("job_id", 7), ("job_id", "x"), ("kind", None)],
)
def test_a_message_that_means_nothing_here_is_unreadable(field: str, value: object) -> None:
    with pytest.raises(UnreadableMessage):
        from_message({**to_message(WAKE_UP), field: value})


@pytest.mark.parametrize("field", ["v", "job_id", "kind"])
def test_a_message_that_lacks_something_is_unreadable(field: str) -> None:
    message = to_message(WAKE_UP)
    del message[field]
    with pytest.raises(UnreadableMessage):
        from_message(message)


@given(JSON)
def test_no_message_makes_a_worker_fail(message: object) -> None:
    with pytest.raises(UnreadableMessage):
        from_message(message)


@given(v=JSON, job_id=JSON, kind=JSON, request_id=JSON)
def test_no_field_makes_a_worker_fail(**message: object) -> None:
    with contextlib.suppress(UnreadableMessage):
        assert isinstance(from_message(message), WakeUp)


def test_answers_never_wait_behind_books() -> None:
    assert queue_of(JobKind.INGEST_DOCUMENT) is QueueName.INGEST
    assert queue_of(JobKind.ANSWER_QUESTION) is QueueName.TUTOR
    assert queue_of("a_kind_of_tomorrow") is QueueName.DEFAULT


def test_a_redis_on_a_unix_socket_is_named_in_the_brokers_words() -> None:
    assert broker_url("redis://:s@host:6379/2") == "redis://:s@host:6379/2"
    assert broker_url("unix:///run/redis.sock?db=3").endswith("+socket:///run/redis.sock?virtual_host=3")
    assert broker_url("unix://u:p@/run/redis.sock").endswith("+socket://u:p@/run/redis.sock?virtual_host=0")
