"""The routes of administrators: accounts and the queue. None of them shows what people learn, ask or write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application import administration as use_cases
from studyteddy.application.account_administration import ListUsers
from studyteddy.application.ports.jobs import QueueHealth
from studyteddy.application.security_events import ListSecurityEvents
from studyteddy.domain.accounts import MAX_EMAIL, User, UserRole
from studyteddy.domain.administration import UserFilter
from studyteddy.domain.ids import UserId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    IdPath,
    Instant,
    PageOut,
    PageQuery,
    Text,
    present_page,
)
from studyteddy.entrypoints.http.security_events import ORDER, SecurityEventOut, present_event


class UsersQuery(PageQuery):
    """Which accounts: by the beginning of their address, by a role, or by whether they are disabled."""

    email: Text = Field("", max_length=MAX_EMAIL, description="beginning of the address")
    role: UserRole | None = None
    disabled: bool | None = None

    def wanted(self) -> UserFilter:
        prefix = self.email.strip().casefold()
        return UserFilter(email_prefix=prefix or None, role=self.role, disabled=self.disabled)


class AccountBody(Body):
    """What to change of an account; what is left out stays as it is."""

    roles: list[UserRole] = Field(OMITTED, min_length=1, max_length=len(UserRole))
    disabled: bool = Field(OMITTED)


class AccountOut(Answer):
    """An account, as an administrator sees it."""

    id: UUID
    email: str
    display_name: str
    roles: list[UserRole]
    disabled: bool
    version: int
    created_at: Instant


class JobQueueOut(Answer):
    """The jobs of one kind. ``oldest_seconds`` is how long the first of those that wait has waited."""

    kind: str
    waiting: int
    running: int
    oldest_seconds: float
    failed_last_day: int


class QueuesOut(Answer):
    """All kinds of jobs; never more than one page."""

    items: list[JobQueueOut]
    next_cursor: str | None = None


def present_account(user: User) -> AccountOut:
    return AccountOut(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        roles=sorted(user.roles),
        disabled=user.disabled,
        version=user.version,
        created_at=user.created_at,
    )


def _present_queue(health: QueueHealth) -> JobQueueOut:
    return JobQueueOut.model_validate(health)


def administration_blueprint(
    *,
    protect: Protect,
    users: ListUsers,
    administer: use_cases.AdministerUser,
    end_log_ins: use_cases.EndLogIns,
    events: ListSecurityEvents,
    queue: use_cases.GetQueueHealth,
) -> APIBlueprint:
    """The routes under ``/users`` that are about others, and ``/admin``."""
    api = blueprint("administration", tag="administration", protect=protect, needs=Capability.ADMINISTER)

    @api.get("/users", summary="List accounts by address", responses={200: PageOut[AccountOut]})
    def list_users(query: UsersQuery) -> Any:
        return present_page(users(request=query.request("email"), wanted=query.wanted()), present_account)

    @api.patch("/users/<uuid:id>", summary="Set roles, disable or enable", responses={200: AccountOut})
    def administer_user(path: IdPath, body: AccountBody) -> Any:
        given = body.given()
        if "roles" in given:
            given["roles"] = frozenset(given["roles"])
        user = administer(user_id=UserId(path.id), actor=owner(), version=expected_version(), **given)
        return present_account(user).json_ready(), 200, {"ETag": f'"{user.version}"'}

    @api.post("/users/<uuid:id>/logout-all", summary="Log somebody out everywhere", responses={204: None})
    def log_somebody_out(path: IdPath) -> Any:
        end_log_ins(user_id=UserId(path.id), actor=owner())
        return "", 204

    @api.get(
        "/users/<uuid:id>/security-events",
        summary="List what happened to an account",
        responses={200: PageOut[SecurityEventOut]},
    )
    def list_security_events(path: IdPath, query: PageQuery) -> Any:
        return present_page(events(owner=UserId(path.id), request=query.request(ORDER)), present_event)

    @api.get("/admin/queue", summary="See how the jobs of each kind fare", responses={200: QueuesOut})
    def get_queue_health() -> Any:
        return QueuesOut(items=[_present_queue(health) for health in queue()]).json_ready()

    return api
