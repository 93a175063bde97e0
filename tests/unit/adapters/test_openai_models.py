from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from studyteddy.adapters.openai_models.bounded import MAX_ERROR, MAX_LINE, AnswerTooLong, bounding
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import MAX_WAIT, OpenAIConnection, Timeouts
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.adapters.openai_models.providers import COMPATIBLE, OLLAMA, OPENAI, JsonMode, Provider, provider_for
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, StudyTeddyError, Unavailable


class TestProviders:
    def test_openai_is_meant_when_nothing_is_said(self) -> None:
        assert provider_for() == OPENAI
        assert provider_for("", " ") == OPENAI

    @pytest.mark.parametrize(
        ("address", "name"),
        [
            ("https://api.openai.com/v1/", "openai"),
            ("https://api.deepseek.com", "deepseek"),
            ("https://api.deepseek.com/v1", "deepseek"),
            ("http://localhost:11434/v1", "ollama"),
            ("http://10.0.0.7:11434/v1", "ollama"),
            ("http://127.0.0.1:1234/v1", "lmstudio"),
            ("https://models.example.org/v1", "compatible"),
            ("https://api.openai.com.example.org/v1", "compatible"),
        ],
    )
    def test_an_address_tells_the_provider(self, address: str, name: str) -> None:
        provider = provider_for(base_url=address)
        assert (provider.name, provider.base_url) == (name, address.rstrip("/"))
        assert provider_for("compatible", address) == provider

    def test_a_name_and_an_address_together_are_that_provider_there(self) -> None:
        provider = provider_for("vLLM", "https://gpu.example.org/v1")
        assert (provider.name, provider.base_url) == ("vllm", "https://gpu.example.org/v1")
        assert provider.json_mode is JsonMode.SCHEMA

    def test_only_deepseek_lacks_embeddings_and_has_a_key_setting_of_its_own(self) -> None:
        assert not provider_for("deepseek").embeddings
        assert provider_for("deepseek").key_setting == "DEEPSEEK_API_KEY"
        assert provider_for("ollama").embeddings

    def test_nothing_risky_is_asked_of_a_server_that_nobody_knows(self) -> None:
        unknown = provider_for(base_url="https://models.example.org/v1")
        assert (unknown.json_mode, unknown.max_tokens_field) == (JsonMode.PROMPT, "max_tokens")

    def test_this_machines_own_server_may_think_longer(self) -> None:
        assert provider_for(base_url="http://[::1]:9999/v1").read_timeout > provider_for("openai").read_timeout
        assert provider_for(base_url="http://[::1]:9999/v1").local
        assert not provider_for("openai").local

    @pytest.mark.parametrize(
        ("name", "address", "field"),
        [
            ("chatgtp", None, "LLM_PROVIDER"),
            ("compatible", None, "OPENAI_BASE_URL"),
            (None, "localhost:11434", "OPENAI_BASE_URL"),
            (None, "ftp://example.org", "OPENAI_BASE_URL"),
            (None, "http://", "OPENAI_BASE_URL"),
            (None, "http://[::1/v1", "OPENAI_BASE_URL"),
            (None, "http://example.org:notaport/v1", "OPENAI_BASE_URL"),
            ("ollama", "http://example.org:notaport/v1", "OPENAI_BASE_URL"),
            (None, "https://me:secret@example.org/v1", "OPENAI_BASE_URL"),
        ],
    )
    def test_a_wrong_choice_names_its_setting(self, name: str | None, address: str | None, field: str) -> None:
        with pytest.raises(Invalid) as failure:
            provider_for(name, address)
        assert [fault.field for fault in failure.value.faults] == [field]
        assert "secret" not in failure.value.message


class TestConnection:
    @pytest.mark.parametrize("key", ["sk-a b", "sk-\nX: y", "schlüssel", "sk-\x00"])
    def test_a_key_that_can_not_be_sent_is_refused_without_repeating_it(self, key: str) -> None:
        with pytest.raises(Invalid, match="OPENAI_API_KEY") as failure:
            OpenAIConnection(OPENAI, api_key=key)
        assert key not in failure.value.message

    def test_the_key_is_not_in_its_representation(self) -> None:
        assert "sk-1234" not in repr(OpenAIConnection(OPENAI, api_key="sk-1234"))

    def test_threads_share_one_client_made_at_the_first_call(self) -> None:
        connection = OpenAIConnection(COMPATIBLE)
        with ThreadPoolExecutor(8) as pool:
            clients = set(pool.map(lambda _: id(connection.client()), range(16)))
        connection.close()
        assert len(clients) == 1

    def test_a_closed_one_makes_no_client(self) -> None:
        connection = OpenAIConnection(COMPATIBLE)
        connection.close()
        with pytest.raises(Unavailable, match="closed"):
            connection.client()

    def test_the_sdk_is_not_loaded_before_it_is_used(self) -> None:
        program = (
            "import sys\n"
            "from studyteddy.adapters.openai_models import chat, embeddings\n"
            "from studyteddy.adapters.openai_models.connection import OpenAIConnection\n"
            "from studyteddy.adapters.openai_models.providers import OPENAI\n"
            "chat.OpenAIChatModel(OpenAIConnection(OPENAI, api_key='x'), model='m')\n"
            "assert not {'openai', 'httpx2', 'pydantic'} & sys.modules.keys()\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True)


class Server:
    """Something to be tried that fails as it is told to."""

    def __init__(self, *failures: StudyTeddyError) -> None:
        self.failures = list(failures)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


class TestRetries:
    def connection(self, waits: list[float], **settings: int) -> OpenAIConnection:
        return OpenAIConnection(COMPATIBLE, sleep=waits.append, jitter=lambda: 0.5, **settings)  # type: ignore[arg-type]

    def test_waits_are_what_was_asked_for_and_a_growing_random_part(self) -> None:
        waits: list[float] = []
        server = Server(RateLimited("", retry_after=3.0), Unavailable("", retry_after=1.0))
        assert self.connection(waits).retried(server) == "answer"
        assert waits == [3.25, 1.5]

    def test_two_retries_are_all_unless_set_otherwise(self) -> None:
        server = Server(*(Unavailable("", retry_after=0) for _ in range(3)))
        with pytest.raises(Unavailable):
            self.connection([]).retried(server)
        assert server.tries == 3

    def test_none_means_none(self) -> None:
        server = Server(Unavailable("", retry_after=0))
        with pytest.raises(Unavailable):
            self.connection([], max_retries=0).retried(server)
        assert server.tries == 1

    @pytest.mark.parametrize("failure", [NotAllowed(""), Invalid(""), Unavailable("", retry_after=MAX_WAIT + 1)])
    def test_what_does_not_pass_soon_is_not_tried_again(self, failure: StudyTeddyError) -> None:
        server = Server(failure)
        with pytest.raises(type(failure)):
            self.connection([]).retried(server)
        assert server.tries == 1

    def test_no_wait_goes_past_the_end_of_the_whole_answer(self) -> None:
        server = Server(Unavailable("", retry_after=4.0))
        connection = OpenAIConnection(
            COMPATIBLE, timeouts=Timeouts(total=3.0), sleep=lambda _: None, monotonic=lambda: 100.0
        )
        with pytest.raises(Unavailable):
            connection.retried(server)
        assert server.tries == 1


class Pieces(httpx2.SyncByteStream):
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.read = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for piece in self.pieces:
            self.read += 1
            yield piece


def bounded(stream: Pieces, *, status: int = 200, kind: str = "text/event-stream", total: float = 10.0) -> bytes:
    now = iter(range(1000))
    response = httpx2.Response(status, headers={"content-type": kind}, stream=stream)
    response.request = httpx2.Request("POST", "http://localhost/")
    bounding(total, lambda: float(next(now)))(response)
    return response.read()


class TestBoundedBodies:
    def test_a_body_within_its_limits_passes_untouched(self) -> None:
        line = b"x" * (MAX_LINE - 1)
        assert bounded(Pieces(line, b"\n", line, b"\r", line)) == line + b"\n" + line + b"\r" + line

    def test_a_line_without_an_end_is_left_in_the_middle(self) -> None:
        stream = Pieces(*[b"x" * (MAX_LINE // 4)] * 40)
        with pytest.raises(AnswerTooLong):
            bounded(stream)
        assert stream.read == 5

    def test_a_body_that_takes_too_long_is_left(self) -> None:
        stream = Pieces(*[b": wait\n"] * 40)
        with pytest.raises(httpx2.ReadTimeout):
            bounded(stream, total=4.0)
        assert stream.read == 5

    def test_of_an_error_only_the_beginning_is_read(self) -> None:
        stream = Pieces(*[b"x" * 2**14] * 40)
        assert len(bounded(stream, status=500)) == MAX_ERROR
        assert stream.read == 4


def test_a_model_has_to_be_named() -> None:
    connection = OpenAIConnection(OLLAMA)
    with pytest.raises(Invalid, match="CHAT_MODEL"):
        OpenAIChatModel(connection, model=" ")
    with pytest.raises(Invalid, match="EMBEDDING_MODEL"):
        OpenAIEmbedder(connection, model="")


def test_models_are_called_by_their_names() -> None:
    connection = OpenAIConnection(OLLAMA)
    assert OpenAIChatModel(connection, model="llama3.2 ").name == "llama3.2"
    assert OpenAIEmbedder(connection, model="bge-m3").model == "bge-m3"


def test_a_provider_can_be_adapted() -> None:
    mine: Provider = replace(COMPATIBLE, base_url="https://models.example.org/v1", json_mode=JsonMode.OBJECT)
    assert mine.json_mode is JsonMode.OBJECT
    with pytest.raises(Invalid):
        replace(mine, base_url="models.example.org")
