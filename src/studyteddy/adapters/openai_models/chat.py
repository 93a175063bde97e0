"""Answers from a chat model behind ``chat.completions``, the call that every compatible server has."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, cast

from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.providers import JsonMode
from studyteddy.adapters.openai_models.reading import CUT, Reading, without_surrogates
from studyteddy.application.ports.chat_model import Completion, Delta, Usage
from studyteddy.domain.errors import Invalid
from studyteddy.domain.retrieval.chunking import estimated_tokens
from studyteddy.domain.tutor.prompt import TutorPrompt
from studyteddy.domain.tutor.rendering import ChatMessage, ChatRole, render

_SETTING = "CHAT_MODEL"
_log = logging.getLogger(__name__)


class OpenAIChatModel:
    """A ``ChatModel`` and a ``JsonModel``.

    Where a server reports no usage, ``Usage`` is an estimate: ``chunking.estimated_tokens`` of the messages sent and of
    the text received, which counts characters, and errs on the high side. An answer that hits ``max_tokens`` (or
    100,000 characters) ends with `` […]``. Reasoning that a server sends beside the answer is left out.
    """

    def __init__(
        self,
        connection: OpenAIConnection,
        *,
        model: str,
        max_tokens: int | None = 4096,
        temperature: float | None = None,
    ) -> None:
        """``temperature`` stays unsaid unless given: reasoning models refuse it."""
        if not model.strip():
            raise Invalid.field(_SETTING, f"Set {_SETTING} to a model of the provider {connection.provider.name!r}.")
        self._connection = connection
        self._model = model.strip()
        self._max_tokens = max_tokens
        self._temperature = temperature

    @property
    def name(self) -> str:
        return self._model

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        """See ``ChatModel.answer``. Nothing is sent before the first piece is asked for; closing hangs up at once."""
        messages = render(prompt)
        with closing(self._started(messages)) as reading:
            for text in reading:
                yield Delta(text)
            if reading.cut:
                yield Delta(CUT)
            yield self._usage(messages, reading)

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        """See ``JsonModel.complete_json``. Raises ``Invalid`` (``provider_refused``) for JSON that did not fit."""
        mode = self._connection.provider.json_mode
        if mode is not JsonMode.SCHEMA:
            instruction = (
                f"{instruction}\n\nAnswer with JSON that follows this JSON schema, and with nothing else:\n"
                f"{json.dumps(schema, ensure_ascii=False)}"
            )
        messages = (
            ChatMessage(role=ChatRole.SYSTEM, content=instruction),
            ChatMessage(role=ChatRole.USER, content=text),
        )
        with closing(self._started(messages, **_response_format(mode, schema))) as reading:
            answer = "".join(reading)
            if reading.cut:
                raise Invalid("The answer did not fit; ask for less at once.", code="provider_refused")
            usage = self._usage(messages, reading)
        return Completion(_without_fence(answer), usage)

    def _started(self, messages: Sequence[ChatMessage], **wishes: object) -> Reading:
        provider = self._connection.provider
        parameters: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": one.role.value, "content": without_surrogates(one.content)} for one in messages],
            "stream": True,
            **wishes,
        }
        if provider.stream_usage:
            parameters["stream_options"] = {"include_usage": True}
        if self._max_tokens is not None:
            parameters[provider.max_tokens_field] = self._max_tokens
        if self._temperature is not None:
            parameters["temperature"] = self._temperature
        return self._connection.retried(lambda: self._opened(parameters))

    def _opened(self, parameters: dict[str, object]) -> Reading:
        client = self._connection.client()
        create = cast(Any, client.chat.completions.create)
        stream = self._connection.guarded(lambda: create(**parameters), setting=_SETTING)
        return Reading(stream, self._connection, setting=_SETTING)

    def _usage(self, messages: Sequence[ChatMessage], reading: Reading) -> Usage:
        if reading.usage is not None:
            return reading.usage
        _log.info("%s reported no usage; the tokens are estimated", self._connection.provider.name)
        return Usage(
            prompt_tokens=sum(estimated_tokens(message.content) for message in messages),
            completion_tokens=estimated_tokens(reading.text),
        )


def _response_format(mode: JsonMode, schema: dict[str, object]) -> dict[str, object]:
    if mode is JsonMode.PROMPT:
        return {}
    if mode is JsonMode.OBJECT:
        return {"response_format": {"type": "json_object"}}
    # Strict would refuse schemas outside OpenAI's subset; the caller validates what comes anyway.
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema, "strict": False},
        }
    }


def _without_fence(text: str) -> str:
    """``text`` without the Markdown fence that models like to put around JSON."""
    bare = text.strip()
    if bare.startswith("```") and bare.endswith("```") and "\n" in bare:
        return bare[bare.index("\n") + 1 : -3].strip()
    return bare
