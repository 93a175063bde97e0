from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# What `pip install studyteddy` may bring along.
BARE = {"studyteddy", "snowballstemmer", "Stemmer", "tzdata", "uuid6"}

LOADED_BY_THE_LIBRARY = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
for name in ("studyteddy.domain", "studyteddy.application", "studyteddy.adapters.in_memory"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
print(json.dumps(sorted({name.split(".")[0] for name in set(sys.modules) - before})))
"""


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=;, ]", requirement)[0].lower()


def project() -> dict[str, object]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]


def test_the_library_loads_nothing_beside_the_standard_library_and_its_own_dependencies() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADED_BY_THE_LIBRARY], check=True, capture_output=True, text=True, cwd=PROJECT
    )
    names = {name for name in json.loads(told.stdout) if not name.startswith("_sysconfigdata")}
    loaded = names - sys.stdlib_module_names
    assert "studyteddy" in loaded
    assert loaded <= BARE


def test_a_bare_installation_brings_no_server_database_or_network_package() -> None:
    dependencies = project()["dependencies"]
    assert isinstance(dependencies, list)
    assert {distribution(one) for one in dependencies} == {"snowballstemmer", "tzdata", "uuid6"}


def test_every_extra_that_is_promised_exists() -> None:
    extras = project()["optional-dependencies"]
    assert isinstance(extras, dict)
    assert {"server", "worker", "embedded", "openai", "s3", "fsrs", "all"} <= set(extras)


def test_locks_carry_hashes_and_no_addresses() -> None:
    for lock in (PROJECT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text
        assert not re.search(r"^--?(?!hash)", text, re.MULTILINE), "an option, such as the address of an index"
        pinned = re.findall(r"^[a-z0-9._-]+==.*", text, re.MULTILINE)
        assert len(pinned) > (50 if lock.stem in ("run", "dev", "production") else 0)
        assert all(line.endswith("\\") for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)


def test_the_locks_agree_and_name_every_dependency() -> None:
    pins = {
        name: dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (PROJECT / f"requirements/{name}.txt").read_text(), re.M))
        for name in ("run", "dev", "production", "build")
    }
    for name in ("run", "production", "build"):
        assert pins[name].items() <= pins["dev"].items()
    about = project()
    dependencies, extras = about["dependencies"], about["optional-dependencies"]
    assert isinstance(dependencies, list)
    assert isinstance(extras, dict)
    needed = [*dependencies, *extras["server"], *extras["embedded"], *extras["openai"], *extras["postgres"]]
    assert {distribution(one) for one in needed} - {"studyteddy"} <= set(pins["run"])
    served = [*extras["production"], *extras["server"], *extras["worker"], *extras["s3"], *extras["observability"]]
    assert {distribution(one) for one in served} - {"studyteddy"} <= set(pins["production"])


def test_package_files_that_make_folders_packages_are_empty() -> None:
    assert [str(one) for one in (PROJECT / "src").rglob("__init__.py") if one.read_text().strip()] == []
