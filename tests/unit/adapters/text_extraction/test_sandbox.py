from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from studyteddy.adapters.text_extraction.limits import Limits
from studyteddy.adapters.text_extraction.reader_process import ReaderBroken
from studyteddy.adapters.text_extraction.sandboxed import READERS, SandboxedExtractor
from studyteddy.application.ports.text_extractor import ExtractionFailed
from studyteddy.domain.documents import FailureReason, MediaType
from studyteddy.testing.sample_documents import pdf

MISBEHAVING = dict.fromkeys(MediaType, "unit.adapters.text_extraction.misbehaving_reader")

Ask = Callable[..., str]


@pytest.fixture
def ask() -> Ask:
    """What a child answers that was told to misbehave."""

    def do(deed: str, **limits: float) -> str:
        extractor = SandboxedExtractor(Limits(**limits), MISBEHAVING)  # type: ignore[arg-type]
        extraction = extractor.extract(io.BytesIO(deed.encode()), MediaType.TEXT)
        return "\n".join(section.text for section in extraction.sections)

    return do


def refusal(ask: Ask, deed: str, **limits: float) -> ExtractionFailed:
    before = set(psutil.Process().children())
    with pytest.raises(ExtractionFailed) as failed:
        ask(deed, **limits)
    assert set(psutil.Process().children()) <= before
    return failed.value


@pytest.mark.parametrize("deed", ["connect", "run", "shell", "fork", "kill", "peek", "write", "remove"])
def test_a_reader_can_touch_nothing_outside(ask: Ask, deed: str) -> None:
    failed = refusal(ask, deed)
    assert failed.reason is FailureReason.CORRUPT
    assert "may not" in failed.detail


def test_a_reader_sees_none_of_the_parents_secrets(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYTEDDY_SECRET_KEY", "hush")
    assert not [name for name in ask("environment").split() if not name.startswith(("MALLOC_", "LD_", "DYLD_", "LC_"))]


def test_memory_beyond_the_limit_means_that_the_document_expands_too_much(ask: Ask) -> None:
    assert refusal(ask, "memory").reason is FailureReason.EXPANDS_TOO_MUCH


def test_a_reader_that_computes_for_ever_is_stopped(ask: Ask) -> None:
    assert refusal(ask, "spin", cpu_seconds=1).reason is FailureReason.TIMEOUT


def test_a_reader_that_never_answers_is_stopped(ask: Ask) -> None:
    began = time.monotonic()
    assert refusal(ask, "sleep", wall_seconds=0.5).reason is FailureReason.TIMEOUT
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("deed", ["abort", "crash", "exit", "recurse", "unit"])
def test_a_reader_that_breaks_down_means_damage(ask: Ask, deed: str) -> None:
    assert refusal(ask, deed).reason is FailureReason.CORRUPT


def test_a_large_parent_does_not_make_its_children_look_large(ask: Ask) -> None:
    ballast = bytearray(300 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    assert refusal(ask, "abort").reason is FailureReason.CORRUPT
    assert ballast[4096] == ord("x")


@pytest.mark.parametrize("deed", ["noise", "endless", "short", "late"])
def test_a_reader_that_breaks_the_protocol_is_not_believed(ask: Ask, deed: str) -> None:
    assert refusal(ask, deed).reason in (FailureReason.CORRUPT, FailureReason.EXPANDS_TOO_MUCH)


def test_more_sections_than_allowed_are_too_many_pages(ask: Ask) -> None:
    assert refusal(ask, "many").reason is FailureReason.TOO_MANY_PAGES


@pytest.mark.parametrize("deed", ["flood", "piles"])
def test_more_text_than_allowed_costs_the_parent_no_memory(ask: Ask, deed: str) -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    assert refusal(ask, deed, characters=3_000_000).reason is FailureReason.EXPANDS_TOO_MUCH
    assert process.memory_info().rss - before < 50 << 20


def test_a_reader_that_prints_disturbs_nothing(ask: Ask) -> None:
    assert ask("chatter") == "still here"


def test_lone_surrogates_never_arrive(ask: Ask) -> None:
    assert ask("surrogates") == "a?b"


def test_a_document_beyond_the_size_limit_is_too_large(ask: Ask) -> None:
    assert refusal(ask, "sleep", document=3).reason is FailureReason.TOO_LARGE


def test_a_reader_that_is_not_installed_is_no_fault_of_the_document() -> None:
    extractor = SandboxedExtractor(readers={MediaType.TEXT: "studyteddy.no_such_reader"})
    with pytest.raises(ReaderBroken, match="no_such_reader"):
        extractor.extract(io.BytesIO(b"text"), MediaType.TEXT)


def test_a_slow_caller_does_not_use_up_the_documents_time() -> None:
    extractor = SandboxedExtractor(Limits(wall_seconds=2.0))
    sections = extractor.extract(io.BytesIO(pdf([["A line of text."]] * 400)), MediaType.PDF).sections
    next(sections)
    time.sleep(2.2)
    assert sum(1 for _ in sections) == 399


def test_a_closed_extraction_ends_its_child() -> None:
    before = set(psutil.Process().children())
    extraction = SandboxedExtractor().extract(io.BytesIO(pdf([["A line of text."]] * 1500)), MediaType.PDF)
    assert set(psutil.Process().children()) - before
    extraction.sections.close()  # type: ignore[attr-defined]
    assert not set(psutil.Process().children()) - before


def test_no_file_descriptor_is_left_behind(ask: Ask) -> None:
    ask("chatter")
    before = psutil.Process().num_fds()
    for deed in ("chatter", "late", "exit", "memory"):
        try:
            ask(deed)
        except ExtractionFailed:
            continue
    assert psutil.Process().num_fds() == before


@pytest.mark.parametrize("kind", list(MediaType), ids=lambda kind: kind.name.lower())
def test_a_child_loads_only_what_its_format_needs(kind: MediaType) -> None:
    code = f"import sys; sys.path[:] = {sys.path!r}; import studyteddy.adapters.text_extraction.child, {READERS[kind]}"
    code += "; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True).stdout
    packages = {name.partition(".")[0] for name in loaded.split()}
    wanted = {
        MediaType.HTML: {"selectolax"},
        MediaType.EPUB: {"selectolax"},
        MediaType.MARKDOWN: {"selectolax", "markdown_it", "mdurl"},
    }
    foreign = packages - set(sys.stdlib_module_names) - {"studyteddy", "__main__", "cython_runtime"}
    assert {name for name in foreign if not name.startswith("_")} == wanted.get(kind, set())
    assert not {"asyncio", "unittest", "studyteddy.domain.documents"} & set(loaded.split())


def test_it_works_from_a_folder_with_spaces(tmp_path: Path) -> None:
    home = tmp_path / "a folder: with spaces 'and' ünïcode"
    package = Path(sys.modules["studyteddy"].__path__[0])
    shutil.copytree(package, home / "studyteddy", ignore=shutil.ignore_patterns("__pycache__", "static"))
    code = (
        "import io, sys; sys.path.insert(0, sys.argv[1])\n"
        "from studyteddy.adapters.text_extraction import sandboxed\n"
        "from studyteddy.domain.documents import MediaType\n"
        "assert sandboxed.__file__.startswith(sys.argv[1])\n"
        "found = sandboxed.SandboxedExtractor().extract(io.BytesIO(sys.argv[2].encode()), MediaType.TEXT)\n"
        "print(*(section.text for section in found.sections))"
    )
    arguments = [sys.executable, "-c", code, str(home), "hello from afar"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.strip() == "hello from afar", done.stderr
