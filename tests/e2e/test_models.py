"""A model server that fails, and a change of the embedding model, seen by a student."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.server import FIXTURES, OpenServer, Person, Server
from protocol_server import KEY, Exchange, ProtocolServer, Reply, status, told, usual
from studyteddy.domain.tutor.prompt import STOOD_IN

QUESTION = "How does one know that the starter is ready?"
ADA = "ada@example.org"
QUERY = "doubles within six hours"


class Provider(ProtocolServer):
    """A model server that is told what to do with every question and with every text that is to be embedded."""

    down = False

    def next_reply(self) -> Reply:
        return self._reply

    def _reply(self, exchange: Exchange) -> None:
        if self.down:
            status(503, "overloaded")(exchange)
        elif exchange.path.endswith("/embeddings"):
            usual(exchange)
        else:
            told("It doubles within six hours [1].", usage=(300, 12))(exchange)

    def embedded(self, model: str) -> list[str]:
        """The texts that were embedded by a model."""
        asked = [one.body for one in self.requests if one.path.endswith("/embeddings")]
        return [text for body in asked if body["model"] == model for text in body["input"]]


@pytest.fixture(scope="module")
def provider(profile: str) -> Iterator[Provider]:
    with Provider() as provider:
        yield provider
    assert provider.faults == []


@pytest.fixture(scope="module")
def settings(provider: Provider) -> dict[str, str]:
    """A compatible server with a model for each thing; the test may change them for the next start."""
    return {
        "OPENAI_BASE_URL": provider.base_url,
        "OPENAI_API_KEY": KEY,
        "CHAT_MODEL": "answers-1",
        "EMBEDDING_MODEL": "vectors-1",
        "STUDYTEDDY_TOKENS_PER_DAY": "1000",
    }


@pytest.fixture(scope="module")
def server(
    open_server: OpenServer, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with open_server(tmp_path_factory.mktemp("models") / "home", settings) as server:
        yield server


def test_a_student_learns_who_answered_and_search_outlives_a_change_of_the_model(
    server: Server, provider: Provider, settings: dict[str, str]
) -> None:
    ada, before = server.person(ADA), len(provider.embedded("vectors-1"))
    document = ada.keep(FIXTURES / "sourdough.pdf")
    chunks = ada.ready(document)["chunk_count"]
    assert len(provider.embedded("vectors-1")) == before + chunks > before

    message = ada.ok("POST", "/ask", {"question": QUESTION})["message"]
    assert (message["model"], message["status"]) == ("answers-1", "complete")

    provider.down = True
    message = ada.ok("POST", "/ask", {"question": QUESTION})["message"]
    assert (message["model"], message["status"]) == ("extractive", "complete")
    assert message["content"].endswith(STOOD_IN)
    assert all(citation["verified"] for citation in message["citations"])

    later = ada.keep(FIXTURES / "sourdough.md")
    more_chunks = ada.ready(later)["chunk_count"]
    assert found(ada, QUERY) >= {document, later}

    server.stop()
    provider.down = False
    settings["EMBEDDING_MODEL"] = "vectors-2"
    server.start()
    assert "studyteddy reindex --all-users" in server.log()
    assert "WRONG  vectors: " in server.run("doctor").stdout
    ada = ada.log_in()
    assert found(ada, QUERY) >= {document, later}
    told_by = server.run("reindex", "--user", ADA, "--forget-old")
    assert told_by.returncode == 0, told_by.stderr
    assert f"embedded  {ADA}" in told_by.stdout
    assert f"Dropped {chunks} vectors of other models." in told_by.stdout
    assert server.run("reindex", "--user", ADA).stdout == "All documents have their vectors.\n"
    assert len([text for text in provider.embedded("vectors-2") if text != QUERY]) == chunks + more_chunks
    assert found(ada, QUERY) >= {document, later}


def test_a_student_who_has_used_up_the_tokens_of_the_day_is_told_until_when(server: Server) -> None:
    bob = server.person("bob@example.org")
    bob.ready(bob.keep(FIXTURES / "sourdough.pdf"))
    refused = None
    for _ in range(6):
        answer = bob.post("/ask", {"question": QUESTION})
        if answer.status == 429:
            refused = answer
            break
        assert answer.status == 200, answer
    assert refused is not None
    assert refused.code == "token_budget_spent"
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert "searching and reviewing go on" in refused.json["detail"]
    assert found(bob, QUERY)
    with bob.socket() as line:
        line.send(type="chat", id="late", message=QUESTION)
        error = line.next("chat-error")
    assert error["problem"]["code"] == "token_budget_spent"


def found(student: Person, query: str) -> set[str]:
    """The documents that a search finds."""
    results = student.ok("POST", "/search", {"query": query})["results"]
    return {result["document_id"] for result in results}
