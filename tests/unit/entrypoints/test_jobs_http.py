from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from apps import MemoryApp
from studyteddy.domain.ids import UserId
from studyteddy.testing.jobs import a_job


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    return MemoryApp(tmp_path)


def test_a_job_of_a_kind_that_only_a_newer_version_knows_is_shown(app: MemoryApp) -> None:
    ada = app.person()
    owner = UserId(UUID(ada.tokens["user"]["id"]))
    job = a_job(owner, kind="grade_essay")  # type: ignore[arg-type]
    with app.unit_of_work() as uow:
        uow.jobs.add(job)
        uow.commit()
    shown = ada.get(f"/jobs/{job.id}")
    assert (shown.status_code, shown.json["kind"], shown.json["status"]) == (200, "grade_essay", "queued")
