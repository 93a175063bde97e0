"""Decks over HTTP."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.flashcards import decks as use_cases
from studyteddy.domain.flashcards.decks import DeckChanges
from studyteddy.domain.ids import DeckId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.scheduling import SchedulerName
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


class DeckFields(Body):
    """The fields of a deck that its owner sets; in a PATCH, what is left out stays as it is."""

    name: Text = Field(OMITTED, min_length=1, max_length=100)
    description: Text = Field(OMITTED, max_length=2_000)
    new_per_day: int = Field(OMITTED, ge=0, le=9_999)
    reviews_per_day: int = Field(OMITTED, ge=0, le=9_999)
    desired_retention: float = Field(OMITTED, ge=0.7, le=0.99)

    def changes(self) -> DeckChanges:
        return cast(DeckChanges, self.given())


class NewDeck(DeckFields):
    """A new deck."""

    name: Text = Field(min_length=1, max_length=100)


class CountsOut(Answer):
    """Cards to meet today, cards to review today, and all cards."""

    new: int
    due: int
    total: int


class DeckOut(Answer):
    """A deck, and what it holds on the present study day. ``published_at`` is null unless others may read it."""

    id: UUID
    name: str
    description: str
    scheduler: SchedulerName
    new_per_day: int
    reviews_per_day: int
    desired_retention: float
    counts: CountsOut
    published_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant


def present(counted: use_cases.CountedDeck) -> DeckOut:
    deck = counted.deck
    return DeckOut(
        id=deck.id,
        name=deck.name,
        description=deck.description,
        scheduler=deck.scheduler,
        new_per_day=deck.new_per_day,
        reviews_per_day=deck.reviews_per_day,
        desired_retention=deck.desired_retention,
        counts=CountsOut.model_validate(counted.counts),
        published_at=deck.published_at,
        version=deck.version,
        created_at=deck.created_at,
        updated_at=deck.updated_at,
    )


def _answer(counted: use_cases.CountedDeck, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    return present(counted).json_ready(), status, {"ETag": f'"{counted.deck.version}"'}


def decks_blueprint(
    *,
    protect: Protect,
    add: use_cases.AddDeck,
    get: use_cases.GetDeck,
    listing: use_cases.ListDecks,
    edit: use_cases.EditDeck,
    delete: use_cases.DeleteDeck,
) -> APIBlueprint:
    """The routes under ``/decks`` that are about decks themselves."""
    api = blueprint("decks", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.post("/decks", summary="Add a deck", responses={201: DeckOut})
    def add_deck(body: NewDeck) -> Any:
        return _answer(add(owner=owner(), **body.changes()), 201)

    @api.get("/decks", summary="List decks by name", responses={200: PageOut[DeckOut]})
    def list_decks(query: PageQuery) -> Any:
        return present_page(listing(owner=owner(), request=query.request("name")), present)

    @api.get("/decks/<uuid:id>", summary="Get a deck", responses={200: DeckOut})
    def get_deck(path: IdPath) -> Any:
        return _answer(get(owner=owner(), deck_id=DeckId(path.id)))

    @api.patch("/decks/<uuid:id>", summary="Change a deck", responses={200: DeckOut})
    def edit_deck(path: IdPath, body: DeckFields) -> Any:
        return _answer(edit(owner=owner(), deck_id=DeckId(path.id), version=expected_version(), **body.changes()))

    @api.delete("/decks/<uuid:id>", summary="Delete a deck with its cards", responses={204: None})
    def delete_deck(path: IdPath) -> Any:
        delete(owner=owner(), deck_id=DeckId(path.id), version=expected_version())
        return "", 204

    return api
