"""How smoothly the web application scrolls 5,000 cards and 500 tasks, and what a chunk of a streamed answer costs.

    python -m benchmarks.page_smoothness

In Chromium, on the embedded profile: times between two frames in milliseconds while the wheel turns (goal: none over
50), rows that are in the page at once, and the main thread's time for each chunk (goal: 95 in 100 within 5).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks._browser import ROOT, build, lines_of

sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    from e2e.server import Server

    build()
    home = Path(tempfile.mkdtemp(prefix="st-smoothness-")) / "home"
    with Server(home) as server:
        for line in lines_of("scrolling.mjs", f"http://{server.address}"):
            found = json.loads(line)
            print(
                f"{found['list']}: {found['frames']} frames over {found['far']:.0f} pixels, p95 {found['p95']} ms,"
                f" greatest {found['greatest']} ms, {found['slow']} over 50 ms; {found['rows']} rows in the page",
                flush=True,
            )
    for line in lines_of("streaming-cost.mjs"):
        print(line, end="", flush=True)


if __name__ == "__main__":
    main()
