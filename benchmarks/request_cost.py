"""How much processor time a request takes, of the web processes and of PostgreSQL.

    python -m benchmarks.request_cost

On the production profile of the tests, behind nginx and pgBouncer where those are installed. Processor time says more
about sizes than requests a second do: it hardly depends on what else the machine does. PostgreSQL runs without fsync
here, which costs time but little of the processor's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

TIMES, WARM_UP = 300, 20
WORDS = "Rivers carry sand and silt down to the sea, where the waves sort them by size and weight. "


def seconds(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def main() -> None:
    from e2e.production import Engines, ProductionServer

    home = Path(tempfile.mkdtemp(prefix="st-cost-")) / "home"
    with Engines() as engines, ProductionServer(home, engines=engines) as server:
        ada = server.person()
        ada.ready(ada.upload("rivers.txt", (WORDS * 2_000).encode()).json["document"]["id"])
        deck = ada.ok("POST", "/decks", {"name": "Rivers", "new_per_day": 999})["id"]
        for number in range(2 * TIMES):
            ada.ok("POST", f"/decks/{deck}/cards", {"front": f"What is {number}?", "back": "Sand."})
        cards = iter([card["id"] for card in ada.everything(f"/decks/{deck}/cards")])
        deeds: dict[str, Callable[[], object]] = {
            "queue of 20": lambda: ada.ok("GET", "/reviews/queue"),
            "review": lambda: ada.ok("POST", f"/cards/{next(cards)}/reviews", {"rating": "good"}),
            "list of tasks": lambda: ada.ok("GET", "/tasks"),
            "search": lambda: ada.ok("POST", "/search", {"query": "What do the waves sort by size?"}),
        }
        for name, deed in deeds.items():
            for _ in range(WARM_UP):
                deed()
            top = psutil.Process(server.processes["web"].pid)
            web, database = [top, *top.children(recursive=True)], server.postgres()
            before = seconds(web), seconds(database)
            for _ in range(TIMES):
                deed()
            spent = [(seconds(of) - at) / TIMES * 1e3 for of, at in zip((web, database), before, strict=True)]
            print(f"{name}: {spent[0]:.2f} ms of a web process, {spent[1]:.2f} ms of PostgreSQL, over {TIMES} requests")


if __name__ == "__main__":
    main()
