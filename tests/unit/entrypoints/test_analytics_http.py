from __future__ import annotations

import pytest

from apps import MemoryApp, Visitor, faulty_fields, problem

KINDS = ("summary", "heatmap", "forecast", "subjects", "retention")


def study(app: MemoryApp, visitor: Visitor, minutes: int, subject: str | None = None) -> None:
    session = visitor.post("/study-sessions", {"subject": subject, "planned_minutes": 60}).json
    app.clock.advance(minutes=minutes)
    visitor.post(f"/study-sessions/{session['id']}/finish")


def test_the_summary_shows_work_tasks_and_the_streak(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    study(app, ada, 25, "Biology")
    study(app, bob, 50)
    late = ada.post("/tasks", {"title": "Read", "due_at": "2026-03-01T09:00:00Z"}).json
    ada.post(f"/tasks/{late['id']}/complete")
    ada.post("/tasks", {"title": "Write", "due_at": "2026-03-02T09:00:00Z"})
    assert ada.get("/analytics/summary").json == {
        "from": "2026-02-01", "to": "2026-03-02", "minutes": 25, "sessions": 1, "reviews": 0,
        "retention": {"reviews": 0, "recalled": 0, "rate": None}, "tasks_completed": 1, "tasks_completed_late": 1,
        "tasks_open": 1, "tasks_overdue": 1, "streak": {"current": 1, "longest": 1},
    }  # fmt: skip


def test_the_streak_looks_beyond_the_period(app: MemoryApp, ada: Visitor) -> None:
    for _ in range(3):
        study(app, ada, 5)
        app.clock.advance(hours=23, minutes=55)
        ada.tokens = ada.post("/auth/refresh", {"refresh_token": ada.tokens["refresh_token"]}).json
    found = ada.get("/analytics/summary?from=2026-03-04&to=2026-03-04").json
    assert (found["minutes"], found["streak"]) == (5, {"current": 3, "longest": 3})


def test_days_are_those_of_the_students_own_zone(app: MemoryApp) -> None:
    kiri = app.person("kiri@example.org", time_zone="Pacific/Kiritimati")
    study(app, kiri, 10)
    found = kiri.get("/analytics/heatmap?from=2026-03-02&to=2026-03-03").json
    assert [(day["day"], day["minutes"]) for day in found["days"]] == [("2026-03-02", 10), ("2026-03-03", 0)]
    kiri.patch("/users/me", {"day_starts_at": 23})
    found = kiri.get("/analytics/heatmap?from=2026-03-01&to=2026-03-02").json
    assert [(day["day"], day["minutes"]) for day in found["days"]] == [("2026-03-01", 0), ("2026-03-02", 10)]


def test_every_figure_has_its_own_default_period(ada: Visitor) -> None:
    periods = {kind: ada.get(f"/analytics/{kind}").json for kind in KINDS}
    assert {kind: (found["from"], found["to"]) for kind, found in periods.items()} == {
        "summary": ("2026-02-01", "2026-03-02"),
        "heatmap": ("2025-03-03", "2026-03-02"),
        "forecast": ("2026-03-02", "2026-03-31"),
        "subjects": ("2026-02-01", "2026-03-02"),
        "retention": ("2026-02-01", "2026-03-02"),
    }
    assert len(periods["heatmap"]["days"]) == 365
    assert len(periods["forecast"]["days"]) == 30


def test_time_is_told_by_subject(app: MemoryApp, ada: Visitor) -> None:
    study(app, ada, 10, "Biology")
    study(app, ada, 30, "History")
    study(app, ada, 15, "Biology")
    study(app, ada, 5)
    assert ada.get("/analytics/subjects").json["subjects"] == [
        {"subject": "History", "minutes": 30}, {"subject": "Biology", "minutes": 25}, {"subject": None, "minutes": 5},
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("from=2016-02-22&to=2026-03-02", "to"),
        ("from=2026-02-30", "from"),
        ("from=1772400000", "from"),
        ("to=2026-03-02T00:00:00Z", "to"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("first=2026-03-02", "first"),
    ],
)
def test_a_wrong_period_is_refused_by_name(ada: Visitor, kind: str, query: str, field: str) -> None:
    answer = ada.get(f"/analytics/{kind}?{query}")
    assert answer.status_code == 422
    assert problem(answer)
    assert faulty_fields(answer) == {field}


@pytest.mark.parametrize("kind", KINDS)
def test_figures_need_a_log_in(stranger: Visitor, kind: str) -> None:
    assert problem(stranger.get(f"/analytics/{kind}")) == (401, "not_authenticated")
