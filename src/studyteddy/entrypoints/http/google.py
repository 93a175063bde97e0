"""Coming in by Google over HTTP: two routes for the browser itself, and those of somebody who links their account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request
from flask_openapi import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from studyteddy.application.accounts import LoggedIn
from studyteddy.application.attempts import LimitSignIns
from studyteddy.application.identity.google import (
    ATTEMPT_SECONDS,
    HOME_PAGE,
    BeginGoogle,
    Begun,
    FinishGoogle,
    GoogleAddress,
    UnlinkGoogle,
)
from studyteddy.domain.errors import NotFound, StudyTeddyError
from studyteddy.entrypoints.http.accounts import refresh_path, set_refresh_cookie
from studyteddy.entrypoints.http.auth import caller, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.idempotency import keep_no_answer
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Body, Query, Text

BROWSER_COOKIE = "studyteddy_google"
"""By which the browser that comes back shows that it is the one that left."""
SIGNED_IN_COOKIE = "studyteddy_signed_in"
"""Tells the pages for a minute, without holding a secret, that there is a log-in to be renewed."""
SIGNED_IN_SECONDS = 60


class ProvidersOut(Answer):
    """By whom people can come in here besides a password."""

    google: bool


class StartQuery(Query):
    """Where to go afterwards, a path of this site; and the zone of a new account."""

    next: Text = Field(HOME_PAGE, max_length=500)
    time_zone: Text = Field("UTC", max_length=64, description="IANA name")


class CallbackQuery(BaseModel):
    """What Google sends back; it adds things that nobody needs."""

    model_config = ConfigDict(extra="ignore")

    state: Text = Field("", max_length=500)
    code: Text = Field("", max_length=4_000)
    error: Text = Field("", max_length=200)


class LinkBody(Body):
    """Where to go afterwards, a path of this site."""

    next: Text = Field("/settings", max_length=500)


class LinkStartOut(Answer):
    """Where to send the browser that asked."""

    url: str


class LinkOut(Answer):
    """The address at Google that my account is linked to; null where it is not."""

    email: str | None


def google_blueprint(
    *, set_up: bool, begin: BeginGoogle, finish: FinishGoogle[LoggedIn], limit: LimitSignIns
) -> APIBlueprint:
    """The routes that a browser visits; what goes wrong is told on the page for logging in."""
    api = blueprint("google", tag="accounts")

    @api.get("/auth/providers", summary="Tell by whom people can come in", responses={200: ProvidersOut})
    def list_providers() -> Any:
        return ProvidersOut(google=set_up).json_ready()

    @api.get("/auth/google/start", summary="Go to Google to log in", responses={302: None})
    def start_google(query: StartQuery) -> Any:
        try:
            limit(address=request.remote_addr or "")
            begun = begin(page=query.next, time_zone=query.time_zone)
        except StudyTeddyError as fault:
            return _to_login(fault)
        return _bound(redirect(begun.address), begun)

    @api.get("/auth/google/callback", summary="Come back from Google", responses={302: None})
    def finish_google(query: CallbackQuery) -> Any:
        browser = request.cookies.get(BROWSER_COOKIE, "")
        device = request.headers.get("User-Agent", "")
        try:
            finished = finish(state=query.state, browser=browser, code=query.code, error=query.error, device=device)
        except StudyTeddyError as fault:
            return _to_login(fault)
        response = redirect(finished.page)
        response.delete_cookie(BROWSER_COOKIE, path=_path(), httponly=True, samesite="Lax")
        if finished.logged_in is not None:
            set_refresh_cookie(response, finished.logged_in)
            secure = request.is_secure
            response.set_cookie(
                SIGNED_IN_COOKIE, "1", max_age=SIGNED_IN_SECONDS, path="/", samesite="Lax", secure=secure
            )
        return response

    return api


def google_link_blueprint(
    *, protect: Protect, begin: BeginGoogle, linked: GoogleAddress, unlink: UnlinkGoogle
) -> APIBlueprint:
    """The routes of somebody who is logged in."""
    api = blueprint("google_link", tag="accounts", protect=protect)

    @api.get("/auth/google/link", summary="Tell to whom at Google I am linked", responses={200: LinkOut})
    def get_google_link() -> Any:
        return LinkOut(email=linked(owner=owner())).json_ready()

    @api.post("/auth/google/link", summary="Begin to link my account to Google", responses={200: LinkStartOut})
    def link_google(body: LinkBody) -> Any:
        keep_no_answer()
        begun = begin(page=body.next, session_id=caller().session_id)
        response = Response(LinkStartOut(url=begun.address).model_dump_json(), mimetype="application/json")
        return _bound(response, begun)

    @api.delete("/auth/google/link", summary="Unlink my account from Google", responses={204: None})
    def unlink_google() -> Any:
        unlink(owner=owner())
        return "", 204

    return api


def _bound(response: Any, begun: Begun) -> Any:
    """The answer, with which the browser gets the secret of its attempt. Lax: it comes back from another site."""
    response.set_cookie(
        BROWSER_COOKIE,
        begun.browser,
        max_age=ATTEMPT_SECONDS,
        path=_path(),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def _path() -> str:
    return f"{refresh_path()}/google"


def _to_login(fault: StudyTeddyError) -> Any:
    """The page for logging in, which says what the code means; where there is no Google, a plain refusal."""
    if isinstance(fault, NotFound):
        raise fault
    return redirect(f"/login?{urlencode({'problem': fault.code})}")
