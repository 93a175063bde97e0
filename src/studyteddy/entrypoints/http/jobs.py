"""Jobs over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint

from studyteddy.application.jobs import GetJob
from studyteddy.application.ports.jobs import JobKind, JobStatus
from studyteddy.domain.ids import JobId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, IdPath


class JobOut(Answer):
    """How far a job is; ``error`` is a code, set when it failed. Other kinds may come with newer versions."""

    id: UUID
    kind: JobKind | str
    status: JobStatus
    progress: int
    error: str | None


def jobs_blueprint(*, protect: Protect, get: GetJob) -> APIBlueprint:
    """The route ``/jobs/{id}``."""
    api = blueprint("jobs", tag="jobs", protect=protect, needs=Capability.STUDY)

    @api.get("/jobs/<uuid:id>", summary="Get a job", responses={200: JobOut})
    def get_job(path: IdPath) -> Any:
        return JobOut.model_validate(get(owner=owner(), job_id=JobId(path.id))).json_ready()

    return api
