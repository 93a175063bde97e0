from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studyteddy.domain.token_budget import NO_LIMIT, TokenBudget
from studyteddy.entrypoints import language_models
from studyteddy.entrypoints.settings import Provider, Settings, load_settings

BOTH = {"OPENAI_API_KEY": "k-1", "DEEPSEEK_API_KEY": "k-2"}
SERVER = {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "CHAT_MODEL": "llama"}
Given = Callable[..., Settings]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Given:
    """Settings of an environment that holds nothing else."""
    import os

    for name in list(os.environ):
        if name not in ("PATH", "HOME", "TMPDIR"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def load(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, []),
        (BOTH, [Provider.OPENAI, Provider.DEEPSEEK]),
        ({"OPENAI_API_KEY": "k-1"}, [Provider.OPENAI]),
        ({"DEEPSEEK_API_KEY": "k-2"}, [Provider.DEEPSEEK]),
        (SERVER, [Provider.COMPATIBLE]),
        (SERVER | BOTH, [Provider.COMPATIBLE, Provider.DEEPSEEK]),
        (BOTH | {"LLM_PROVIDER": "openai"}, [Provider.OPENAI]),
        (BOTH | {"LLM_PROVIDER": "deepseek"}, [Provider.DEEPSEEK]),
        (BOTH | {"LLM_PROVIDER": "extractive"}, []),
        (BOTH | {"STUDYTEDDY_FALLBACK": "false"}, [Provider.OPENAI]),
    ],
)
def test_providers_are_asked_in_the_order_of_what_is_configured(
    given: Given, values: dict[str, str], asked: list[Provider]
) -> None:
    assert list(given(**values).providers) == asked


def test_only_the_first_provider_is_asked_for_the_model_of_the_settings(given: Given) -> None:
    settings = given(**BOTH, CHAT_MODEL="gpt-large")
    assert language_models.chat_model_name(settings, Provider.OPENAI) == "gpt-large"
    assert language_models.chat_model_name(settings, Provider.DEEPSEEK) == "deepseek-chat"


def test_a_server_gets_its_own_key_and_nobody_elses(given: Given) -> None:
    settings = given(**SERVER, **BOTH)
    compatible = language_models.model_connection(settings, Provider.COMPATIBLE)
    deepseek = language_models.model_connection(settings, Provider.DEEPSEEK)
    assert compatible.provider.base_url == SERVER["OPENAI_BASE_URL"]
    assert deepseek.provider.base_url == "https://api.deepseek.com"
    assert (compatible.client().api_key, deepseek.client().api_key) == ("k-1", "k-2")
    compatible.close()
    deepseek.close()


def test_a_budget_holds_where_a_model_may_cost_something(given: Given) -> None:
    assert language_models.token_budget(given()) == NO_LIMIT
    assert language_models.token_budget(given(OPENAI_API_KEY="k-1")) == TokenBudget(1_000_000)
    assert language_models.token_budget(given(STUDYTEDDY_TOKENS_PER_DAY="0")) == NO_LIMIT
