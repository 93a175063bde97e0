"""Goal P13: how long imports and ``--help`` take, and what the web application loads.

    python benchmarks/startup.py

Both sides of the import run in turns, each in a fresh process with bytecode on disk.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 9
CORE = (
    "import studyteddy, studyteddy.domain.scheduling, studyteddy.application.tasks, "
    "studyteddy.adapters.in_memory.unit_of_work"
)
HEAVY = ("openai", "boto3", "celery", "pypdfium2", "docx", "pptx")
LOADED = f"""
import sys
import studyteddy.entrypoints.web_app
print(",".join(name for name in {HEAVY!r} if name in sys.modules) or "none")
"""


def milliseconds(*arguments: str) -> float:
    """How long a fresh Python takes with these arguments."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print the three figures."""
    bare, core, help_text = [], [], []
    for _ in range(ROUNDS):
        bare.append(milliseconds("-c", "pass"))
        core.append(milliseconds("-c", CORE))
        help_text.append(milliseconds("-m", "studyteddy", "--help"))
    over = [mine - floor for mine, floor in zip(core, bare, strict=True)]
    print("P13 startup              goal     median   spread          other side")
    print(
        f"core over bare Python    <= 60    {statistics.median(over):5.0f}    {min(over):4.0f} to {max(over):4.0f} ms"
        f"    bare Python {statistics.median(bare):.0f} ms"
    )
    print(
        f"studyteddy --help        <= 300   {statistics.median(help_text):5.0f}"
        f"    {min(help_text):4.0f} to {max(help_text):4.0f} ms"
    )
    loaded = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True).stdout.strip()
    print(f"heavy modules that the web application loads (goal: none): {loaded}")


if __name__ == "__main__":
    main()
