"""Personal API tokens over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application import api_tokens as use_cases
from studyteddy.domain.api_tokens import MAX_NAME, ApiToken
from studyteddy.domain.ids import ApiTokenId
from studyteddy.domain.permissions import Scope
from studyteddy.entrypoints.http.auth import caller, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.idempotency import keep_no_answer
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import OMITTED, Answer, Body, IdPath, Instant, Text


class NewApiToken(Body):
    """A token for a script. ``write`` implies ``read``; without ``expires_at`` it is good until it is deleted."""

    name: Text = Field(min_length=1, max_length=MAX_NAME)
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires_at: Instant = Field(OMITTED)


class ApiTokenOut(Answer):
    """A token without its secret. ``last_used_at`` is right to the minute."""

    id: UUID
    name: str
    scopes: list[Scope]
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None


class MadeApiTokenOut(ApiTokenOut):
    """A new token: ``token`` is shown this once and kept nowhere. Send it as ``Authorization: Bearer teddy_...``."""

    token: str


class ApiTokensOut(Answer):
    """All tokens, newest first; never more than one page."""

    items: list[ApiTokenOut]
    next_cursor: str | None = None


def _fields(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def api_tokens_blueprint(
    *,
    protect: Protect,
    make: use_cases.MakeApiToken,
    listing: use_cases.ListApiTokens,
    delete: use_cases.DeleteApiToken,
) -> APIBlueprint:
    """The routes under ``/users/me/api-tokens``."""
    api = blueprint("api_tokens", tag="accounts", protect=protect)

    @api.get("/users/me/api-tokens", summary="List my API tokens", responses={200: ApiTokensOut})
    def list_api_tokens() -> Any:
        return ApiTokensOut(items=[ApiTokenOut(**_fields(token)) for token in listing(owner=owner())]).json_ready()

    @api.post(
        "/users/me/api-tokens",
        summary="Make an API token; its secret is shown once",
        responses={201: MadeApiTokenOut},
    )
    def make_api_token(body: NewApiToken) -> Any:
        keep_no_answer()
        given = body.given()
        made = make(owner=owner(), session_id=caller().session_id, **given | {"scopes": frozenset(body.scopes)})
        return MadeApiTokenOut(token=made.secret, **_fields(made.token)).json_ready(), 201

    @api.delete("/users/me/api-tokens/<uuid:id>", summary="Delete an API token", responses={204: None})
    def delete_api_token(path: IdPath) -> Any:
        delete(owner=owner(), token_id=ApiTokenId(path.id))
        return "", 204

    return api
