from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from studyteddy.domain.documents import FailureReason
from studyteddy.entrypoints.commands.documents import ADVICE
from studyteddy.entrypoints.commands.program import program
from studyteddy.entrypoints.doctor.machine import disk, home, python
from studyteddy.entrypoints.logging import configure_logging

HEAVY = {"alembic", "dependency_injector", "flask", "openai", "psycopg", "pydantic", "rich", "sqlalchemy", "structlog"}
RUN = "from studyteddy.entrypoints.cli import main; main()"


def run(*arguments: str, code: str = RUN, at: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program in a fresh process with these settings alone."""
    environment = {"PATH": os.environ["PATH"], "STUDYTEDDY_HOME": str(at / "home"), **settings}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=at, env=environment)


def test_help_names_the_commands_and_the_exit_codes(tmp_path: Path) -> None:
    told = run("--help", at=tmp_path)
    assert told.returncode == 0
    for word in (
        "serve",
        "migrate",
        "doctor",
        "ask",
        "openapi",
        "backup",
        "restore",
        "import",
        "user",
        "Exit codes:",
        "130",
    ):
        assert word in told.stdout


@pytest.mark.parametrize(
    "command",
    ["serve", "migrate", "doctor", "backup", "restore", "ask", "openapi", "import documents", "user add"],
)
def test_every_command_explains_itself(command: str) -> None:
    told = CliRunner().invoke(program, [*command.split(), "--help"])
    assert told.exit_code == 0
    assert "Usage:" in told.stdout


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    listing = "\nimport json\nprint(json.dumps(sorted(sys.modules)))"
    code = f"import sys\ntry:\n    {RUN}\nexcept SystemExit:\n    pass{listing}"
    loaded = json.loads(run("--help", code=code, at=tmp_path).stdout.splitlines()[-1])
    assert "typer" in loaded
    assert HEAVY.isdisjoint(name.split(".")[0] for name in loaded)


def test_wrong_usage_is_told_with_exit_code_two() -> None:
    told = CliRunner().invoke(program, ["ask", "Why?"])
    assert told.exit_code == 2
    assert "--user" in told.stderr


def test_wrong_settings_are_named_one_by_one_with_exit_code_two(tmp_path: Path) -> None:
    told = run("migrate", at=tmp_path, JWT_SECRET="short", LLM_PROVIDER="openai", PORT="x")
    assert told.returncode == 2
    heading, *faults = told.stderr.splitlines()
    assert heading == "The settings are wrong:"
    assert {fault.partition(":")[0] for fault in faults} == {"JWT_SECRET", "OPENAI_API_KEY", "PORT"}
    assert not told.stdout


def test_a_data_directory_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = run("user", "list", at=tmp_path, STUDYTEDDY_HOME=str(tmp_path / "file" / "home"))
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert str(tmp_path / "file") in told.stderr


@pytest.mark.parametrize("missing", ["typer", "dependency_injector"])
def test_a_bare_installation_says_what_to_install(tmp_path: Path, missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; {RUN}"
    told = run("user", "list", code=code, at=tmp_path)
    assert told.returncode == 1
    assert told.stderr == (
        f"The package {missing} is missing. Install the program: pip install 'studyteddy[embedded]'\n"
    )


def test_doctor_names_the_wrong_settings_and_goes_no_further(tmp_path: Path) -> None:
    told = run("doctor", at=tmp_path, JWT_SECRET="short", API_PORT="8001")
    assert told.returncode == 1
    lines = told.stdout.splitlines()
    assert lines[0].startswith("ok     Python: 3.")
    assert "ok     setting API_PORT: from the environment" in lines
    assert any(line.startswith("WRONG  setting JWT_SECRET: ") for line in lines)
    assert not any("database" in line for line in lines)
    assert not (tmp_path / "home").exists()


def test_doctor_tells_settings_of_the_file_from_those_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHAT_MODEL=llama3.2\nAPI_PREFIX=\nPORT=99999\n")
    lines = run("doctor", at=tmp_path, LLM_PROVIDER="compatible").stdout.splitlines()
    assert "ok     setting CHAT_MODEL: from .env" in lines
    assert "ok     setting LLM_PROVIDER: from the environment" in lines
    assert {line.partition(":")[0] for line in lines if line.startswith("WRONG")} == {
        "WRONG  setting PORT",
        "WRONG  setting OPENAI_BASE_URL",
    }


def test_doctor_refuses_an_old_python() -> None:
    assert not python((3, 10)).well
    assert python((3, 11)).well


def test_doctor_tells_a_full_disk_and_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    assert disk(tmp_path / "not" / "made" / "yet", least=1).well
    assert not disk(tmp_path, least=10**18).well
    assert home(tmp_path / "not" / "made" / "yet").well
    assert not (tmp_path / "not").exists()
    (tmp_path / "file").write_text("in the way")
    assert not home(tmp_path / "file" / "home").well


def test_every_reason_why_a_document_fails_has_advice() -> None:
    assert set(ADVICE) == {reason.value for reason in FailureReason}


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:], root.level = before[:2]
    alembic.setLevel(before[2])


@pytest.mark.usefixtures("logging_restored")
def test_a_logged_crash_shows_where_it_was_and_no_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    password = "seven purple hedgehogs"
    try:
        raise ValueError(len(password))
    except ValueError:
        logging.getLogger("studyteddy.somewhere").exception("it crashed")
    line = capsys.readouterr().err
    assert "hedgehogs" not in line
    told = json.loads(line)
    assert (told["event"], told["level"]) == ("it crashed", "error")
    assert told["exception"][0]["exc_type"] == "ValueError"
    assert told["exception"][0]["frames"][-1]["filename"] == __file__


@pytest.mark.usefixtures("logging_restored")
def test_migrations_are_quiet_at_the_usual_level(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    logging.getLogger("alembic.runtime.migration").info("Context impl PostgresqlImpl.")
    logging.getLogger("studyteddy").info("request")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["request"]
