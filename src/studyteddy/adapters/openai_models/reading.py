"""One streamed answer, read with distrust."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.application.ports.chat_model import Usage
from studyteddy.domain.errors import Invalid, RateLimited, Unavailable

MAX_CHARACTERS = 100_000
"""An answer that is longer is cut: the model repeats itself."""
CUT = " […]"

_COMPLETE = {"stop", "length", "tool_calls", "function_call", "eos", "end_turn"}


class Reading:
    """The pieces of one answer; ``cut``, ``usage`` and ``text`` are known once all of them were read.

    Making one waits for the first piece, so that a failure before it can be tried again.
    """

    def __init__(self, stream: Any, connection: OpenAIConnection, *, setting: str) -> None:
        """``stream`` is the SDK's stream of chunks; it is closed with this."""
        self.cut = False
        self.usage: Usage | None = None
        self._stream = stream
        self._connection = connection
        self._provider = connection.provider.title
        self._setting = setting
        self._finish: str | None = None
        self._refused = False
        self._pieces: list[str] = []
        self._size = 0
        self._rest = self._read()
        try:
            self._first = next(self._rest)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[str]:
        yield self._first
        yield from self._rest

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def close(self) -> None:
        """Hang up, if the answer isn't complete."""
        self._rest.close()
        self._stream.close()

    def _read(self) -> Generator[str]:
        for chunk in self._chunks():
            self.usage = _usage_of(chunk) or self.usage
            text = self._take(chunk)
            if not text:
                continue
            room = MAX_CHARACTERS - self._size
            self._size += len(text)
            self._pieces.append(text[:room])
            yield self._pieces[-1]
            if self._size >= MAX_CHARACTERS:
                self._finish = "length"
                break
        self._judge()

    def _chunks(self) -> Iterator[Any]:
        chunks = iter(self._stream)
        while True:
            try:
                chunk = self._connection.guarded(lambda: next(chunks, None), setting=self._setting)
            except (RateLimited, Unavailable):
                # The provider said that it is done: what broke is the way to hang up.
                if self._finish in _COMPLETE:
                    return
                raise
            if chunk is None:
                return
            yield chunk

    def _take(self, chunk: Any) -> str:
        """The chunk's text. Usage comes in a chunk without choices, and some servers send other oddities."""
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        finish = getattr(choices[0], "finish_reason", None)
        if isinstance(finish, str) and finish:
            self._finish = finish
        delta = getattr(choices[0], "delta", None)
        self._refused = self._refused or bool(getattr(delta, "refusal", None))
        content = getattr(delta, "content", None)
        return without_surrogates(content) if isinstance(content, str) else ""

    def _judge(self) -> None:
        """Whether this was an answer, by how it ended."""
        if self._finish is None:
            self._fail_if_a_web_page()
            raise self._unavailable("broke off in the middle of the answer; ask again")
        if self._finish == "content_filter" or (self._refused and not self._size):
            raise Invalid(f"{self._provider} declines to answer this; ask it differently.", code="provider_refused")
        if self._finish not in _COMPLETE:
            raise self._unavailable(f"gave up ({self._finish[:40]}); ask again")
        self.cut = self._finish == "length"
        if not self._size:
            if self.cut:
                raise Invalid(
                    f"{self._provider} used up the tokens of the answer before it said a word; allow more tokens or set"
                    f" {self._setting} to a model that thinks less.",
                    code="provider_refused",
                )
            raise self._unavailable("answered with nothing; ask again")

    def _fail_if_a_web_page(self) -> None:
        response = getattr(self._stream, "response", None)
        kind = response.headers.get("content-type", "") if response is not None else ""
        if "html" in kind and not self._size:
            raise Invalid(
                f"{self._provider} answered with a web page; set OPENAI_BASE_URL to its API, which often ends in /v1.",
                code="provider_refused",
            )

    def _unavailable(self, says: str) -> Unavailable:
        return Unavailable(f"{self._provider} {says}.", code="provider_unavailable", retry_after=1.0)


def without_surrogates(text: str) -> str:
    """``text`` with lone surrogates, which UTF-8 can't carry, replaced by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _usage_of(chunk: Any) -> Usage | None:
    told = getattr(chunk, "usage", None)
    prompt, completion = getattr(told, "prompt_tokens", None), getattr(told, "completion_tokens", None)
    if not isinstance(prompt, int) or not isinstance(completion, int) or prompt <= 0 or completion < 0:
        return None  # zeros are how some servers say that they don't count
    return Usage(prompt_tokens=prompt, completion_tokens=completion)
