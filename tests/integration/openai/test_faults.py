"""Servers that refuse, stall, break or babble."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from email.utils import formatdate

import pytest

from protocol_server import KEY, Exchange, ProtocolServer, Reply, chunk, events, page, silence, slammed, status, told
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection, Timeouts
from studyteddy.adapters.openai_models.providers import COMPATIBLE, DEEPSEEK
from studyteddy.application.ports.chat_model import Delta
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, StudyTeddyError, Unavailable
from studyteddy.testing.chat_model import PROMPT, heard

Connect = Callable[..., OpenAIConnection]
QUICK = Timeouts(connect=0.3, read=0.3, total=5.0)


def failure_of(model: OpenAIChatModel) -> StudyTeddyError:
    with pytest.raises(StudyTeddyError) as failure:
        heard(model)
    return failure.value


@pytest.mark.parametrize(
    ("reply", "kind", "code", "says"),
    [
        (status(401), NotAllowed, "provider_rejected_key", "DEEPSEEK_API_KEY"),
        (status(403), NotAllowed, "provider_rejected_key", "DEEPSEEK_API_KEY"),
        (status(402), NotAllowed, "provider_rejected_key", "credit"),
        (status(429), RateLimited, "rate_limited", "too many"),
        (status(429, kind="insufficient_quota"), RateLimited, "rate_limited", "billing"),
        (status(400, "bad field"), Invalid, "provider_refused", "bad field"),
        (status(400, kind="context_length_exceeded"), Invalid, "provider_refused", "too long"),
        (status(400, kind="content_filter"), Invalid, "provider_refused", "declines"),
        (status(404, "model 'm' not found"), Invalid, "provider_refused", "CHAT_MODEL"),
        (status(422), Invalid, "provider_refused", "refused"),
        (status(301, headers={"Location": "/v2"}), Invalid, "provider_refused", "OPENAI_BASE_URL"),
        (status(500), Unavailable, "provider_unavailable", "try again"),
        (status(503), Unavailable, "provider_unavailable", "try again"),
        (page(502, b"<html>bad gateway</html>"), Unavailable, "provider_unavailable", "try again"),
        (page(200, b"<html>welcome</html>"), Invalid, "provider_refused", "OPENAI_BASE_URL"),
        (slammed, Unavailable, "provider_unavailable", "broke the connection"),
    ],
)
def test_each_refusal_has_its_kind_and_says_what_to_do(
    server: ProtocolServer, connect: Connect, reply: Reply, kind: type, code: str, says: str
) -> None:
    server.will(reply)
    failure = failure_of(OpenAIChatModel(connect(like=DEEPSEEK), model="m"))
    assert type(failure) is kind
    assert failure.code == code
    assert says in failure.message


@pytest.mark.parametrize(
    "ending",
    [
        events(chunk("Four")),
        events(chunk("Four"), b"[DONE]"),
        events(chunk("Four"), then=Exchange.cut),
        events(chunk("Four"), then=silence),
        events(chunk("Four"), b'{"choices": [{"del'),
        events(chunk("Four"), b"\xff\xfe"),
        events(chunk("Four"), {"error": {"message": "overloaded", "type": "server_error"}}),
        events(chunk("Four"), {"error": "overloaded"}),
        events(chunk("Four"), chunk(finish="insufficient_system_resource")),
        events(chunk("Four"), b"x" * 10 * 2**20),
    ],
    ids=["no finish", "done without finish", "cut", "stall", "bad JSON", "bad UTF-8", "error object", "error text",
         "gave up", "10 MB line"],
)  # fmt: skip
def test_an_answer_that_breaks_off_is_never_taken_for_a_whole_one_and_never_asked_for_again(
    server: ProtocolServer, connect: Connect, ending: Reply
) -> None:
    server.will(ending)
    answer = OpenAIChatModel(connect(timeouts=QUICK, max_retries=2), model="m").answer(PROMPT)
    assert next(answer) == Delta("Four")
    with pytest.raises(Unavailable) as failure:
        next(answer)
    assert failure.value.code == "provider_unavailable"
    assert len(server.requests) == 1


@pytest.mark.parametrize("data", [b"3", b"null", b"[]", b'"x"', b'{"choices": 3}', b'{"choices": [7]}', b"{}",
                                  b'{"choices": [{"delta": "x", "finish_reason": 5}]}'])  # fmt: skip
def test_json_that_is_no_chunk_is_no_answer(server: ProtocolServer, connect: Connect, data: bytes) -> None:
    server.will(events(data))
    assert failure_of(OpenAIChatModel(connect(), model="m")).code == "provider_unavailable"


def test_an_error_object_in_the_stream_keeps_its_meaning(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    server.will(events(chunk("Four"), {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}))
    assert isinstance(failure_of(chat_model), RateLimited)
    server.will(events(chunk("Four"), {"error": {"message": "no", "code": "content_filter"}}))
    assert isinstance(failure_of(chat_model), Invalid)


def test_silence_is_waited_for_once_and_only_so_long(server: ProtocolServer, connect: Connect) -> None:
    server.will(silence, silence)
    before = time.monotonic()
    failure = failure_of(OpenAIChatModel(connect(timeouts=QUICK, max_retries=2), model="m"))
    assert 0.3 <= time.monotonic() - before < 5
    assert failure.code == "provider_unavailable"
    assert "in time" in failure.message
    assert len(server.requests) == 1


def test_a_server_that_only_drips_comments_is_not_listened_to_for_ever(
    server: ProtocolServer, connect: Connect
) -> None:
    def dripping(exchange: Exchange) -> None:
        for _ in range(2_000):
            exchange.raw(b": still thinking\n\n")
            time.sleep(0.02)

    server.will(events(chunk("Four"), then=dripping))
    answer = OpenAIChatModel(connect(timeouts=Timeouts(read=0.5, total=0.4)), model="m").answer(PROMPT)
    next(answer)
    before = time.monotonic()
    with pytest.raises(Unavailable, match="in time"):
        next(answer)
    assert time.monotonic() - before < 15  # the dripping alone takes forty seconds
    assert server.hung_up.wait(5)


def test_nobody_at_the_address_is_said_quickly() -> None:
    with ProtocolServer() as gone:
        address = gone.base_url
    connection = OpenAIConnection(
        type(COMPATIBLE)(name="compatible", title="The model server", base_url=address), max_retries=0
    )
    before = time.monotonic()
    failure = failure_of(OpenAIChatModel(connection, model="m"))
    connection.close()
    assert time.monotonic() - before < 10
    assert failure.code == "provider_unavailable"
    assert "OPENAI_BASE_URL" in failure.message


def test_the_explanation_of_an_error_is_not_read_for_ever(server: ProtocolServer, connect: Connect) -> None:
    server.will(page(400, b"no " * 4_000_000, "text/plain"))
    failure = failure_of(OpenAIChatModel(connect(), model="m"))
    assert len(failure.message) < 400
    assert server.hung_up.wait(2)


def test_an_answer_that_came_compressed_uninvited_is_refused(server: ProtocolServer, connect: Connect) -> None:
    server.will(lambda exchange: exchange.plain(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}))
    assert failure_of(OpenAIChatModel(connect(), model="m")).code == "provider_unavailable"
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


class TestRetries:
    def test_a_passing_failure_before_the_first_word_goes_unnoticed(
        self, server: ProtocolServer, connect: Connect
    ) -> None:
        waits: list[float] = []
        server.will(status(503), events(), told("Four."))
        model = OpenAIChatModel(connect(max_retries=2, sleep=waits.append, jitter=lambda: 1.0), model="m")
        assert heard(model)[0] == "Four."
        assert waits == [1.5, 2.0]

    def test_retry_after_is_waited_for(self, server: ProtocolServer, connect: Connect) -> None:
        server.will(status(429, headers={"Retry-After": "1"}), told("Four."))
        assert heard(OpenAIChatModel(connect(max_retries=1), model="m"))[0] == "Four."
        first, second = server.requests
        assert 1.0 <= second.at - first.at < 2.0

    def test_the_last_failure_is_the_one_that_counts(self, server: ProtocolServer, connect: Connect) -> None:
        server.will(slammed, status(503), status(429, headers={"Retry-After": "4"}))
        model = OpenAIChatModel(connect(max_retries=2, sleep=lambda _: None), model="m")
        failure = failure_of(model)
        assert isinstance(failure, RateLimited)
        assert failure.retry_after == 4.0
        assert len(server.requests) == 3

    def test_a_provider_that_wants_a_long_wait_is_left_to_the_caller(
        self, server: ProtocolServer, connect: Connect
    ) -> None:
        server.will(status(429, headers={"Retry-After": "60"}))
        failure = failure_of(OpenAIChatModel(connect(max_retries=2), model="m"))
        assert isinstance(failure, RateLimited)
        assert failure.retry_after == 60.0
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        ("value", "least", "most"),
        [("2.5", 2.5, 2.5), ("-3", 0, 0), ("nan", 1, 1), ("1e99", 3600, 3600), ("soon", 1, 1), ("", 1, 1)],
    )
    def test_any_retry_after_becomes_a_sane_number(
        self, server: ProtocolServer, connect: Connect, value: str, least: float, most: float
    ) -> None:
        server.will(status(429, headers={"Retry-After": value}))
        failure = failure_of(OpenAIChatModel(connect(), model="m"))
        assert isinstance(failure, RateLimited)
        assert least <= failure.retry_after <= most

    def test_retry_after_may_be_a_date(self, server: ProtocolServer, connect: Connect) -> None:
        server.will(status(503, headers={"Retry-After": formatdate(time.time() + 90, usegmt=True)}))
        failure = failure_of(OpenAIChatModel(connect(), model="m"))
        assert isinstance(failure, Unavailable)
        assert 85 < failure.retry_after <= 90

    @pytest.mark.parametrize("code", [400, 401, 404])
    def test_what_will_not_pass_is_not_tried_again(self, server: ProtocolServer, connect: Connect, code: int) -> None:
        server.will(status(code))
        failure_of(OpenAIChatModel(connect(max_retries=2), model="m"))
        assert len(server.requests) == 1

    def test_the_time_for_the_whole_answer_bounds_the_retries(self, server: ProtocolServer, connect: Connect) -> None:
        server.will(status(503), status(503))
        failure_of(OpenAIChatModel(connect(max_retries=5, timeouts=Timeouts(total=0.5)), model="m"))
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        status(401, f"Incorrect API key provided: {KEY}"),
        status(400, f"your header was Authorization: Bearer {KEY} and sk-proj-another-0123***89"),
        events({"error": {"message": f"key {KEY} is out of order"}}),
        page(500, KEY.encode(), "text/plain"),
        slammed,
        events(b"{" + KEY.encode()),
    ],
)
def test_the_key_appears_in_no_error_and_no_log(
    server: ProtocolServer, connect: Connect, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.will(reply, reply)
    model = OpenAIChatModel(connect(max_retries=1, sleep=lambda _: None), model="m")
    failure = failure_of(model)
    logging.getLogger("anyone").error("It failed", exc_info=failure)
    seen = caplog.text + "".join(traceback.format_exception(failure)) + repr(failure)
    assert "anyone" in seen
    assert KEY not in seen
    assert "sk-" not in seen
    assert failure.__cause__ is None
    assert failure.__context__ is None, "the SDK's error holds the request with its key"


def test_a_key_of_any_shape_is_kept_out(server: ProtocolServer, connect: Connect) -> None:
    server.will(status(400, "I don't like T0ps3cret/of=mine, nor gsk_"))
    failure = failure_of(OpenAIChatModel(connect(api_key="T0ps3cret/of=mine"), model="m"))
    assert "I don't like [key], nor" in failure.message
