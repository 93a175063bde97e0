"""Whether time tells which addresses have accounts: log-ins and forgotten passwords, known and unknown in turns.

    python -m benchmarks.log_in_time

``LogIn`` with bcrypt at its cost of 12 and a wrong password, for an account, for one without a password (which comes in
by Google) and for an address without an account; ``AskForReset`` for an account and for none. All on PostgreSQL, in
turns whose order changes, so that other work on the machine meets every side alike. The goal is medians within 10 %
of each other: of the time on the clock, which is what an attacker sees, and of the processor time of the thread.
"""

from __future__ import annotations

import functools
import random
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from benchmarks.flashcard_data import database
from studyteddy.adapters.bcrypt_passwords import ROUNDS, BcryptPasswords
from studyteddy.adapters.in_memory.security import OpaqueTokens
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.system_clock import new_id, new_secret, system_clock
from studyteddy.application.accounts import Admission, LogIn, SessionIssuer
from studyteddy.application.identity.passwords import AskForReset
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotAuthenticated

TIMES, WARM_UP = 50, 2
GOAL = 0.10
KNOWN, WITHOUT_PASSWORD, UNKNOWN = "ada@example.org", "grace@example.org", "nobody@example.org"


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.thread_time()
    with suppress(NotAuthenticated):
        act()
    return (time.perf_counter() - clock) * 1e3, (time.thread_time() - processor) * 1e3


def compare(what: str, sides: Mapping[str, Callable[[], object]]) -> None:
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    names = list(sides)
    for _ in range(TIMES + WARM_UP):
        random.shuffle(names)
        for name in names:
            measured[name].append(timed(sides[name]))
    medians = {
        name: tuple(statistics.median(column) for column in zip(*times[WARM_UP:], strict=True))
        for name, times in measured.items()
    }
    for kind, column in (("clock", 0), ("processor", 1)):
        each = {name: one[column] for name, one in medians.items()}
        apart = max(each.values()) / min(each.values()) - 1
        told = ", ".join(f"{name} {value:.2f} ms" for name, value in each.items())
        goal = "" if column and what != "log-in" else f", goal <= {GOAL:.0%}: {'met' if apart <= GOAL else 'MISSED'}"
        print(f"{what}, {kind}, medians of {TIMES}: {told}; {apart:.1%} apart{goal}", flush=True)


def people(unit_of_work: UnitOfWorkFactory, passwords: BcryptPasswords) -> None:
    admit = Admission(passwords=passwords, new_id=new_id, clock=system_clock)
    add = functools.partial(admit, password="seven purple hedgehogs", display_name="Ada", time_zone="UTC")
    with unit_of_work() as uow:
        uow.users.add(add(email=KNOWN))
        uow.users.add(replace(add(email=WITHOUT_PASSWORD), password_hash=""))
        uow.commit()


def main() -> None:
    passwords = BcryptPasswords(ROUNDS)
    with database() as (engine, _):
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)
        people(unit_of_work, passwords)
        issuer = SessionIssuer(access_tokens=OpaqueTokens(), new_secret=new_secret, new_id=new_id, clock=system_clock)
        log_in = LogIn(unit_of_work=unit_of_work, passwords=passwords, issuer=issuer)
        forgotten = AskForReset(unit_of_work=unit_of_work, new_id=new_id, clock=system_clock)
        guess = functools.partial(log_in, password="a wrong guess")
        sides = {"an account": KNOWN, "one without a password": WITHOUT_PASSWORD, "no account": UNKNOWN}
        compare("log-in", {name: functools.partial(guess, email=email) for name, email in sides.items()})
        asked = {name: sides[name] for name in ("an account", "no account")}
        compare("reset asked for", {name: functools.partial(forgotten, email=email) for name, email in asked.items()})


if __name__ == "__main__":
    main()
