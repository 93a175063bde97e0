"""What every store of tasks has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import Cursor, PageRequest
from studyteddy.domain.tasks.recurrence import parse
from studyteddy.domain.tasks.task import Priority, Task, TaskFilter, TaskOrder, TaskStatus
from studyteddy.testing.accounts import add_user, at_once, commit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

# Few values, so that equal keys are common; case, accents, signs and planes that sort differently by other rules.
_TITLES = st.sampled_from(["a", "A", "b", "ä", "Z", "_", "ſ", "İ", "日本", "🧸", "\uffee", "a b", "%"])
_INSTANTS = st.integers(0, 4).map(lambda hours: NOW + timedelta(hours=hours, microseconds=hours))
_TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "title": _TITLES,
            "due_at": st.none() | _INSTANTS,
            "priority": st.sampled_from(Priority),
            "created_at": _INSTANTS,
        }
    ),
    max_size=9,
)
on_any_data = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def a_task(owner: UserId, **fields: Any) -> Task:
    """An open task."""
    made = {"id": TaskId(uuid4()), "owner": owner, "title": "Read", "created_at": NOW, "updated_at": NOW}
    return Task(**{**made, **fields})


def add_task(unit_of_work: UnitOfWorkFactory, task: Task) -> Task:
    commit(unit_of_work, lambda uow: uow.tasks.add(task))
    return task


def in_order(tasks: list[Task], order: TaskOrder) -> list[Task]:
    """Tasks as a list has to show them: by key, those without one last, ties by id in the same direction."""
    by_id = sorted(tasks, key=lambda task: task.id, reverse=order.descending)
    keyed = [task for task in by_id if order.value_of(task) is not None]
    keyed.sort(key=lambda task: cast(Any, order.value_of(task)), reverse=order.descending)
    return keyed + [task for task in by_id if order.value_of(task) is None]


def read_all(
    unit_of_work: UnitOfWorkFactory, owner: UserId, order: TaskOrder, *, limit: int, wanted: TaskFilter | None = None
) -> list[Task]:
    """All pages of a list, one after the other, each cursor through its text."""
    seen: list[Task] = []
    cursor: Cursor | None = None
    while len(seen) < 100:
        with unit_of_work() as uow:
            page = uow.tasks.page(owner, wanted or TaskFilter(), order, PageRequest(limit=limit, after=cursor))
        seen += page.items
        if page.next is None:
            return seen
        cursor = Cursor.decode(page.next.encode(), order=order.value)
    raise AssertionError("the pages of this list never end")


class TasksContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.fixture
    def stranger(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    def test_a_task_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        full = a_task(
            owner,
            title="Größe 🧸",
            description="line\n\ttab \u202e",
            subject="Biology",
            due_at=NOW + timedelta(microseconds=1),
            priority=Priority.URGENT,
            estimated_minutes=45,
            actual_minutes=7,
            status=TaskStatus.COMPLETED,
            completed_at=NOW,
            recurrence=parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;BYHOUR=9;BYMINUTE=5;COUNT=4"),
            continued_by=TaskId(uuid4()),
        )
        for task in (full, a_task(owner)):
            add_task(unit_of_work, task)
            with unit_of_work() as uow:
                assert uow.tasks.get(owner, task.id) == task

    def test_another_persons_task_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        task = add_task(unit_of_work, a_task(owner))
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.tasks.get(stranger, task.id)
            with pytest.raises(NotFound):
                uow.tasks.save(replace(task, owner=stranger, version=2))
            with pytest.raises(NotFound):
                uow.tasks.delete(stranger, task.id)
            assert uow.tasks.page(stranger, TaskFilter(), TaskOrder.TITLE, PageRequest()).items == ()
            assert uow.tasks.get(owner, task.id) == task

    def test_a_deleted_task_is_gone(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        task = add_task(unit_of_work, a_task(owner))
        commit(unit_of_work, lambda uow: uow.tasks.delete(owner, task.id))
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.tasks.get(owner, task.id)
            with pytest.raises(NotFound):
                uow.tasks.delete(owner, task.id)
            with pytest.raises(NotFound):
                uow.tasks.save(task.edited(NOW, title="Back"))

    def test_of_many_changes_to_one_version_one_is_kept(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        task = add_task(unit_of_work, a_task(owner))
        outcomes = at_once(
            8, lambda number: commit(unit_of_work, lambda uow: uow.tasks.save(task.edited(NOW, title=f"T{number}")))
        )
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 7
        with unit_of_work() as uow:
            kept = uow.tasks.get(owner, task.id)
        assert (kept.title, kept.version) == (f"T{outcomes.index(None)}", 2)

    @pytest.mark.parametrize("version", [1, 3])
    def test_only_the_next_version_may_be_saved(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, version: int
    ) -> None:
        task = add_task(unit_of_work, a_task(owner))
        with unit_of_work() as uow, pytest.raises(StaleVersion):
            uow.tasks.save(replace(task, version=version))

    def test_a_filter_lets_through_what_it_says(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        due = NOW + timedelta(hours=1)
        read = add_task(unit_of_work, a_task(owner, title="Read STRASSE 100%", subject="Biology", due_at=due))
        write = add_task(unit_of_work, a_task(owner, title="b", description="İstanbul", priority=Priority.HIGH))
        done = add_task(unit_of_work, a_task(owner, due_at=NOW).completed(NOW))

        def found(**wanted: Any) -> set[UUID]:
            return {
                task.id
                for task in read_all(unit_of_work, owner, TaskOrder.DUE_AT, limit=2, wanted=TaskFilter(**wanted))
            }

        assert found() == {read.id, write.id, done.id}
        assert found(status=TaskStatus.COMPLETED) == {done.id}
        assert found(subject="Biology") == {read.id}
        assert found(subject="biology") == set()
        assert found(priority=Priority.HIGH) == {write.id}
        assert found(due_from=NOW, due_to=due) == {done.id}
        assert found(due_from=due) == {read.id}
        assert found(due_to=due + timedelta(microseconds=1)) == {read.id, done.id}
        assert found(text="strasse") == {read.id}
        assert found(text="0%") == {read.id}
        assert found(text="_") == set()
        assert found(text="İST") == {write.id}
        assert found(text="") == {read.id, write.id, done.id}

    @pytest.mark.parametrize("order", list(TaskOrder))
    @on_any_data
    @given(drafts=_TASKS, limit=st.integers(1, 4))
    def test_pages_show_every_task_once_and_in_order(
        self, unit_of_work: UnitOfWorkFactory, order: TaskOrder, drafts: list[dict[str, Any]], limit: int
    ) -> None:
        owner = add_user(unit_of_work)
        tasks = [add_task(unit_of_work, a_task(owner, **draft)) for draft in drafts]
        assert read_all(unit_of_work, owner, order, limit=limit) == in_order(tasks, order)

    @pytest.mark.parametrize("order", list(TaskOrder))
    @on_any_data
    @given(drafts=_TASKS, late=_TASKS, taken=st.integers(1, 4))
    def test_pages_are_stable_while_tasks_are_added(
        self,
        unit_of_work: UnitOfWorkFactory,
        order: TaskOrder,
        drafts: list[dict[str, Any]],
        late: list[dict[str, Any]],
        taken: int,
    ) -> None:
        owner = add_user(unit_of_work)
        tasks = [add_task(unit_of_work, a_task(owner, **draft)) for draft in drafts]
        with unit_of_work() as uow:
            first = uow.tasks.page(owner, TaskFilter(), order, PageRequest(limit=taken))
        added = [add_task(unit_of_work, a_task(owner, **draft)) for draft in late]
        rest: list[Task] = []
        if first.next is not None:
            with unit_of_work() as uow:
                rest += uow.tasks.page(owner, TaskFilter(), order, PageRequest(limit=100, after=first.next)).items
            after = in_order([*tasks, *added], order)
            assert rest == after[after.index(first.items[-1]) + 1 :]
        assert [task for task in [*first.items, *rest] if task in tasks] == in_order(tasks, order)

    def test_any_history_of_changes_agrees_with_a_plain_list(self, unit_of_work: UnitOfWorkFactory) -> None:
        run_state_machine_as_test(
            lambda: TaskHistory(unit_of_work),  # type: ignore[arg-type]  # any maker of machines will do
            settings=settings(max_examples=25, stateful_step_count=20, deadline=None),
        )


class TaskHistory(RuleBasedStateMachine):
    """Any sequence of additions, changes (good and stale), removals and roll-backs, by two people; a dict says what
    has to be there after each step.
    """

    known = Bundle("known")

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        super().__init__()
        self.unit_of_work = unit_of_work
        self.kept: dict[TaskId, Task] = {}
        self.owners: list[UserId] = []

    @initialize()
    def two_people(self) -> None:
        self.owners = [add_user(self.unit_of_work), add_user(self.unit_of_work)]

    @rule(target=known, who=st.booleans(), title=_TITLES, due_at=st.none() | _INSTANTS)
    def add(self, who: bool, title: str, due_at: datetime | None) -> Task:
        task = a_task(self.owners[who], title=title, due_at=due_at)
        commit(self.unit_of_work, lambda uow: uow.tasks.add(task))
        self.kept[task.id] = task
        return task

    @rule(target=known, seen=known, title=_TITLES)
    def change(self, seen: Task, title: str) -> Task:
        changed, kept = seen.edited(NOW, title=title), self.kept.get(seen.id)
        if kept is None or kept.version != seen.version:
            with pytest.raises(NotFound if kept is None else StaleVersion):
                commit(self.unit_of_work, lambda uow: uow.tasks.save(changed))
            return seen
        commit(self.unit_of_work, lambda uow: uow.tasks.save(changed))
        self.kept[seen.id] = changed
        return changed

    @rule(seen=known)
    def remove(self, seen: Task) -> None:
        if self.kept.pop(seen.id, None) is None:
            with pytest.raises(NotFound):
                commit(self.unit_of_work, lambda uow: uow.tasks.delete(seen.owner, seen.id))
        else:
            commit(self.unit_of_work, lambda uow: uow.tasks.delete(seen.owner, seen.id))

    @rule(who=st.booleans(), seen=st.none() | known)
    def start_over(self, who: bool, seen: Task | None) -> None:
        with self.unit_of_work() as uow:
            uow.tasks.add(a_task(self.owners[who]))
            if seen is not None and seen.id in self.kept:
                uow.tasks.delete(seen.owner, seen.id)

    @invariant()
    def everybody_sees_their_own(self) -> None:
        for owner in self.owners:
            mine = [task for task in self.kept.values() if task.owner == owner]
            with self.unit_of_work() as uow:
                page = uow.tasks.page(owner, TaskFilter(), TaskOrder.DUE_AT, PageRequest(limit=100))
            assert list(page.items) == in_order(mine, TaskOrder.DUE_AT)
