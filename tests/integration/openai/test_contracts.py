from __future__ import annotations

from collections.abc import Callable

import pytest

from studyteddy.adapters.cached_embedder import CachedEmbedder
from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.guarded_models.chat import GuardedChatModel
from studyteddy.adapters.guarded_models.embedder import GuardedEmbedder
from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.adapters.model_chain.chat import ChatModelChain
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


class TestGuardedChatModel(ChatModelContract):
    @pytest.fixture
    def chat_model(self, connect: Connect) -> GuardedChatModel:
        return GuardedChatModel(OpenAIChatModel(connect(), model="test-model"), CircuitBreaker())


class TestChatModelChain(ChatModelContract):
    @pytest.fixture
    def chat_model(self, connect: Connect) -> ChatModelChain:
        rejected = OpenAIChatModel(connect(api_key="sk-expired"), model="test-model")
        return ChatModelChain([rejected, OpenAIChatModel(connect(), model="other-model")])


class TestEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, connect: Connect) -> OpenAIEmbedder:
        return OpenAIEmbedder(connect(), model="test-embedder")


class TestGuardedEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, connect: Connect) -> GuardedEmbedder:
        return GuardedEmbedder(OpenAIEmbedder(connect(), model="test-embedder"), CircuitBreaker())


class TestCachedEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, connect: Connect) -> CachedEmbedder:
        return CachedEmbedder(OpenAIEmbedder(connect(), model="test-embedder"), InMemoryCache())
