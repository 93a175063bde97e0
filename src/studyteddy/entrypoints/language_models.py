"""Which models answer, write cards and embed, and who stands in for whom, by the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studyteddy.adapters.cached_embedder import CachedEmbedder
from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.extractive_cards import ExtractiveCards
from studyteddy.adapters.extractive_tutor import SHORT_LABEL, ExtractiveTutor
from studyteddy.adapters.guarded_models.chat import GuardedChatModel, GuardedJsonModel
from studyteddy.adapters.guarded_models.embedder import GuardedEmbedder
from studyteddy.adapters.model_chain.cards import CardMakerChain
from studyteddy.adapters.model_chain.chat import ChatModelChain
from studyteddy.adapters.prometheus_metrics.metrics import Metrics
from studyteddy.adapters.prometheus_metrics.models import MeasuredChatModel, MeasuredEmbedder, MeasuredJsonModel
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.flashcards.model_cards import ModelCards
from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.card_maker import CardMaker
from studyteddy.application.ports.chat_model import ChatModel
from studyteddy.application.ports.embedder import Embedder
from studyteddy.domain.token_budget import TokenBudget
from studyteddy.entrypoints import plugins
from studyteddy.entrypoints.settings import Provider, Settings

if TYPE_CHECKING:
    from studyteddy.adapters.openai_models.connection import OpenAIConnection, Timeouts
    from studyteddy.adapters.openai_models.providers import Provider as Server

DEFAULT_MODELS = {Provider.OPENAI: "gpt-5-mini", Provider.DEEPSEEK: "deepseek-chat", Provider.COMPATIBLE: ""}
"""What is asked when CHAT_MODEL names no model; a compatible server has no usual one."""

FAILURES, PAUSE = 3, 30.0
"""Failures in a row after which a provider is left alone, and for how many seconds."""

SILENCE = 80.0
"""Seconds without a word after which the next model is asked: less than the tutor itself waits, however slow a server
of one's own may be."""

QUERY_SILENCE, LOCAL_QUERY_SILENCE = 3.0, 10.0
"""Seconds that a search waits for the vector of its query, hosted and on this machine. Then words alone decide."""


def _breaker() -> CircuitBreaker:
    return CircuitBreaker(failures=FAILURES, pause=PAUSE)


def _server(settings: Settings, provider: Provider) -> Server:
    from studyteddy.adapters.openai_models.providers import provider_for

    return provider_for(provider.value, None if provider is Provider.DEEPSEEK else settings.openai_base_url)


def model_connection(
    settings: Settings,
    provider: Provider,
    *,
    timeouts: Timeouts | None = None,
    max_retries: int = 2,
    patience: float = 10.0,
) -> OpenAIConnection:
    """The way to a model server that is configured."""
    from studyteddy.adapters.openai_models.connection import OpenAIConnection

    secret = settings.deepseek_api_key if provider is Provider.DEEPSEEK else settings.openai_api_key
    return OpenAIConnection(
        _server(settings, provider),
        api_key=secret.get_secret_value() if secret else None,
        timeouts=timeouts,
        max_retries=max_retries,
        patience=patience,
    )


@dataclass(frozen=True, slots=True)
class Models:
    """Who answers and who writes cards: models that stand behind the same breakers."""

    chat: ChatModel
    cards: CardMaker


def models(settings: Settings, analyzer: SnowballAnalyzer, metrics: Metrics) -> Models:
    """The configured models in their order, and after them what quotes, unless the settings want an error instead."""
    if settings.chat_plugin is not None:
        plugin: ChatModel = plugins.made(plugins.Group.CHAT_MODELS, settings.chat_plugin, setting="LLM_PROVIDER")
        chats: list[ChatModel] = [GuardedChatModel(MeasuredChatModel(plugin, metrics), _breaker())]
        makers: list[CardMaker] = []
    else:
        asked = [_asked(settings, provider, metrics) for provider in settings.providers]
        chats, makers = [one.chat for one in asked], [one.cards for one in asked]
    if not chats:
        return Models(MeasuredChatModel(ExtractiveTutor(analyzer), metrics), ExtractiveCards())
    if settings.fallback:
        chats.append(MeasuredChatModel(ExtractiveTutor(analyzer, label=SHORT_LABEL), metrics))
    if settings.fallback or not makers:
        makers.append(ExtractiveCards())
    return Models(ChatModelChain(chats), CardMakerChain(makers))


def _asked(settings: Settings, provider: Provider, metrics: Metrics) -> Models:
    from studyteddy.adapters.openai_models.chat import OpenAIChatModel
    from studyteddy.adapters.openai_models.connection import Timeouts

    silence = min(SILENCE, _server(settings, provider).read_timeout)
    # Where somebody stands in, nobody waits long for one who asks for patience.
    retries, patience = (1, 3.0) if settings.fallback else (2, 10.0)
    connection = model_connection(
        settings, provider, timeouts=Timeouts(read=silence), max_retries=retries, patience=patience
    )
    model = OpenAIChatModel(connection, model=chat_model_name(settings, provider))
    breaker = _breaker()
    chat = GuardedChatModel(MeasuredChatModel(model, metrics), breaker)
    cards = ModelCards(model=GuardedJsonModel(MeasuredJsonModel(model, model.name, metrics), breaker))
    return Models(chat, cards)


def chat_model_name(settings: Settings, provider: Provider) -> str:
    """CHAT_MODEL is the first provider's; the others are asked for their usual models."""
    named = settings.chat_model if provider is settings.provider else None
    return named or DEFAULT_MODELS[provider]


def embedder(settings: Settings, metrics: Metrics) -> Embedder | None:
    """What embeds documents, where a model is named for it; without one, search goes by words."""
    if (name := settings.embedding_provider) is not None:
        plugin: Embedder = plugins.made(plugins.Group.EMBEDDERS, name, setting="EMBEDDING_PROVIDER")
        return GuardedEmbedder(MeasuredEmbedder(plugin, metrics), _breaker())
    return _embedder(settings, metrics)


def _embedder(
    settings: Settings, metrics: Metrics, *, timeouts: Timeouts | None = None, max_retries: int = 2
) -> Embedder | None:
    if settings.embedding_model is None or settings.provider is Provider.EXTRACTIVE:
        return None
    from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder

    connection = model_connection(settings, settings.provider, timeouts=timeouts, max_retries=max_retries)
    model = OpenAIEmbedder(connection, model=settings.embedding_model)
    return GuardedEmbedder(MeasuredEmbedder(model, metrics), _breaker())


def query_embedder(settings: Settings, embedder: Embedder | None, cache: Cache, metrics: Metrics) -> Embedder | None:
    """What embeds queries: the same model, waited for only briefly, since a student waits for the search."""
    if embedder is None:
        return None
    if settings.embedding_provider is not None:
        return CachedEmbedder(embedder, cache)
    from studyteddy.adapters.openai_models.connection import Timeouts

    silence = LOCAL_QUERY_SILENCE if _server(settings, settings.provider).local else QUERY_SILENCE
    timeouts = Timeouts(connect=QUERY_SILENCE, read=silence, total=silence)
    quick = _embedder(settings, metrics, timeouts=timeouts, max_retries=0)
    return CachedEmbedder(quick, cache) if quick is not None else None


def token_budget(settings: Settings) -> TokenBudget:
    """No limit where no model is configured: quotations cost nothing."""
    costs = settings.chat_plugin is not None or bool(settings.providers)
    return TokenBudget(settings.tokens_per_day if costs else 0)
