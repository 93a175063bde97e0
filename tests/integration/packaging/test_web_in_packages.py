"""Packages carry the web application. Built from a copy of the tree with small pages, and without Node on the PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NAMES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "CHANGELOG.md")
PAGES = {
    "index.html": "<p>home</p>",
    "csp.json": "{}",
    "tasks.html.br": "packed",
    "_next/static/chunks/a1b2.js": "go()",
    "tasks/__next.!KGFwcCk.tasks.__PAGE__.txt": "0:segment",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What a package is made of, where git ignores the pages as it does in a clone."""
    if not (ROOT / "hatch_build.py").is_file():
        pytest.skip("not in a clone of the sources")
    for name in NAMES:
        shutil.copy(ROOT / name, tmp_path)
    source = tmp_path / "src" / "studyteddy"
    source.mkdir(parents=True)
    shutil.copy(ROOT / "src/studyteddy/__init__.py", source)
    (tmp_path / ".gitignore").write_text("src/studyteddy/_web/\n")
    (tmp_path / ".git").mkdir()
    return tmp_path


def add_pages(tree: Path) -> None:
    for name, text in PAGES.items():
        path = tree / "src/studyteddy/_web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def build(tree: Path, target: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in ("STUDYTEDDY_WEB", "VIRTUAL_ENV")}
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target],
        cwd=tree,
        env={**env, "PATH": "/nonexistent", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def pages_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as content:
        prefix = "studyteddy/_web/"
        return {name.removeprefix(prefix) for name in content.namelist() if name.startswith(prefix)}


def only(tree: Path, pattern: str) -> Path:
    (found,) = (tree / "dist").glob(pattern)
    return found


def test_a_wheel_holds_the_pages_that_git_ignores(tree: Path) -> None:
    add_pages(tree)
    outcome = build(tree, "wheel")
    assert outcome.returncode == 0, outcome.stderr
    assert pages_of(only(tree, "*.whl")) == set(PAGES)


def test_a_wheel_is_made_of_a_source_distribution_without_node(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add_pages(tree)
    assert build(tree, "sdist").returncode == 0
    place = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(only(tree, "*.tar.gz")) as content:
        # Some patched Pythons of distributions know no filters yet, and we made this file ourselves.
        content.extraction_filter = getattr(tarfile, "data_filter", None)
        content.extractall(place)
    (unpacked,) = place.iterdir()
    outcome = build(unpacked, "wheel")
    assert outcome.returncode == 0, outcome.stderr
    assert pages_of(only(unpacked, "*.whl")) == set(PAGES)


def test_without_pages_and_node_it_stops_and_says_what_to_do(tree: Path) -> None:
    outcome = build(tree, "wheel")
    assert outcome.returncode != 0
    assert "make web" in outcome.stderr
    assert "STUDYTEDDY_WEB=skip" in outcome.stderr


def test_the_pages_can_be_left_out_on_purpose(tree: Path) -> None:
    add_pages(tree)
    assert build(tree, "wheel", STUDYTEDDY_WEB="skip").returncode == 0
    assert pages_of(only(tree, "*.whl")) == set()
