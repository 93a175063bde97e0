"""Answers that go well, or end oddly without the server being broken."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, cast

import pytest

from protocol_server import KEY, Exchange, ProtocolServer, chunk, events, told, usage_chunk
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.providers import DEEPSEEK, OPENAI, JsonMode
from studyteddy.adapters.openai_models.reading import MAX_CHARACTERS
from studyteddy.application.ports.chat_model import Delta, Usage
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.domain.retrieval.chunking import estimated_tokens
from studyteddy.domain.tutor.rendering import render
from studyteddy.testing.chat_model import HEART, PROMPT, heard

Connect = Callable[..., OpenAIConnection]
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"front": {"type": "string"}, "back": {"type": "string"}},
    "required": ["front", "back"],
}


def test_the_pieces_arrive_as_they_were_sent_with_the_providers_own_count(
    server: ProtocolServer, chat_model: OpenAIChatModel
) -> None:
    server.will(told("The heart", " has four", " chambers [1]."))
    assert list(chat_model.answer(PROMPT)) == [
        Delta("The heart"), Delta(" has four"), Delta(" chambers [1]."), Usage(prompt_tokens=7, completion_tokens=3)
    ]  # fmt: skip


def test_the_prompt_is_sent_as_rendered_messages(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    heard(chat_model)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body["model"] == "test-model"
    assert [message["role"] for message in request.body["messages"]] == ["system", "user", "assistant", "user"]
    assert [message["content"] for message in request.body["messages"]] == [one.content for one in render(PROMPT)]
    assert HEART in request.body["messages"][-1]["content"]


def test_the_first_piece_is_heard_before_the_last_is_said(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    go_on = threading.Event()

    def half_then_wait(exchange: Exchange) -> None:
        go_on.wait(5)
        exchange.event(chunk(" later"))
        exchange.event(chunk(finish="stop"))
        exchange.end_stream()

    server.will(events(chunk("now"), then=half_then_wait))
    answer = chat_model.answer(PROMPT)
    assert next(answer) == Delta("now")
    assert not go_on.is_set()
    go_on.set()
    assert next(answer) == Delta(" later")
    assert isinstance(next(answer), Usage)


def test_without_a_reported_usage_the_tokens_are_estimated_and_the_log_says_so(
    server: ProtocolServer, chat_model: OpenAIChatModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.will(told("four", " chambers", usage=None))
    _, usage = heard(chat_model)
    assert usage == Usage(
        prompt_tokens=sum(estimated_tokens(message.content) for message in render(PROMPT)),
        completion_tokens=estimated_tokens("four chambers"),
    )
    assert "estimated" in caplog.text


def test_a_usage_of_zeros_counts_as_none(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    server.will(told("four chambers", usage=(0, 0)))
    assert heard(chat_model)[1].prompt_tokens > 0


def test_usage_told_again_and_again_counts_once(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    running = {**chunk("four"), "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}}
    last = {**chunk(finish="stop"), "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}
    server.will(events(running, last))
    assert heard(chat_model)[1] == Usage(prompt_tokens=9, completion_tokens=2)


def test_reasoning_beside_the_answer_is_left_out(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    thinking = [chunk(reasoning_content="Let me see"), chunk(None, reasoning_content="... hm", content=None)]
    server.will(events(chunk(role="assistant"), *thinking, chunk("Four."), chunk(finish="stop"), usage_chunk(5, 40)))
    assert heard(chat_model) == ("Four.", Usage(prompt_tokens=5, completion_tokens=40))


def test_comments_and_empty_pieces_between_the_chunks_are_skipped(
    server: ProtocolServer, chat_model: OpenAIChatModel
) -> None:
    def reply(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.raw(b": keep-alive\n\n")
        for one in (chunk(""), chunk("Four"), chunk(""), chunk("."), chunk(finish="stop")):
            exchange.event(one)
        exchange.end_stream()

    server.will(reply)
    assert heard(chat_model)[0] == "Four."


def test_letters_cut_apart_by_the_network_are_put_together(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    def reply(exchange: Exchange) -> None:
        exchange.begin_stream()
        for byte in b"data: " + json.dumps(chunk("Ä🧸"), ensure_ascii=False).encode() + b"\r\n\r\n":
            exchange.raw(bytes([byte]))
        exchange.event(chunk(finish="stop"))
        exchange.end_stream()

    server.will(reply)
    assert heard(chat_model)[0] == "Ä🧸"


def test_an_answer_that_ran_out_of_tokens_says_that_it_goes_on(
    server: ProtocolServer, chat_model: OpenAIChatModel
) -> None:
    server.will(told("The heart has", finish="length"))
    assert heard(chat_model)[0] == "The heart has […]"


def test_tokens_that_were_all_spent_on_thinking_are_a_setting_to_change(
    server: ProtocolServer, chat_model: OpenAIChatModel
) -> None:
    server.will(told(finish="length"))
    with pytest.raises(Invalid, match="CHAT_MODEL") as failure:
        heard(chat_model)
    assert failure.value.code == "provider_refused"


@pytest.mark.parametrize(
    "reply",
    [told("I", finish="content_filter"), events(chunk(refusal="I can't help with that."), chunk(finish="stop"))],
    ids=["filtered", "refused"],
)
def test_a_provider_that_declines_is_not_a_broken_one(
    server: ProtocolServer, chat_model: OpenAIChatModel, reply: Any
) -> None:
    server.will(reply)
    with pytest.raises(Invalid, match="declines") as failure:
        heard(chat_model)
    assert failure.value.code == "provider_refused"


def test_an_answer_that_never_stops_is_cut(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    server.will(told(*["again and again " * 64] * 10_000))  # 10 MB
    text, usage = heard(chat_model)
    assert text == ("again and again " * 64 * 98)[:MAX_CHARACTERS] + " […]"
    assert usage.completion_tokens == estimated_tokens(text[:MAX_CHARACTERS])
    assert server.hung_up.wait(2), "the rest was not even received"


def test_closing_the_answer_hangs_up_at_once(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    server.will(events(chunk("now"), then=Exchange.wait_for_hang_up))
    answer = cast("Generator[Delta | Usage]", chat_model.answer(PROMPT))
    assert next(answer) == Delta("now")
    before = time.monotonic()
    answer.close()
    assert server.hung_up.wait(5)
    assert time.monotonic() - before < 5


def test_nothing_is_sent_before_anyone_listens(server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
    chat_model.answer(PROMPT)
    assert server.requests == []


def test_the_end_of_an_answer_needs_no_polite_hang_up(server: ProtocolServer, connect: Connect) -> None:
    server.will(events(chunk("Four."), chunk(finish="stop"), then=Exchange.cut))
    assert heard(OpenAIChatModel(connect(), model="m"))[0] == "Four."


def test_closing_the_connection_ends_a_running_answer_and_forbids_new_ones(
    server: ProtocolServer, connect: Connect
) -> None:
    connection = connect(max_retries=2)
    model = OpenAIChatModel(connection, model="m")
    server.will(events(chunk("now"), then=Exchange.wait_for_hang_up))
    answer = model.answer(PROMPT)
    next(answer)
    connection.close()
    connection.close()
    with pytest.raises(Unavailable):
        next(answer)
    with pytest.raises(Unavailable, match="closed"):
        heard(model)
    assert len(server.requests) == 1


class TestWhatAProviderIsAskedFor:
    def test_openai_limits_completion_tokens_and_tells_usage(self, server: ProtocolServer, connect: Connect) -> None:
        heard(OpenAIChatModel(connect(like=OPENAI), model="m", max_tokens=99))
        body = server.requests[0].body
        assert body["max_completion_tokens"] == 99
        assert body["stream_options"] == {"include_usage": True}
        assert not {"max_tokens", "temperature"} & body.keys()

    def test_others_limit_tokens(self, server: ProtocolServer, connect: Connect) -> None:
        heard(OpenAIChatModel(connect(), model="m", max_tokens=99, temperature=0.5))
        body = server.requests[0].body
        assert (body["max_tokens"], body["temperature"]) == (99, 0.5)
        assert "max_completion_tokens" not in body

    def test_what_a_server_does_not_know_stays_unsaid(self, server: ProtocolServer, connect: Connect) -> None:
        heard(OpenAIChatModel(connect(features={"stream_usage": False}), model="m", max_tokens=None))
        assert server.requests[0].body.keys() == {"model", "messages", "stream"}

    def test_a_server_without_keys_gets_a_placeholder(self, server: ProtocolServer, connect: Connect) -> None:
        server.will(told("Four."))
        heard(OpenAIChatModel(connect(api_key=None), model="m"))
        assert server.requests[0].headers["Authorization"] == "Bearer none"

    def test_openais_account_is_nobody_elses_business(
        self, server: ProtocolServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
        heard(OpenAIChatModel(connect(like=DEEPSEEK), model="m"))
        assert "secret" not in server.requests[0].headers.as_string()
        assert "somebody" not in server.requests[0].headers.as_string()

    def test_a_proxy_is_not_asked_for_this_machine(
        self, server: ProtocolServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "")
        assert heard(OpenAIChatModel(connect(), model="m"))[0]


class TestStructuredOutput:
    ANSWER = '{"front": "Chambers of the heart?", "back": "Four"}'

    def asked(self, server: ProtocolServer, connect: Connect, mode: JsonMode, *said: str) -> tuple[str, dict[str, Any]]:
        server.will(told(*said))
        model = OpenAIChatModel(connect(features={"json_mode": mode}), model="m")
        return model.complete_json("Make a card.", HEART, SCHEMA).text, server.requests[0].body

    def test_a_server_that_knows_schemas_gets_the_schema(self, server: ProtocolServer, connect: Connect) -> None:
        answer, body = self.asked(server, connect, JsonMode.SCHEMA, self.ANSWER[:9], self.ANSWER[9:])
        assert answer == self.ANSWER
        assert body["response_format"]["type"] == "json_schema"
        assert body["response_format"]["json_schema"]["schema"] == SCHEMA
        assert [message["content"] for message in body["messages"]] == ["Make a card.", HEART]

    def test_a_server_that_knows_only_json_gets_the_schema_in_words(
        self, server: ProtocolServer, connect: Connect
    ) -> None:
        answer, body = self.asked(server, connect, JsonMode.OBJECT, self.ANSWER)
        assert answer == self.ANSWER
        assert body["response_format"] == {"type": "json_object"}
        assert json.dumps(SCHEMA) in body["messages"][0]["content"]

    def test_a_server_that_knows_neither_is_only_told(self, server: ProtocolServer, connect: Connect) -> None:
        answer, body = self.asked(server, connect, JsonMode.PROMPT, "```json\n", self.ANSWER, "\n```")
        assert answer == self.ANSWER
        assert "response_format" not in body
        assert json.dumps(SCHEMA) in body["messages"][0]["content"]

    def test_json_that_did_not_fit_is_an_error_and_not_half_an_object(
        self, server: ProtocolServer, chat_model: OpenAIChatModel
    ) -> None:
        server.will(told(self.ANSWER[:20], finish="length"))
        with pytest.raises(Invalid, match="fit"):
            chat_model.complete_json("Make a card.", HEART, SCHEMA)

    def test_json_that_broke_off_is_no_answer(self, server: ProtocolServer, chat_model: OpenAIChatModel) -> None:
        server.will(told(self.ANSWER[:20], finish=None))
        with pytest.raises(Unavailable):
            chat_model.complete_json("Make a card.", HEART, SCHEMA)
