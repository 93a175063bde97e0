from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from studyteddy.entrypoints.settings import Settings

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHELL_EXAMPLES = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
# What `pip install studyteddy` brings along.
BARE = {"studyteddy", "snowballstemmer", "tzdata", "uuid6"}

# snowballstemmer takes the quicker PyStemmer where it is installed, which a bare installation does not do.
WITHOUT_PYSTEMMER = """
import sys
sys.modules["Stemmer"] = None
"""
LOADED = """
import json, sys
print(json.dumps(sorted({name.split(".")[0] for name, module in sys.modules.items() if module})))
"""


def output_of(code: str) -> list[str]:
    told = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def before_anything_is_imported() -> set[str]:
    return set(json.loads(output_of(LOADED)[-1]))


def test_the_scheduling_example_prints_what_sm2_gives() -> None:
    interval, preview = output_of(EXAMPLES[0])
    # 1 day, 6 days, then 6 * 2.5 = 15 with "hard", which takes 0.14 off the ease factor.
    assert interval == "15 2.36"
    # Forgotten: tomorrow. Remembered: 15 * 2.36 = 35.4.
    assert preview == "{'again': 1, 'hard': 35, 'good': 35, 'easy': 35}"


def test_the_example_of_a_whole_study_teddy_answers_with_a_citation() -> None:
    *answer, last = output_of(EXAMPLES[1])
    assert last.startswith('- "Osmosis is the movement of water through a membrane')
    assert last.endswith("[1] ['Osmosis']")
    assert "Quoted from your documents" in answer[0]


@pytest.mark.parametrize("example", EXAMPLES, ids=["scheduling", "whole"])
def test_examples_load_nothing_beside_the_standard_library_and_the_bare_dependencies(example: str) -> None:
    loaded = set(json.loads(output_of(WITHOUT_PYSTEMMER + example + LOADED)[-1])) - before_anything_is_imported()
    foreign = {name for name in loaded - sys.stdlib_module_names if not name.startswith("_sysconfigdata")}
    assert "studyteddy" in foreign
    assert foreign <= BARE


def test_every_file_that_is_linked_exists() -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
    assert len(links) >= 5
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_every_make_target_of_the_shell_examples_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^(?:[A-Z]+=\S+ )?make ([a-z]+)", "\n".join(SHELL_EXAMPLES), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_shell_examples_can_be_read_by_a_shell() -> None:
    for example in SHELL_EXAMPLES:
        assert shlex.split(example, comments=True)


def test_the_example_of_settings_names_every_setting_with_its_default() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    given = dict(line.removeprefix("# ").split("=", 1) for line in lines if re.match(r"# [A-Z0-9_]+=", line))
    assert [line for line in lines if line and not line.startswith("# ")] == []
    examples = {
        "STUDYTEDDY_PROFILE", "DATABASE_URL", "REDIS_URL", "REDIS_CACHE_URL", "S3_BUCKET", "S3_ENDPOINT_URL",
        "OPENAI_BASE_URL", "SMTP_URL", "MAIL_FROM",
    }  # fmt: skip
    for field in Settings.model_fields.values():
        (name,) = names_of(field) & given.keys()
        if name in examples or not given[name]:
            continue
        assert Settings(_env_file=None, **{name: given[name]}) == Settings(_env_file=None), name
    known = {name for field in Settings.model_fields.values() for name in names_of(field)}
    assert given.keys() <= known


def names_of(field: FieldInfo) -> set[str]:
    alias = field.validation_alias
    return {str(name) for name in alias.choices} if isinstance(alias, AliasChoices) else {str(alias)}
