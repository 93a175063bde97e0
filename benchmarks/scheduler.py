"""P15: how fast the scheduler is, by itself and in a year of study.

Run it with ``python benchmarks/scheduler.py``. It prints each goal with the median of several runs and their spread.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict, deque
from datetime import date, timedelta

from studyteddy.domain.scheduling import NEW, SETTLED, Schedule, review

RUNS = 7
REVIEWS = 100_000
CARDS = 5_000
NEW_PER_DAY = 20
FIRST_DAY = date(2026, 1, 1)
# How students press the buttons: again, hard, good, easy.
QUALITIES, WEIGHTS = (1, 3, 4, 5), (8, 12, 65, 15)


def reviews_per_second() -> float:
    """Reviews of many cards on their due days, each on the state that the one before it left."""
    grades = random.Random(15).choices(QUALITIES, WEIGHTS, k=REVIEWS)
    begun = time.perf_counter()
    schedule, day = NEW, FIRST_DAY
    for number, quality in enumerate(grades):
        if number % 10 == 0:
            schedule, day = NEW, FIRST_DAY
        schedule = review(schedule, quality, day).schedule
        day = schedule.due_on or day
    return REVIEWS / (time.perf_counter() - begun)


def simulated_year() -> tuple[float, int]:
    """Seconds for a year in which 5,000 cards are learnt, 20 a day, and all that is due is reviewed; and the passes."""
    chance = random.Random(15)
    begun = time.perf_counter()
    due: defaultdict[date, list[Schedule]] = defaultdict(list)
    to_learn, passes = CARDS, 0
    for offset in range(365):
        day = FIRST_DAY + timedelta(days=offset)
        fresh = min(NEW_PER_DAY, to_learn)
        to_learn -= fresh
        queue = deque([*due.pop(day, []), *[NEW] * fresh])
        while queue:
            quality = chance.choices(QUALITIES, WEIGHTS)[0]
            schedule = review(queue.popleft(), quality, day).schedule
            passes += 1
            if quality < SETTLED:
                queue.append(schedule)
            elif schedule.due_on is not None:
                due[schedule.due_on].append(schedule)
    assert to_learn == 0
    assert sum(map(len, due.values())) == CARDS
    return time.perf_counter() - begun, passes


def report(name: str, goal: str, figures: list[float], unit: str, *, met: bool) -> None:
    middle, low, high = statistics.median(figures), min(figures), max(figures)
    verdict = "met" if met else "MISSED"
    spread = f"spread {low:,.2f} to {high:,.2f}"
    print(f"P15 {name:<36} goal {goal:<12} measured {middle:,.2f} {unit} ({spread}) {verdict}")


def main() -> None:
    rates = [reviews_per_second() for _ in range(RUNS)]
    report("SM-2 reviews", ">= 300,000/s", rates, "/s", met=statistics.median(rates) >= 300_000)
    years = [simulated_year() for _ in range(RUNS)]
    seconds = [taken for taken, _ in years]
    name = f"a year, {CARDS:,} cards, {years[0][1]:,} passes"
    report(name, "< 2 s", seconds, "s", met=statistics.median(seconds) < 2)


if __name__ == "__main__":
    main()
