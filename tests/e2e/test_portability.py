"""Somebody takes everything along, brings it to another account, and is forgotten where they were."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import redis
import websocket

from e2e.production import ProductionServer
from e2e.server import FIXTURES, PASSWORD, OpenServer, Person, Server, Socket, eventually, form

CANARY = "zyzzyvaquincunx"
TEXT = "The WORD is a weevil that lives on palms. A WORD sings every forenoon under the leaves of a palm."


def furnish(person: Person, word: str) -> str:
    """Put a word into every text that the API takes; give the id of a document."""
    person.ok("PATCH", "/users/me", {"display_name": f"Ada {word}", "time_zone": "Europe/Berlin"})
    task = person.ok(
        "POST",
        "/tasks",
        {
            "title": f"={word}",
            "description": word,
            "subject": word,
            "due_at": "2026-03-01T09:00:00Z",
            "recurrence": "FREQ=DAILY",
        },
    )
    person.ok("POST", f"/tasks/{task['id']}/complete")
    upload = person.upload(f"{word}.txt", TEXT.replace("WORD", word).encode(), title=f"About {word}", subject=word)
    document: str = person.ready(upload.json["document"]["id"])["id"]
    person.ready(person.keep(FIXTURES / "sourdough.pdf"))
    person.ok("POST", "/search", {"query": f"where does the {word} live"})
    thread = person.ok("POST", "/threads", {"title": f"On {word}"})["id"]
    answer = person.ok("POST", "/ask", {"question": f"Where does the {word} live?", "thread_id": thread})
    person.ok("POST", f"/messages/{answer['message']['id']}/feedback", {"rating": 5, "reason": word})
    deck = person.ok("POST", "/decks", {"name": f"Deck of {word}", "description": word})["id"]
    job = person.ok("POST", f"/documents/{document}/flashcards", {"deck_id": deck, "count": 3})["job_id"]
    eventually(lambda: person.ok("GET", f"/jobs/{job}")["status"] == "done")
    cards = [
        person.ok("POST", f"/decks/{deck}/cards", {"front": f"{word} {n}?", "back": word, "tags": [word]})
        for n in range(3)
    ]
    for rating in ("good", "again", "easy"):
        for card in cards:
            key = {"Idempotency-Key": f"{word}-{rating}-{card['id']}"}
            review = person.ok("POST", f"/cards/{card['id']}/reviews", {"rating": rating}, headers=key)["review"]
    person.ok("POST", f"/reviews/{review['id']}/undo")
    session = person.ok("POST", "/study-sessions", {"subject": word, "task_id": task["id"]})["id"]
    person.ok("POST", f"/study-sessions/{session}/finish", {"notes": f"{word} all day"})
    person.ok("POST", "/calendar/rotate")
    wishes = person.ok("GET", "/notifications/preferences")
    person.ok("PUT", "/notifications/preferences", {**wishes, "reminder_hour": 19, "language": "de"})
    for name in ("summary", "subjects", "heatmap", "forecast", "retention"):
        person.ok("GET", f"/analytics/{name}")
    return document


def exported(person: Person) -> tuple[bytes, dict[str, Any]]:
    answer = person.get("/users/me/export")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip"), answer
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        return answer.body, json.loads(archive.read("manifest.json"))


def brought(person: Person, file: bytes) -> Any:
    body, kind = form(("file", "studyteddy.zip", file))
    answer = person.post("/users/me/import", raw=body, headers={"Content-Type": kind}, timeout=120)
    assert answer.status == 202, answer
    job = answer.json["job_id"]
    return eventually(
        lambda: (found := person.ok("GET", f"/jobs/{job}"))["status"] in ("done", "failed") and found, seconds=120
    )


def test_what_is_brought_to_an_empty_account_is_exported_alike(server: Server) -> None:
    ada, bea = server.person("ada@example.org"), server.person("bea@example.org")
    document = furnish(ada, "levain")
    file, told = exported(ada)
    assert brought(bea, file)["status"] == "done"
    again, retold = exported(bea)
    assert retold["content_sha256"] == told["content_sha256"]
    assert retold["counts"] == told["counts"]
    assert {**told["counts"], "review": 0} != dict.fromkeys(told["counts"], 0)
    read = [bea.ready(one["id"]) for one in bea.everything("/documents")]
    assert {one["filename"] for one in read} == {"levain.txt", "sourdough.pdf"}
    assert bea.ok("POST", "/search", {"query": "weevil palms"})["results"][0]["filename"] == "levain.txt"
    original = ada.get(f"/documents/{document}/file").body
    assert original in [bea.get(f"/documents/{one['id']}/file").body for one in read]
    assert bea.ok("GET", "/users/me")["display_name"] == "Ada levain"
    assert bea.ok("GET", "/notifications/preferences")["reminder_hour"] == 19
    body, kind = form(("file", "studyteddy.zip", again))
    refused = bea.post("/users/me/import", raw=body, headers={"Content-Type": kind})
    assert (refused.status, refused.code) == (409, "account_not_empty")


def test_what_is_no_export_is_refused_at_once(server: Server) -> None:
    eve = server.person("eve@example.org")
    for name, content, code in (("a.zip", b"PK no zip", "not_an_export"), ("b.zip", b"", "not_an_export")):
        body, kind = form(("file", name, content))
        refused = eve.post("/users/me/import", raw=body, headers={"Content-Type": kind})
        assert (refused.status, refused.code) == (422, code)
    assert eve.post("/users/me/import", {"file": "x"}).status == 415


def test_the_command_line_moves_an_account(server: Server, tmp_path: Path) -> None:
    cara, dan = server.person("cara@example.org"), server.person("dan@example.org")
    furnish(cara, "starter")
    file = tmp_path / "cara.zip"
    ran = server.run("export", "cara@example.org", str(file))
    assert (ran.returncode, ran.stderr) == (0, "")
    digest = ran.stdout.split()[-1]
    ran = server.run("import", "account", "dan@example.org", str(file))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split()[-1] == digest == exported(dan)[1]["content_sha256"]
    again = server.run("import", "account", "dan@example.org", str(file))
    assert (again.returncode, "not empty" in again.stderr) == (1, True)


def test_a_wrong_password_deletes_nothing(server: Server) -> None:
    fay = server.person("fay@example.org")
    for body in ({}, {"password": "wrong"}, {"confirmation": "fay@example.org"}):
        refused = fay.delete("/users/me", body=body)
        assert (refused.status, refused.code) == (403, "wrong_password")
    assert fay.log_in().ok("GET", "/users/me")["email"] == "fay@example.org"


def test_nothing_is_left_of_somebody_who_left(server: Server) -> None:
    email = f"{CANARY}@example.org"
    ada, other = server.person(email, display_name=CANARY), server.person(f"{uuid4().hex}@example.org")
    furnish(ada, CANARY)
    device = ada.log_in()
    other.ok("POST", "/tasks", {"title": "Mine"})
    shared = other.keep(FIXTURES / "sourdough.pdf")
    exported(ada)
    Person(server).post("/auth/login", {"email": email, "password": f"wrong {CANARY}"})
    Person(server).post("/auth/password/forgot", {"email": email})
    eventually(lambda: any("outbox" in place for place in found_in(server)))
    big = threading.Thread(target=lambda: ada.upload("big.txt", TEXT.replace("WORD", CANARY).encode() * 20_000))
    with device.socket() as line:
        big.start()
        eventually(lambda: len(ada.everything("/documents")) > 2)
        assert ada.delete("/users/me", body={"password": PASSWORD}).status == 204
        for who in (ada, device):
            assert who.get("/users/me").status == 401
        refresh = Person(server).post("/auth/refresh", {"refresh_token": device.login["refresh_token"]})
        assert refresh.status in (401, 403)
        assert hears_the_end(line)
    big.join()
    assert Person(server).post("/auth/login", {"email": email, "password": PASSWORD}).status == 401
    eventually(lambda: not rows_of(server, ada.id), seconds=120)
    nothing_left(server)
    assert other.get(f"/documents/{shared}/file").status == 200
    assert CANARY not in server.log()
    again = server.person(email)
    assert again.id != ada.id
    assert not any(again.everything(path) for path in ("/tasks", "/documents", "/decks", "/threads"))
    assert again.delete("/users/me", body={"password": PASSWORD}).status == 204
    nothing_left(server)


def hears_the_end(line: Socket) -> bool:
    """Whether the server closes a socket, soon."""
    line.raw.settimeout(45)
    try:
        while line.raw.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except websocket.WebSocketConnectionClosedException:
        return True
    return True


def nothing_left(server: Server) -> None:
    """What is cached lives on for a minute at most."""
    until = time.monotonic() + 90
    while (found := found_in(server)) and time.monotonic() < until:
        time.sleep(1)
    assert found == []


def database(server: Server) -> psycopg.Connection[Any]:
    return psycopg.connect(server.database_url().replace("postgresql+psycopg", "postgresql"), autocommit=True)


def rows_of(server: Server, owner: str) -> int:
    with database(server) as connection:
        found = connection.execute("select count(*) from users where id = %s", [owner]).fetchone()
    assert found is not None
    return int(found[0])


def found_in(server: Server) -> list[str]:
    """Where the canary is: in the rows of any table, the files of the store, letters that lie in the data directory,
    the keys and values of Redis."""
    found = []
    with database(server) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            hits = connection.execute(
                f'select count(*) from "{table}" as one where one::text ilike %s',
                [f"%{CANARY}%"],
            ).fetchone()
            if hits is not None and hits[0]:
                found.append(f"{table}: {hits[0]}")
    wanted = CANARY.encode()
    kept = [path for part in ("objects", "outbox") for path in (server.home / part).rglob("*") if path.is_file()]
    found += [str(path) for path in kept if wanted in path.read_bytes()]
    if isinstance(server, ProductionServer):
        bucket = server.place.bucket
        client = bucket.server.client
        bodies = {key: client.get_object(Bucket=bucket.name, Key=key)["Body"].read() for key in bucket.keys()}  # noqa: SIM118
        found += [key for key, content in bodies.items() if wanted in content]
        for url in (server.place.queue_url, server.place.cache_url):
            with redis.Redis.from_url(url, decode_responses=True) as client:
                found += [str(key) for key in client.scan_iter() if CANARY in f"{key}{value_of(client, key)}"]
    return found


def value_of(client: Any, key: Any) -> str:
    match client.type(key):
        case "string":
            return str(client.get(key))
        case "list":
            return str(client.lrange(key, 0, -1))
        case "hash":
            return str(client.hgetall(key))
        case "set":
            return str(client.smembers(key))
        case "zset":
            return str(client.zrange(key, 0, -1))
        case "stream":
            return str(client.xrange(key))
    return ""


def test_an_older_backup_brings_nobody_back_who_left(tmp_path: Path, open_server: OpenServer) -> None:
    file = tmp_path / "before.backup"
    with open_server(tmp_path / "home") as server:
        ada, bob = server.person(f"{CANARY}@example.org"), server.person("bob@example.org")
        furnish(ada, CANARY)
        kept = bob.keep(FIXTURES / "sourdough.pdf")
        bob.ready(kept)
        assert server.run("backup", str(file)).returncode == 0
        assert ada.delete("/users/me", body={"password": PASSWORD}).status == 204
        eventually(lambda: not rows_of(server, ada.id), seconds=120)
        server.stop()
        ran = server.run("restore", str(file), "--replace", "--yes")
        assert (ran.returncode, ran.stderr) == (0, "")
        server.start()
        assert not rows_of(server, ada.id)
        nothing_left(server)
        assert (
            Person(server).post("/auth/login", {"email": f"{CANARY}@example.org", "password": PASSWORD}).status == 401
        )
        assert bob.log_in().get(f"/documents/{kept}/file").body == (FIXTURES / "sourdough.pdf").read_bytes()
