"""All measurements of speed and size, in the order of their goals: ``python -m benchmarks [NAME ...]``.

Each runs in a fresh process, one after the other, since two at a time would measure each other. Names are those of the
files, or of goals such as P13.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_GOAL = re.compile(r"\bP(\d+)\b")
_LAST = 1_000
MATERIAL_MISSING = 2
"""The exit code of a benchmark without its material."""


@dataclass(frozen=True)
class Benchmark:
    """A file that can be run, and the numbers of the goals that its first line names."""

    name: str
    goals: tuple[int, ...]

    @property
    def goal(self) -> int:
        """The first of them, by which the file is sorted."""
        return self.goals[0]

    def answers_to(self, wanted: str) -> bool:
        return wanted.lower().removesuffix(".py") in (self.name, *(f"p{goal}" for goal in self.goals))

    @property
    def label(self) -> str:
        return f"P{self.goal}" if self.goal < _LAST else "-"


@dataclass(frozen=True)
class Outcome:
    benchmark: Benchmark
    seconds: float
    words: str


def found() -> list[Benchmark]:
    """Every benchmark beside this file, by goal and name."""
    return sorted(_runnable(), key=lambda one: (one.goal, one.name))


def _runnable() -> Iterator[Benchmark]:
    for path in HERE.glob("*.py"):
        text = path.read_text()
        if path.stem.startswith("_") or 'if __name__ == "__main__"' not in text:
            continue
        goals = _GOAL.findall(text.partition("\n")[0])
        yield Benchmark(path.stem, tuple(map(int, goals)) or (_LAST,))


def run(benchmark: Benchmark) -> Outcome:
    """Run it in a process of its own, its lines passed on as they come."""
    print(f"--- {benchmark.name} ({benchmark.label})", flush=True)
    began = time.perf_counter()
    command = [sys.executable, "-u", "-m", f"benchmarks.{benchmark.name}"]
    skipped = False
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            skipped = skipped or "skipped:" in line
    words = "ran, a part skipped (see above)" if skipped else "ran"
    if process.returncode == MATERIAL_MISSING:
        words = "skipped, its material is missing"
    elif process.returncode:
        words = f"FAILED with exit code {process.returncode}"
    print(flush=True)
    return Outcome(benchmark, time.perf_counter() - began, words)


def main(wanted: Iterable[str]) -> int:
    """Run those that are wanted, by default all. 1 when one of them failed, 2 for a name that is none."""
    benchmarks, wanted = found(), list(wanted)
    unknown = [name for name in wanted if not any(one.answers_to(name) for one in benchmarks)]
    if unknown:
        print(f"There is no {', '.join(unknown)}. There are: {', '.join(one.name for one in benchmarks)}")
        return 2
    outcomes = [run(one) for one in benchmarks if not wanted or any(map(one.answers_to, wanted))]
    print("goal  benchmark             seconds  outcome")
    for outcome in outcomes:
        one = outcome.benchmark
        print(f"{one.label:4}  {one.name:20}  {outcome.seconds:7.1f}  {outcome.words}")
    return int(any(outcome.words.startswith("FAILED") for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
