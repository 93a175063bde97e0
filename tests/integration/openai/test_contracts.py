from __future__ import annotations

from collections.abc import Callable

import pytest

from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.testing.chat_model import ChatModelContract
from studyteddy.testing.embedder import EmbedderContract

Connect = Callable[..., OpenAIConnection]


class TestChatModel(ChatModelContract):
    @pytest.fixture
    def chat_model(self, connect: Connect) -> OpenAIChatModel:
        return OpenAIChatModel(connect(), model="test-model")


class TestEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, connect: Connect) -> OpenAIEmbedder:
        return OpenAIEmbedder(connect(), model="test-embedder")
