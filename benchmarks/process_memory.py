"""How much memory each process of the production profile takes, at rest and after some work.

    python -m benchmarks.process_memory

The stack of the tests: two processes for HTTP, one for sockets, a worker for each queue and beat, on PostgreSQL,
Redis and an S3 store. Given is the proportional set size: pages that processes share after a fork count in parts.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

WORDS = "Rivers carry sand and silt down to the sea, where the waves sort them by size and weight. "


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


def main() -> None:
    from e2e.production import Engines, ProductionServer
    from e2e.server import Person

    def work(person: Person) -> None:
        """Everything once: a document of some length, a search, an answer, a card and its review."""
        person.ready(person.upload("rivers.txt", (WORDS * 5_000).encode()).json["document"]["id"])
        person.ok("POST", "/search", {"query": "What do rivers carry?"})
        person.ok("POST", "/ask", {"question": "What do rivers carry?"})
        deck = person.ok("POST", "/decks", {"name": "Rivers"})["id"]
        card = person.ok("POST", f"/decks/{deck}/cards", {"front": "What?", "back": "Sand."})["id"]
        person.ok("POST", f"/cards/{card}/reviews", {"rating": "good"})
        with person.socket() as line:
            line.ask("And where to?")

    home = Path(tempfile.mkdtemp(prefix="st-memory-")) / "home"
    with Engines() as engines, ProductionServer(home, engines=engines) as server:
        for moment in ("at rest", "after some work"):
            if moment != "at rest":
                for number in range(8):
                    work(server.person(f"student{number}@example.org"))
            for name, popen in server.processes.items():
                top = psutil.Process(popen.pid)
                parts = [megabytes(one) for one in (top, *top.children(recursive=True))]
                told = " + ".join(f"{part:.0f}" for part in parts)
                print(f"{name} {moment}: {sum(parts):.0f} MB in {len(parts)} processes ({told})")


if __name__ == "__main__":
    main()
