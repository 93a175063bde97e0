"""The same adapter against a server that others wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

import aimock_server
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.adapters.openai_models.providers import OPENAI
from studyteddy.domain.errors import NotAllowed, RateLimited, StudyTeddyError, Unavailable
from studyteddy.testing.chat_model import PROMPT, ChatModelContract, heard
from studyteddy.testing.embedder import EmbedderContract


@pytest.fixture(scope="module")
def connection() -> Iterator[OpenAIConnection]:
    with aimock_server.running() as base_url:
        connection = OpenAIConnection(replace(OPENAI, base_url=base_url), api_key="sk-aimock", max_retries=0)
        yield connection
        connection.close()


@pytest.fixture
def model(connection: OpenAIConnection) -> OpenAIChatModel:
    return OpenAIChatModel(connection, model="gpt-5-mini")


class TestChatModel(ChatModelContract):
    @pytest.fixture
    def chat_model(self, model: OpenAIChatModel) -> OpenAIChatModel:
        return model


class TestEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, connection: OpenAIConnection) -> OpenAIEmbedder:
        return OpenAIEmbedder(connection, model="text-embedding-3-small", shorten_to=64)


def test_an_answer_arrives_whole_with_its_usage(model: OpenAIChatModel) -> None:
    text, usage = heard(model)
    assert text == aimock_server.ANSWER
    assert usage.prompt_tokens > 0


def test_structured_output_arrives_as_json(model: OpenAIChatModel) -> None:
    schema: dict[str, object] = {"type": "object", "properties": {"front": {"type": "string"}}}
    assert json.loads(model.complete_json("A card.", "make a card", schema).text) == json.loads(aimock_server.CARD)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("please be too busy", RateLimited),
        ("please fail", Unavailable),
        ("please reject the key", NotAllowed),
        ("please break off", Unavailable),
    ],
)
def test_its_faults_have_their_kinds(model: OpenAIChatModel, question: str, kind: type[StudyTeddyError]) -> None:
    with pytest.raises(kind) as failure:
        heard(model, replace(PROMPT, question=question))
    assert not isinstance(failure.value, RateLimited) or failure.value.retry_after == 7
