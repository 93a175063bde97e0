from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from e2e.server import FIXTURES, PASSWORD, Person, Server
from studyteddy.adapters.postgres.migrate import known_revisions

pytestmark = pytest.mark.embedded_only("the commands of a laptop, which bring their own database")

ADA = "ada@example.org"


class Shell:
    """Runs the program beside a server, on the same data."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def command(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", "studyteddy", *arguments],
            env={**kept, "STUDYTEDDY_HOME": str(self.home), "STUDYTEDDY_BCRYPT_ROUNDS": "4", **settings},
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **settings: str) -> tuple[int, list[str], str]:
        """Exit code, the lines of standard output, and standard error."""
        process = self.command(*arguments, **settings)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output.splitlines(), errors


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path / "home")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with two documents, one that can't be read, and things that are no documents."""
    folder = tmp_path / "shelf"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(FIXTURES / "sourdough.pdf", folder)
    shutil.copy(FIXTURES / "locked.pdf", folder)
    shutil.copy(FIXTURES / "sourdough.txt", folder / "deep")
    (folder / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / ".hidden.txt").write_text("not meant to be read")
    return folder


def test_without_a_server_the_commands_go_the_whole_way(shell: Shell, shelf: Path) -> None:
    assert shell.run("migrate")[1:] == ([f"The database is at revision {known_revisions()[0]}."], "")
    code, lines, errors = shell.run("user", "add", ADA, "--password", PASSWORD)
    assert (code, errors) == (0, "")
    assert lines[0].startswith(f"Made the account {ADA}")

    code, lines, errors = shell.run("import", "documents", str(shelf), "--user", ADA, "--subject", "Baking")
    assert code == 1
    assert [json.loads(line)["level"] for line in errors.splitlines()] == ["warning"]
    assert [(line.split()[0], Path(line.split()[1].rstrip(":")).name) for line in lines] == [
        ("ready", "sourdough.txt"),
        ("failed", "locked.pdf"),
        ("ready", "sourdough.pdf"),
    ]
    assert "password" in lines[1]
    document_id = re.search(r"id ([0-9a-f-]{36})", lines[2])[1]

    code, lines, errors = shell.run("import", "documents", str(shelf / "sourdough.pdf"), "--user", ADA)
    assert (code, errors) == (0, "")
    assert lines[0].endswith("(was there already)")

    question = "How often do I feed the starter?"
    code, lines, errors = shell.run("ask", question, "--user", ADA, "--document", document_id)
    assert (code, errors) == (0, "")
    assert re.fullmatch(r'\[1\] sourdough\.pdf, page \d+(?: \(.*\))?: ".+"', lines[-1])

    assert shell.run("ask", question, "--user", "nobody@example.org")[0] == 1
    assert shell.run("ask", question, "--user", ADA, "--document", "01a204e5-9caa-7e9a-b2a4-d706ac7385cd")[0] == 1


def test_beside_a_server_commands_share_its_database_and_leave_its_jobs_alone(shell: Shell, shelf: Path) -> None:
    with Server(shell.home) as server:
        ada = server.person(ADA)
        mine = ada.keep(FIXTURES / "sourdough.md")
        code, lines, errors = shell.run("import", "documents", str(shelf / "sourdough.pdf"), "--user", ADA)
        assert (code, errors) == (0, "")
        assert ada.ready(mine)["status"] == "ready"
        assert {one["filename"] for one in ada.everything("/documents")} == {"sourdough.md", "sourdough.pdf"}
        code, lines, errors = shell.run("ask", "How often do I feed the starter?", "--user", ADA)
        assert (code, errors) == (0, "")
        assert lines[-1].startswith("[")
        assert len(ada.everything("/threads")) == 1

        code, lines, _ = shell.run("user", "list")
        assert code == 0
        assert ADA in lines[0]
        assert shell.run("user", "set-password", ADA, "--password", "nine green hedgehogs")[0] == 0
        assert ada.get("/users/me").code == "session_ended"

        port = server.address.rpartition(":")[2]
        code, lines, _ = shell.run("doctor", "--port", port)
        assert code == 0
        assert f"ok     port: Study Teddy runs at http://127.0.0.1:{port}" in lines
        assert "alembic" not in server.log()
        assert server.stop() == 0
    assert not (shell.home / "postgres" / "postmaster.pid").exists()


def test_doctor_finds_all_well_before_the_first_start(shell: Shell) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, lines, errors = shell.run("doctor", PORT=str(port))
    assert (code, errors) == (0, "")
    assert {line.split(":")[0] for line in lines} == {
        f"ok     {part}"
        for part in (
            "Python",
            "setting STUDYTEDDY_HOME",
            "setting STUDYTEDDY_BCRYPT_ROUNDS",
            "setting PORT",
            "data directory",
            "disk",
            "database",
            "extension vector",
            "tables",
            "reading documents",
            "language model",
            "mail server",
            "port",
        )
    }


def test_doctor_says_what_to_do_about_a_taken_port_and_a_database_that_is_away(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, lines, errors = shell.run("doctor", PORT=str(port), DATABASE_URL="postgresql://teddy@127.0.0.1:1/nowhere")
    assert (code, errors) == (1, "")
    wrong = [line for line in lines if line.startswith("WRONG")]
    assert [line.split(":")[0] for line in wrong] == ["WRONG  database", "WRONG  port"]
    assert "DATABASE_URL" in wrong[0]
    assert f"PORT={port + 1}" in wrong[1]


class Models(BaseHTTPRequestHandler):
    """A model server that knows one model and one key."""

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == "Bearer good-key"
        body = {"object": "list", "data": [{"id": "llama3.2", "object": "model", "created": 0, "owned_by": "me"}]}
        answer = json.dumps(body if known else {"error": {"message": "wrong key"}}).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def models() -> Iterator[str]:
    """The address of a model server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Models) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.parametrize(
    ("model", "key", "finding"),
    [
        ("llama3.2", "good-key", "ok     language model: llama3.2 at "),
        ("gemma9", "good-key", "WRONG  language model: the server has no gemma9; set CHAT_MODEL to one of: llama3.2"),
        ("llama3.2", "bad-key", "WRONG  language model: "),
    ],
)
def test_doctor_asks_the_model_server_for_its_models(
    shell: Shell, models: str, model: str, key: str, finding: str
) -> None:
    settings = {"OPENAI_BASE_URL": models, "CHAT_MODEL": model, "OPENAI_API_KEY": key}
    away = {"DATABASE_URL": "postgresql://teddy@127.0.0.1:1/nowhere"}  # quicker than one of its own
    _, lines, _ = shell.run("doctor", **settings, **away)
    assert next(line for line in lines if "language model" in line).startswith(finding)
    assert key not in "\n".join(lines)


def test_ctrl_c_ends_a_command_with_130_and_cancels_its_question(shell: Shell, shelf: Path) -> None:
    shell.run("user", "add", ADA, "--password", PASSWORD)
    shell.run("import", "documents", str(shelf / "sourdough.pdf"), "--user", ADA)
    with socket.socket() as silent:  # a model server that takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        asking = shell.command("ask", "What is a starter?", "--user", ADA, OPENAI_BASE_URL=address, CHAT_MODEL="m")
        silent.settimeout(60)
        connection, _ = silent.accept()
        time.sleep(0.5)
        os.killpg(asking.pid, signal.SIGINT)
        _, errors = asking.communicate(timeout=30)
        connection.close()
    assert asking.returncode == 130
    assert "Traceback" not in errors
    with Server(shell.home) as server:
        ada = Person(server, Person(server).ok("POST", "/auth/login", {"email": ADA, "password": PASSWORD}))
        (thread,) = ada.everything("/threads")
        answer = ada.everything(f"/threads/{thread['id']}/messages")[-1]
    assert answer["status"] == "cancelled"
