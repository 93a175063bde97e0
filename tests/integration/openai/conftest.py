from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from protocol_server import KEY, ProtocolServer
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.adapters.openai_models.providers import COMPATIBLE, Provider

Connect = Callable[..., OpenAIConnection]


@pytest.fixture
def server() -> Iterator[ProtocolServer]:
    with ProtocolServer() as running:
        yield running
    assert running.faults == [], "the server's script is wrong"


@pytest.fixture
def connect(server: ProtocolServer) -> Iterator[Connect]:
    """Makes connections to the server, closed after the test. ``features`` change what the provider can do."""
    made: list[OpenAIConnection] = []

    def connected(
        *, features: dict[str, Any] | None = None, like: Provider = COMPATIBLE, **settings: Any
    ) -> OpenAIConnection:
        provider = replace(like, base_url=server.base_url, **(features or {}))
        made.append(OpenAIConnection(provider, **{"api_key": KEY, "max_retries": 0, **settings}))
        return made[-1]

    yield connected
    for connection in made:
        connection.close()


@pytest.fixture
def chat_model(connect: Connect) -> OpenAIChatModel:
    return OpenAIChatModel(connect(), model="test-model")


@pytest.fixture
def embedder(connect: Connect) -> OpenAIEmbedder:
    return OpenAIEmbedder(connect(), model="test-embedder")
