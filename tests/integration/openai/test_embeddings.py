from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from protocol_server import DIMENSION, ProtocolServer, Reply, page, status, vector_of, vectors
from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.adapters.openai_models.providers import DEEPSEEK, OPENAI
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, Unavailable

Connect = Callable[..., OpenAIConnection]


def test_vectors_are_the_servers_scaled_to_length_one(embedder: OpenAIEmbedder) -> None:
    (vector,) = embedder.embed(["osmosis"])
    raw = vector_of("osmosis")
    length = math.sqrt(sum(number * number for number in raw))
    assert vector == pytest.approx([number / length for number in raw])


def test_numbers_are_asked_for_as_numbers_and_no_dimension_is_named(
    server: ProtocolServer, embedder: OpenAIEmbedder
) -> None:
    embedder.embed(["osmosis"])
    assert server.requests[0].path == "/v1/embeddings"
    assert server.requests[0].body == {"model": "test-embedder", "input": ["osmosis"], "encoding_format": "float"}


def test_a_shorter_vector_is_asked_for_and_is_another_model(server: ProtocolServer, connect: Connect) -> None:
    embedder = OpenAIEmbedder(connect(), model="test-embedder", shorten_to=16)
    assert (embedder.model, embedder.dimension) == ("test-embedder@16", 16)
    assert len(embedder.embed(["osmosis"])[0]) == 16
    assert server.requests[0].body["dimensions"] == 16


def test_many_texts_go_in_several_calls_of_at_most_128(server: ProtocolServer, connect: Connect) -> None:
    OpenAIEmbedder(connect(like=OPENAI), model="m").embed([f"text {number}" for number in range(300)])
    assert [len(request.body["input"]) for request in server.requests] == [128, 128, 44]


def test_long_texts_go_in_several_calls_too(server: ProtocolServer, connect: Connect) -> None:
    OpenAIEmbedder(connect(like=OPENAI), model="m").embed(["word " * 40_000] * 3)
    assert [len(request.body["input"]) for request in server.requests] == [1, 1, 1]


def test_no_texts_are_no_call(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    assert embedder.embed([]) == []
    assert server.requests == []


def test_an_empty_text_is_sent_as_a_space(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    embedder.embed([""])
    assert server.requests[0].body["input"] == [" "]


def test_a_known_dimension_costs_no_call(server: ProtocolServer, connect: Connect) -> None:
    assert OpenAIEmbedder(connect(), model="m", dimension=DIMENSION).dimension == DIMENSION
    assert server.requests == []


def test_an_unknown_dimension_costs_one_call(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    assert (embedder.dimension, embedder.dimension) == (DIMENSION, DIMENSION)
    assert len(server.requests) == 1


def test_rows_in_another_order_are_put_right(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    rows = [{"index": 1, "embedding": [0.0, 2.0]}, {"index": 0, "embedding": [3.0, 0.0]}]
    server.will(lambda exchange: exchange.json(200, {"data": rows}))
    assert embedder.embed(["first", "second"]) == [[1.0, 0.0], [0.0, 1.0]]


def test_rows_without_numbers_stand_in_order(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    server.will(vectors([3.0, 0.0], [0.0, 2.0], numbered=False))
    assert embedder.embed(["first", "second"]) == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    "reply",
    [
        vectors([1.0, 0.0]),
        vectors([1.0, 0.0], [0.0, 1.0], [1.0, 1.0]),
        vectors([1.0, 0.0], [0.0, 1.0, 0.0]),
        vectors([1.0, 0.0], [0.0, 0.0]),
        vectors([1.0, 0.0], [None, 1.0]),
        vectors([1.0, 0.0], [float("nan"), 1.0]),
        vectors([1.0, 0.0], ["1", "0"]),
        vectors([1.0, 0.0], [10**400, 1]),
        vectors([1.0, 0.0], []),
        vectors([1.0, 0.0], "AAAAAAA="),
        page(200, b'{"data": [{"index": [], "embedding": [1]}, {"index": 1, "embedding": [1]}]}'),
        page(200, b'{"data": [{"index": 1, "embedding": [1]}, {"index": 1, "embedding": [1]}]}'),
        page(200, b'{"data": [1, 2]}'),
        page(200, b'{"data": null}'),
        page(200, b"[]"),
        page(200, b"{oops"),
        page(200, b"<html>welcome</html>"),
        page(200, b"[" + b"1," * 17 * 2**20),
    ],
    ids=["too few", "too many", "other dimension", "zeros", "null", "NaN", "text", "huge", "empty", "base64",
         "index list", "index twice", "no rows", "no data", "no object", "bad JSON", "web page", "34 MB"],
)  # fmt: skip
def test_vectors_that_can_not_be_used_are_no_vectors(
    server: ProtocolServer, embedder: OpenAIEmbedder, reply: Reply
) -> None:
    server.will(reply)
    with pytest.raises(Unavailable) as failure:
        embedder.embed(["first", "second"])
    assert failure.value.code == "provider_unavailable"


def test_a_server_that_changes_its_dimension_is_not_believed(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    embedder.embed(["first"])
    server.will(vectors([1.0, 0.0]))
    with pytest.raises(Unavailable, match=f"2 dimensions instead of {DIMENSION}"):
        embedder.embed(["second"])


@pytest.mark.parametrize(
    ("code", "kind"), [(401, NotAllowed), (429, RateLimited), (500, Unavailable), (404, Invalid), (400, Invalid)]
)
def test_failures_are_those_of_chat(
    server: ProtocolServer, embedder: OpenAIEmbedder, code: int, kind: type[Exception]
) -> None:
    server.will(status(code))
    with pytest.raises(kind):
        embedder.embed(["osmosis"])


def test_an_unknown_model_names_its_own_setting(server: ProtocolServer, embedder: OpenAIEmbedder) -> None:
    server.will(status(404))
    with pytest.raises(Invalid, match="EMBEDDING_MODEL"):
        embedder.embed(["osmosis"])


def test_only_the_call_that_failed_is_made_again(server: ProtocolServer, connect: Connect) -> None:
    connection = connect(like=OPENAI, max_retries=1, sleep=lambda _: None)
    texts = [f"text {number}" for number in range(200)]
    first = vectors(*(vector_of(text) for text in texts[:128]))
    server.will(first, status(503))
    assert len(OpenAIEmbedder(connection, model="m").embed(texts)) == 200
    assert [len(request.body["input"]) for request in server.requests] == [128, 72, 72]


def test_a_provider_without_embeddings_is_refused_when_chosen(connect: Connect) -> None:
    with pytest.raises(Invalid, match="EMBEDDING_MODEL"):
        OpenAIEmbedder(connect(like=DEEPSEEK), model="m")
