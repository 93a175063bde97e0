"""What Lighthouse says of every page in Chromium, on a desk and on a phone, against the goals.

    python -m benchmarks.lighthouse [PAGE,PAGE ...]

The web application is built if its sources changed and served by the embedded profile. Each visit is a first one, in a
browser that was just started; pages of the inside are visited "again" as well, when the service worker has kept its
files. The best of up to three visits counts for performance, since what else the machine does can only lower it; the
other scores don't depend on speed. Times are in milliseconds, as Lighthouse reckons them for a phone on a slow network.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._browser import ROOT, build, lines_of

sys.path.insert(0, str(ROOT / "tests"))

OPEN = frozenset({"/", "/login"})
"""Pages that have to be quick on a phone that sees them for the first time."""


def goals(page: str, screen: str) -> dict[str, int]:
    """The least score of each category."""
    on_a_phone = 90 if page in OPEN else 80
    performance = 95 if screen == "desk" else on_a_phone
    return {"performance": performance, "accessibility": 100, "best-practices": 100, "seo": 100}


def told(found: dict[str, Any]) -> str:
    """One line a page and screen, with what falls short of its goal."""
    page, screen = found["page"], found["screen"]
    wanted = goals(page, screen)
    scores = " ".join(f"{name} {found.get(name, '-')}" for name in wanted)
    short = [f"{name} < {goal}" for name, goal in wanted.items() if found.get(name, 0) < goal]
    missed = f"  MISSED: {', '.join(short)} {' '.join(found.get('faults', ()))}" if short else ""
    times = " ".join(f"{name} {time}" for name, time in found.get("times", {}).items())
    return f"{page} {screen}: {scores} ({times}){missed}"


def main() -> None:
    from e2e.server import Server

    build()
    home = Path(tempfile.mkdtemp(prefix="st-lighthouse-")) / "home"
    with Server(home) as server:
        for line in lines_of("lighthouse.mjs", f"http://{server.address}", *sys.argv[1:]):
            print(told(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
