from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from studyteddy.adapters.extractive_tutor import ExtractiveTutor
from studyteddy.adapters.prometheus_metrics.directory import CountsDirectory
from studyteddy.adapters.prometheus_metrics.jobs import MeasuredHandler
from studyteddy.adapters.prometheus_metrics.metrics import Figures, Metrics
from studyteddy.adapters.prometheus_metrics.models import MeasuredChatModel, MeasuredEmbedder, MeasuredJsonModel
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.ports.chat_model import ChatModel, Completion, Delta, Piece, Usage
from studyteddy.application.ports.embedder import USUAL_BATCH
from studyteddy.application.ports.jobs import Heartbeat, Job
from studyteddy.domain.errors import Invalid, RateLimited, Unavailable
from studyteddy.domain.ids import UserId
from studyteddy.domain.tutor.prompt import TutorPrompt
from studyteddy.testing.chat_model import PROMPT, ChatModelContract, heard
from studyteddy.testing.documents import NOW
from studyteddy.testing.jobs import a_job

OWNER = UserId(uuid4())
OUTCOMES = {
    Unavailable("down", code="gone"): ("retried", "unavailable"),
    RateLimited("later", retry_after=1): ("retried", "rate_limited"),
    Invalid("no", code="provider_refused"): ("failed", "refused"),
    ZeroDivisionError(): ("crashed", "crashed"),
}
"""What becomes of an attempt at a job, and of a call of a model, by what is raised."""


@dataclass
class Jobs:
    kind: str
    waiting: int
    running: int
    oldest_seconds: float


def told(metrics: Metrics, name: str, jobs: Sequence[Jobs] = ()) -> dict[tuple[str, ...], float]:
    """The values of a metric by its labels, in the order of the labels' names."""
    told_now = metrics.exposition(lambda: Figures(jobs, NOW)).decode()
    families = text_string_to_metric_families(told_now)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {tuple(value for _, value in sorted(sample.labels.items())): sample.value for sample in samples}


class Worker:
    """A job handler that raises what it was given, or beats until it is told to stop."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.given_up: list[str] = []

    def run(self, job: Job, beat: Heartbeat) -> None:
        if self.fault is not None:
            raise self.fault
        beat(50)

    def give_up(self, job: Job, code: str) -> None:
        self.given_up.append(code)


def test_a_job_that_is_done_or_stopped_is_counted_and_timed() -> None:
    metrics, job = Metrics(), a_job(OWNER)
    handler = MeasuredHandler(Worker(), metrics)
    handler.run(job, lambda progress: True)
    handler.run(job, lambda progress: False)
    counted = {("ingest_document", "done"): 1.0, ("ingest_document", "stopped"): 1.0}
    assert told(metrics, "studyteddy_jobs_total") == counted
    assert told(metrics, "studyteddy_job_seconds_count") == {("ingest_document",): 2.0}


@pytest.mark.parametrize("fault", OUTCOMES, ids=repr)
def test_a_job_that_fails_is_counted_by_how_it_fails(fault: Exception) -> None:
    metrics, worker = Metrics(), Worker(fault)
    with pytest.raises(type(fault)):
        MeasuredHandler(worker, metrics).run(a_job(OWNER), lambda progress: True)
    assert told(metrics, "studyteddy_jobs_total") == {("ingest_document", OUTCOMES[fault][0]): 1.0}


def test_giving_up_is_passed_on() -> None:
    worker = Worker()
    MeasuredHandler(worker, Metrics()).give_up(a_job(OWNER), "lost")
    assert worker.given_up == ["lost"]


class Model:
    """A chat and JSON model and an embedder that may fail."""

    name = model = "small"
    dimension = 2

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        yield Delta("Four ")
        self._fail()
        yield Usage(prompt_tokens=7, completion_tokens=2)

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        self._fail()
        return Completion("{}", Usage(prompt_tokens=5, completion_tokens=1))

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self._fail()
        return [[1.0, 0.0] for _ in texts]


def test_answers_and_structured_output_are_counted_with_their_tokens() -> None:
    metrics = Metrics()
    heard(MeasuredChatModel(Model(), metrics))
    MeasuredJsonModel(Model(), "small", metrics).complete_json("", "", {})
    MeasuredEmbedder(Model(), metrics).embed(["a"])
    assert told(metrics, "studyteddy_model_calls_total") == {("small", "answered"): 3.0}
    assert told(metrics, "studyteddy_model_tokens_total") == {("completion", "small"): 3.0, ("prompt", "small"): 12.0}


@pytest.mark.parametrize("fault", OUTCOMES, ids=repr)
def test_calls_that_fail_are_counted_by_how_they_fail(fault: Exception) -> None:
    metrics = Metrics()
    for ask in (
        lambda: heard(MeasuredChatModel(Model(fault), metrics)),
        lambda: MeasuredJsonModel(Model(fault), "small", metrics).complete_json("", "", {}),
        lambda: MeasuredEmbedder(Model(fault), metrics).embed(["a"]),
    ):
        with pytest.raises(type(fault)):
            ask()
    assert told(metrics, "studyteddy_model_calls_total") == {("small", OUTCOMES[fault][1]): 3.0}


def test_who_hangs_up_is_told_from_who_hears_all() -> None:
    metrics = Metrics()
    answer = cast("Generator[Piece]", MeasuredChatModel(Model(), metrics).answer(PROMPT))
    next(answer)
    answer.close()
    assert told(metrics, "studyteddy_model_calls_total") == {("small", "stopped"): 1.0}


class TestMeasuredTutor(ChatModelContract):
    @pytest.fixture
    def chat_model(self) -> ChatModel:
        return MeasuredChatModel(ExtractiveTutor(SnowballAnalyzer()), Metrics())


def test_of_an_embedder_everything_shines_through() -> None:
    embedder = MeasuredEmbedder(Model(), Metrics())
    assert (embedder.model, embedder.dimension, embedder.batch) == ("small", 2, USUAL_BATCH)
    assert embedder.embed(["a", "b"]) == [[1.0, 0.0], [1.0, 0.0]]


def test_the_job_table_is_told_as_it_is_now() -> None:
    jobs = [Jobs("ingest_document", 3, 1, 12.5), Jobs("answer_question", 0, 2, 0.0)]
    metrics = Metrics()
    assert told(metrics, "studyteddy_jobs_waiting", jobs) == {("ingest_document",): 3.0, ("answer_question",): 0.0}
    assert told(metrics, "studyteddy_jobs_running", jobs) == {("ingest_document",): 1.0, ("answer_question",): 2.0}
    assert told(metrics, "studyteddy_oldest_waiting_job_seconds", jobs)["ingest_document",] == 12.5
    assert told(metrics, "studyteddy_last_backup_timestamp_seconds") == {(): NOW.timestamp()}
    assert b"backup" not in metrics.exposition()


_SERVER = """
import sys
from pathlib import Path
from studyteddy.adapters.prometheus_metrics.directory import CountsDirectory
print(CountsDirectory(Path(sys.argv[1]), "teddy").path, flush=True)
input()
"""


def test_a_directory_of_counts_is_empty_and_those_of_dead_servers_go(tmp_path: Path) -> None:
    for other in (tmp_path / "teddy-notes", tmp_path / "other-1"):
        other.mkdir()
    with _server(tmp_path) as running, _server(tmp_path) as killed:
        lives, dead = _named(running), _named(killed)
        killed.kill()
        killed.wait()
        mine = CountsDirectory(tmp_path, "teddy")
        assert not dead.exists()
        assert lives.exists()
        assert [place.name for place in mine.path.glob("*.db")] == []
        mine.remove()
        running.kill()
    assert {place.name for place in tmp_path.iterdir()} == {lives.name, "teddy-notes", "other-1"}


def _server(base: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _SERVER, str(base)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _named(server: subprocess.Popen[str]) -> Path:
    assert server.stdout is not None
    return Path(server.stdout.readline().strip())
