"""The drill: a backup while people work, everything gone, and the same Study Teddy again from one file."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from e2e.production import Engines, ProductionServer
from e2e.server import FIXTURES, PASSWORD, OpenServer, Person, Server, eventually

QUESTION = "How often do I feed the starter?"


def test_everything_is_there_again_after_the_loss_of_everything(tmp_path: Path, open_server: OpenServer) -> None:
    file = tmp_path / "teddy.tar"
    with open_server(tmp_path / "old") as server:
        ada, bob = server.person("ada@example.org"), server.person("bob@example.org")
        document_id = study(ada)
        with writing(bob) as acknowledged:
            eventually(lambda: len(acknowledged) >= 5)
            waiting = bob.upload("late.txt", b"A levain is a part of the dough that raises the next loaf.")
            before, promised = ada.dump(), set(acknowledged)
            ran = server.run("backup", str(file))
            assert (ran.returncode, ran.stderr) == (0, ""), ran
            eventually(lambda: len(acknowledged) > len(promised))
        answer = asked(ada)
        server.kill(database=True)
    shutil.rmtree(tmp_path / "old")

    with open_server(tmp_path / "new") as server:
        server.stop()
        ran = server.run("restore", str(file))
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        server.start()
        again = Person(server, ada.login)
        assert again.dump() == before
        assert again.log_in().id == ada.id
        assert same_words(asked(again.log_in())) == same_words(answer)
        content = again.get(f"/documents/{document_id}/file").body
        assert content == (FIXTURES / "sourdough.pdf").read_bytes()

        late = Person(server, bob.login)
        tasks = late.everything("/tasks")
        assert promised <= {task["id"] for task in tasks}
        assert {task["title"] for task in tasks} == {f"Task {number}" for number in range(len(tasks))}
        assert late.ready(waiting.json["document"]["id"])["chunk_count"] == 1
        renewed = Person(server).ok("POST", "/auth/refresh", {"refresh_token": bob.login["refresh_token"]})
        assert renewed["user"]["id"] == bob.id
        assert "Traceback" not in server.log()


def test_a_laptop_moves_to_a_server_and_back(tmp_path: Path, engines: Engines) -> None:
    up, down = tmp_path / "up.tar", tmp_path / "down.tar"
    with Server(tmp_path / "laptop") as laptop:
        ada = laptop.person()
        document_id = study(ada)
        before, answer = ada.dump(), asked(ada, keep=False)
        assert laptop.run("backup", str(up)).returncode == 0
    with ProductionServer(tmp_path / "hosted", engines=engines) as hosted:
        restore(hosted, up)
        hosted.start()
        moved = Person(hosted, ada.login).log_in()
        assert moved.dump() == before
        assert same_words(asked(moved, keep=False)) == same_words(answer)
        assert moved.get(f"/documents/{document_id}/file").body == (FIXTURES / "sourdough.pdf").read_bytes()
        assert len(hosted.place.bucket.keys()) == 1
        assert hosted.run("backup", str(down)).returncode == 0
    with Server(tmp_path / "back") as back:
        restore(back, down, "--end-logins")
        back.start()
        assert Person(back).post("/auth/refresh", {"refresh_token": moved.login["refresh_token"]}).status == 401
        returned = Person(back, ada.login).log_in()
        assert returned.dump() == before
        assert returned.get(f"/documents/{document_id}/file").body == (FIXTURES / "sourdough.pdf").read_bytes()


@pytest.mark.embedded_only("tells by the files on the disk how far the restore is")
def test_a_restore_that_was_killed_leaves_nothing_that_anybody_sees_and_can_be_run_again(tmp_path: Path) -> None:
    file, home = tmp_path / "teddy.tar", tmp_path / "new"
    with Server(tmp_path / "old") as server:
        ada = server.person()
        study(ada)
        for number in range(30):
            ada.upload(f"{number}.txt", f"Note {number}: a levain raises the next loaf.".encode())
        eventually(lambda: all(one["status"] == "ready" for one in ada.everything("/documents")))
        before = ada.dump()
        assert server.run("backup", str(file)).returncode == 0
    server = Server(home)
    home.mkdir()
    for files in (1, 10, 25):
        kill_restore(server, file, files)
    with server:
        there = Person(server).post("/auth/login", {"email": "ada@example.org", "password": PASSWORD}).status == 200
        assert not there or Person(server, ada.login).dump() == before
    restore_into(server, file, "--replace", "--yes")
    with server:
        assert Person(server, ada.login).dump() == before
        assert len(kept_files(home)) == 31


def kill_restore(server: Server, file: Path, files: int) -> None:
    """Kill a restore once so many files are in their place."""
    restoring = server.command("restore", str(file))
    eventually(lambda: len(kept_files(server.home)) >= files or restoring.poll() is not None, every=0.001)
    restoring.kill()
    restoring.communicate()


def kept_files(home: Path) -> list[Path]:
    return [path for path in (home / "objects").glob("*/*") if path.parent.name != ".incoming"]


@pytest.mark.embedded_only("the refusals of one command")
def test_what_can_not_be_restored_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "teddy.tar"
    with Server(tmp_path / "home") as server:
        ada = server.person()
        study(ada)
        before = ada.dump()
        assert server.run("backup", str(file)).returncode == 0
        cut = tmp_path / "cut.tar"
        cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        for arguments, words in (
            (("restore", str(file)), "give --replace"),
            (("restore", str(file), "--replace"), "1 account and 1 document"),
            (("restore", str(cut), "--replace", "--yes"), "cut.tar is "),
            (("backup", str(cut), "--verify"), "cut.tar is "),
            (("backup", str(tmp_path / "nowhere" / "teddy.tar")), "could not be written"),
        ):
            ran = server.run(*arguments)
            assert (ran.returncode, ran.stdout) == (1, ""), ran
            assert words in ran.stderr
            assert len(ran.stderr.splitlines()) == 1
        assert ada.dump() == before


def restore(server: Server, file: Path, *options: str) -> None:
    server.stop()
    restore_into(server, file, *options)


def restore_into(server: Server, file: Path, *options: str) -> None:
    ran = server.run("restore", str(file), *options)
    assert (ran.returncode, ran.stderr) == (0, ""), ran


def study(ada: Person) -> str:
    """Some of everything, at rest in the end; the id of the document."""
    ada.ok("POST", "/tasks", {"title": "Read the notes", "subject": "baking", "priority": "high"})
    document_id = ada.keep(FIXTURES / "sourdough.pdf", subject="baking")
    ada.ready(document_id)
    asked(ada)
    deck = ada.ok("POST", "/decks", {"name": "Baking \\ Tab\t Ünïcode 🧸"})["id"]
    card = ada.ok("POST", f"/decks/{deck}/cards", {"front": "Line\nend", "back": "Back\\slash"})["id"]
    ada.ok("POST", f"/decks/{deck}/cards", {"front": "Another?", "back": "Yes."})
    ada.ok("POST", f"/cards/{card}/reviews", {"quality": 4})
    session = ada.ok("POST", "/study-sessions", {"planned_minutes": 25})["id"]
    ada.ok("POST", f"/study-sessions/{session}/finish", {})
    return document_id


def asked(person: Person, *, keep: bool = True) -> Any:
    """The answer to one question; its thread is thrown away unless it is to be kept."""
    message = person.ok("POST", "/ask", {"question": QUESTION})["message"]
    assert message["status"] == "complete"
    assert message["citations"]
    if not keep:
        person.ok("DELETE", f"/threads/{message['thread_id']}")
    return message


def same_words(message: Any) -> Any:
    return message["content"], message["citations"], message["model"]


@contextmanager
def writing(person: Person) -> Iterator[list[str]]:
    """Adds task after task meanwhile; the ids of those that were acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            acknowledged.append(person.ok("POST", "/tasks", {"title": f"Task {len(acknowledged)}"})["id"])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        thread.join()
