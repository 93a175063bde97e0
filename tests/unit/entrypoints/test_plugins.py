from __future__ import annotations

import io
import os
from pathlib import Path
from uuid import UUID

import pytest

from apps import MemoryApp
from studyteddy.adapters.in_memory.text_extractor import PlainTextExtractor
from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.domain.ids import UserId
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.doctor.reading import language_models
from studyteddy.entrypoints.faults import SettingsFault
from studyteddy.entrypoints.settings import Provider, load_settings

MODULE = """
from studyteddy.adapters.in_memory.text_extractor import PlainTextExtractor
from studyteddy.application.ports.chat_model import Delta, Usage


class Owl:
    name = "owl-1"

    def answer(self, prompt):
        yield Delta("Hoo [1]")
        yield Usage(prompt_tokens=1, completion_tokens=1)


class Lengths:
    model, dimension = "lengths", 2

    def embed(self, texts):
        return [[1.0, 0.0] for _ in texts]


def broken():
    raise RuntimeError("no owl today")
"""
ENTRY_POINTS = """
[studyteddy.chat_models]
owl = night_owl:Owl
ill = night_owl:broken

[studyteddy.embedders]
lengths = night_owl:Lengths

[studyteddy.text_extractors]
plain = night_owl:PlainTextExtractor
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name not in ("PATH", "HOME", "TMPDIR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STUDYTEDDY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def night_owl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed package of somebody else."""
    site = tmp_path / "site"
    about = site / "night_owl-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "night_owl.py").write_text(MODULE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: night-owl\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(site))


def wired(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Container:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return Container(settings=load_settings())


@pytest.mark.usefixtures("night_owl")
def test_settings_choose_plugins_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    container = wired(monkeypatch, LLM_PROVIDER="owl", EMBEDDING_PROVIDER="lengths", TEXT_EXTRACTOR="plain")
    assert container.chat_model().name == "owl-1"
    assert container.embedder().model == "lengths"
    assert isinstance(container.extractor(), PlainTextExtractor)
    assert [finding.words for finding in language_models(container)] == ["owl-1, by the plug-in owl"]


def test_without_a_choice_everything_is_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    container = wired(monkeypatch)
    assert container.chat_model().name == "extractive"
    assert container.embedder() is None
    assert isinstance(container.extractor(), SandboxedExtractor)


@pytest.mark.usefixtures("night_owl")
def test_a_plugin_may_answer_beside_a_built_in_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    container = wired(monkeypatch, LLM_PROVIDER="owl", OPENAI_API_KEY="k", EMBEDDING_MODEL="text-embedding-3-small")
    assert container.settings().provider is Provider.OPENAI
    assert container.chat_model().name == "owl-1"
    assert container.embedder().model == "text-embedding-3-small"


@pytest.mark.usefixtures("night_owl")
@pytest.mark.parametrize("setting", ["LLM_PROVIDER", "EMBEDDING_PROVIDER", "TEXT_EXTRACTOR"])
def test_a_name_that_nobody_offers_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        wired(monkeypatch, **{setting: "parrot"})
    (line,) = fault.value.faults
    assert line.startswith(f"{setting}: there is no parrot")
    assert {"LLM_PROVIDER": "owl", "EMBEDDING_PROVIDER": "lengths", "TEXT_EXTRACTOR": "plain"}[setting] in line


@pytest.mark.usefixtures("night_owl")
def test_a_plugin_that_breaks_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    container = wired(monkeypatch, LLM_PROVIDER="ill")
    with pytest.raises(SettingsFault, match=r"LLM_PROVIDER: ill \(night_owl:broken\) does not work.*no owl today"):
        container.chat_model()
    assert [finding.well for finding in language_models(container)] == [False]


@pytest.mark.usefixtures("night_owl")
def test_the_whole_application_asks_the_chosen_plugin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = wired(monkeypatch, LLM_PROVIDER="owl", TEXT_EXTRACTOR="plain")
    app = MemoryApp(tmp_path, chat_model=chosen.chat_model(), extractor=chosen.extractor())
    ada = app.person()
    notes = io.BytesIO(b"# Owls\n\nAn owl turns its head by 270 degrees without moving its shoulders.")
    ada.post("/documents", data={"file": (notes, "owls.md")}, content_type="multipart/form-data")
    app.run_jobs()
    asked = app.container.ask_tutor()(
        owner=UserId(UUID(ada.tokens["user"]["id"])), question="How far does an owl turn its head?"
    )
    app.run_jobs()
    answers = ada.get(f"/threads/{asked.thread.id}/messages").json["items"]
    assert (answers[-1]["content"], answers[-1]["model"]) == ("Hoo [1]", "owl-1")
