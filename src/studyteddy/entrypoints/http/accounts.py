"""Accounts over HTTP: register, log in, refresh, log out, devices and settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask_openapi import APIBlueprint
from pydantic import Field
from werkzeug.wrappers import Response as BaseResponse

from studyteddy.application import accounts as use_cases
from studyteddy.application.accounts import LoggedIn
from studyteddy.application.attempts import LimitLogIns, LimitRegistrations
from studyteddy.domain.accounts import AuthSession, User, UserRole
from studyteddy.domain.errors import NotAllowed, NotAuthenticated
from studyteddy.domain.ids import AuthSessionId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import caller, expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import OMITTED, Answer, Body, IdPath, Instant, Text

REFRESH_COOKIE = "studyteddy_refresh"
BUDGET_LENGTH = 7


class Registration(Body):
    """What a newcomer states."""

    email: Text = Field(min_length=3, max_length=254, json_schema_extra={"format": "email"})
    password: Text = Field(min_length=10, max_length=1_000)
    display_name: Text = Field(min_length=1, max_length=100)
    time_zone: Text = Field("UTC", max_length=64, description="IANA name")


class Credentials(Body):
    """Email and password; with ``use_cookie`` the refresh token comes as an HttpOnly cookie."""

    email: Text = Field(max_length=254)
    password: Text = Field(max_length=1_000)
    use_cookie: bool = False


class RefreshBody(Body):
    """The newest refresh token; left out when it comes as a cookie."""

    refresh_token: Text = Field(OMITTED, max_length=500)


class ProfileBody(Body):
    """Settings to change; what is left out stays as it is."""

    display_name: Text = Field(OMITTED, min_length=1, max_length=100)
    time_zone: Text = Field(OMITTED, max_length=64, description="IANA name")
    day_starts_at: int = Field(OMITTED, ge=0, le=23)
    weekly_budget: list[int] = Field(
        OMITTED, min_length=BUDGET_LENGTH, max_length=BUDGET_LENGTH, description="minutes, Monday to Sunday"
    )


class UserOut(Answer):
    """A person, as they see themselves."""

    id: UUID
    email: str
    email_verified_at: Instant | None
    has_password: bool
    display_name: str
    roles: list[UserRole]
    time_zone: str
    day_starts_at: int
    weekly_budget: list[int]
    version: int
    created_at: Instant


class LoginOut(Answer):
    """Tokens of a log-in. ``refresh_token`` is left out when it was set as a cookie."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str | None = None
    user: UserOut


class SessionOut(Answer):
    """A device that is logged in."""

    id: UUID
    device: str
    current: bool
    created_at: Instant
    last_used_at: Instant
    expires_at: Instant


class SessionsOut(Answer):
    """All devices; never more than one page."""

    items: list[SessionOut]
    next_cursor: str | None = None


def present_user(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        email=user.email,
        email_verified_at=user.email_verified_at,
        has_password=bool(user.password_hash),
        display_name=user.display_name,
        roles=sorted(user.roles),
        time_zone=user.time_zone,
        day_starts_at=user.day_starts_at,
        weekly_budget=list(user.weekly_budget),
        version=user.version,
        created_at=user.created_at,
    )


def _present_session(session: AuthSession) -> SessionOut:
    return SessionOut(
        id=session.id,
        device=session.device,
        current=session.id == caller().session_id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
    )


def _device() -> str:
    return request.headers.get("User-Agent", "")


def _address() -> str:
    return request.remote_addr or ""


def _present_login(logged_in: LoggedIn, *, cookie: bool, status: int = 200) -> Response:
    out = LoginOut(
        access_token=logged_in.access_token,
        token_type="Bearer",  # noqa: S106 - the scheme, no secret
        expires_in=logged_in.expires_in,
        refresh_token=None if cookie else logged_in.refresh_token,
        user=present_user(logged_in.user),
    )
    response = jsonify(out.model_dump(mode="json", exclude={"refresh_token"} if cookie else None))
    response.status_code = status
    if cookie:
        set_refresh_cookie(response, logged_in)
    return response


def set_refresh_cookie(response: BaseResponse, logged_in: LoggedIn) -> None:
    """Give the browser its refresh token where no script can read it."""
    response.set_cookie(
        REFRESH_COOKIE,
        logged_in.refresh_token,
        max_age=logged_in.refresh_expires_in,
        path=refresh_path(),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )


def refresh_path() -> str:
    """Where the refresh cookie is sent: to the routes of log-ins alone."""
    return request.path.partition("/auth/")[0] + "/auth"


def _refresh_token(body: RefreshBody) -> tuple[str, bool]:
    """The token and whether it came as a cookie. A cookie counts only for a page of our own origin."""
    if "refresh_token" in body.model_fields_set:
        return body.refresh_token, False
    token = request.cookies.get(REFRESH_COOKIE)
    if token is None:
        raise NotAuthenticated("Send the refresh token in the body or as the cookie of the log-in.")
    require_own_page()
    return token, True


def require_own_page() -> None:
    """Refuse what a page of another origin makes a browser send along with our cookies."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2] != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This can only be asked for by Study Teddy's own pages.", code="foreign_origin")


def login_blueprint(
    *,
    register: use_cases.Register,
    log_in: use_cases.LogIn,
    refresh: use_cases.RefreshSession,
    limit_registrations: LimitRegistrations,
    limit_log_ins: LimitLogIns,
) -> APIBlueprint:
    """The routes that need no token."""
    api = blueprint("login", tag="accounts")

    @api.post("/auth/register", summary="Make an account", responses={201: LoginOut})
    def register_user(body: Registration) -> Any:
        with limit_registrations(address=_address()):
            logged_in = register(
                email=body.email,
                password=body.password,
                display_name=body.display_name,
                time_zone=body.time_zone,
                device=_device(),
            )
        return _present_login(logged_in, cookie=False, status=201)

    @api.post("/auth/login", summary="Log in", responses={200: LoginOut})
    def log_in_user(body: Credentials) -> Any:
        with limit_log_ins(email=body.email, address=_address()):
            logged_in = log_in(email=body.email, password=body.password, device=_device())
        return _present_login(logged_in, cookie=body.use_cookie)

    @api.post("/auth/refresh", summary="Swap the refresh token for new tokens", responses={200: LoginOut})
    def refresh_session(body: RefreshBody) -> Any:
        token, from_cookie = _refresh_token(body)
        return _present_login(refresh(refresh_token=token), cookie=from_cookie)

    return api


def accounts_blueprint(
    *, protect: Protect, log_out: use_cases.LogOut, sessions: use_cases.ListSessions, edit: use_cases.EditProfile
) -> APIBlueprint:
    """The routes of somebody who is logged in."""
    api = blueprint("accounts", tag="accounts", protect=protect)

    @api.post("/auth/logout", summary="Log out this device", responses={204: None})
    def log_out_user() -> Any:
        log_out(owner=owner(), session_id=caller().session_id)
        return _forget_cookie()

    @api.post("/auth/logout-all", summary="Log out everywhere", responses={204: None})
    def log_out_everywhere() -> Any:
        log_out.everywhere(owner=owner())
        return _forget_cookie()

    @api.get("/auth/sessions", summary="List the devices that are logged in", responses={200: SessionsOut})
    def list_sessions() -> Any:
        return SessionsOut(items=[_present_session(session) for session in sessions(owner=owner())]).json_ready()

    @api.delete("/auth/sessions/<uuid:id>", summary="Log out one device", responses={204: None})
    def end_session(path: IdPath) -> Any:
        log_out(owner=owner(), session_id=AuthSessionId(path.id))
        return "", 204

    @api.patch("/users/me", summary="Change my settings", responses={200: UserOut})
    def edit_me(body: ProfileBody) -> Any:
        given = body.given()
        if "weekly_budget" in given:
            given["weekly_budget"] = tuple(given["weekly_budget"])
        return _answer(edit(owner=owner(), version=expected_version(), **given))

    return api


def me_blueprint(*, protect: Protect) -> APIBlueprint:
    """The one route about an account that scripts may ask, too."""
    api = blueprint("me", tag="accounts", protect=protect, needs=Capability.STUDY)

    @api.get("/users/me", summary="Get my settings", responses={200: UserOut})
    def get_me() -> Any:
        return _answer(caller().user)

    return api


def _answer(user: User) -> Any:
    return present_user(user).json_ready(), 200, {"ETag": f'"{user.version}"'}


def _forget_cookie() -> Response:
    response = Response(status=204)
    response.delete_cookie(REFRESH_COOKIE, path=refresh_path(), httponly=True, samesite="Strict")
    return response
