"""A year of reminders on the real repositories, by workers that are killed at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminded import Reminded, copies
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.domain.notifications import NotificationKind, Preferences, QuietHours, outlook

START, DAYS = datetime(2026, 1, 5, 0, 0, tzinfo=UTC), 365
WISHES = {
    "Europe/Berlin": Preferences(),
    "America/New_York": Preferences(reminder_hour=2, quiet_hours=None),
    "Australia/Lord_Howe": Preferences(reminder_hour=23, digest_weekday=6, quiet_hours=QuietHours(start=22, end=7)),
}
SKIPPED = {"America/New_York": {"03-08 03:00"}}
"""Where the wished hour does not exist: 2026-03-08 goes from 01:59 to 03:00."""


@pytest.fixture(scope="module")
def way() -> None:
    """Straight to PostgreSQL."""


@pytest.mark.slow
def test_a_year_of_reminders_comes_once_each_and_at_the_right_local_time(postgres: UnitOfWorkFactory) -> None:
    world = Reminded(postgres, START, dies=0.02)
    people = {zone: world.person(zone, wishes) for zone, wishes in WISHES.items()}
    for owner in people.values():
        # Every tenth day at noon by the world's clock: a time that is well inside the study day of all three.
        world.tasks(owner, [START + timedelta(days=day, hours=16) for day in range(3, DAYS, 10)])
    while world.now < START + timedelta(days=DAYS):
        world.remind_all()
        if world.chance.random() < 0.2:
            world.send_letters()
        looks = [outlook(world.now, ZoneInfo(zone), 4, wishes).look_again_at for zone, wishes in WISHES.items()]
        world.now = min([*looks, world.now + timedelta(hours=world.chance.randint(1, 48))])
    world.send_letters()
    assert world.deaths > 20
    assert {zone: told_right(world, zone, owner) for zone, owner in people.items()} == {zone: [] for zone in people}
    # Other tests left people in this database, whose week is told as well.
    letters = copies(world.mailer, people.values())
    wanted = {
        str(one.id)
        for owner in people.values()
        for one in world.told(owner)
        if one.kind in (NotificationKind.TASK_DUE, NotificationKind.WEEKLY_DIGEST)
    }
    assert set(letters) == wanted
    # A copy is one that a worker had handed over when it died, under the same number.
    assert letters.total() - len(letters) <= world.deaths


def told_right(world: Reminded, zone: str, owner: UserId) -> list[str]:
    """What is wrong with a person's notifications."""
    told, wishes, wrong = world.told(owner), WISHES[zone], []
    digests = [one for one in told if one.kind is NotificationKind.WEEKLY_DIGEST]
    tasks = [one for one in told if one.kind is NotificationKind.TASK_DUE]
    if len({one.key for one in told}) != len(told):
        wrong.append("something was told twice")
    if not 51 <= len(digests) <= 53:
        wrong.append(f"{len(digests)} digests")
    days = {str(one.data["day"]) for one in tasks}
    expected = (DAYS - 3 + 9) // 10
    if len(days) != len(tasks) or abs(len(tasks) - expected) > 1:
        wrong.append(f"{len(tasks)} reminders of tasks on {len(days)} days, not {expected}")
    for one in told:
        wall = f"{one.created_at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"
        if wall[6:] != f"{wishes.hour:02}:00" and wall not in SKIPPED.get(zone, set()):
            wrong.append(f"{one.kind} at {wall}")
    return wrong


def test_somebody_who_cannot_be_reminded_holds_up_nobody(postgres: UnitOfWorkFactory) -> None:
    world = Reminded(postgres, START + timedelta(hours=12))
    broken = world.person("Europe/Berlin", Preferences())
    world.now += timedelta(seconds=1)
    well = world.person("Europe/Berlin", Preferences())
    for owner in (broken, well):
        world.tasks(owner, [world.now + timedelta(hours=1)])
    world.break_for(broken)
    world.work()
    assert [len(world.told(owner)) for owner in (broken, well)] == [0, 2]
    world.break_for(None)
    world.now += timedelta(hours=1)
    world.work()
    assert len(world.told(broken)) == 2
