"""Published decks over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.flashcards import publishing as use_cases
from studyteddy.application.flashcards.decks import CountedDeck
from studyteddy.domain.flashcards.card_filter import MAX_SEARCH
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.publishing import PublishedDeck
from studyteddy.domain.ids import DeckId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.flashcards.decks import DeckOut, present
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, IdPath, Instant, PageOut, PageQuery, Text, present_page

_CARDS = "created_at"


class PublishedQuery(PageQuery):
    """Which published decks."""

    q: Text = Field("", max_length=MAX_SEARCH, description="looked for in the names")


class PublishedDeckOut(Answer):
    """A deck that a teacher shows. ``mine`` tells whether it is one's own."""

    id: UUID
    name: str
    description: str
    teacher: str
    card_count: int
    published_at: Instant
    mine: bool


class PublishedCardOut(Answer):
    """A card of somebody else, without how they learn it."""

    front: str
    back: str
    tags: list[str]


class PublishedDeckPageOut(PublishedDeckOut):
    """A published deck with a page of its cards."""

    cards: PageOut[PublishedCardOut]


def _present(deck: PublishedDeck) -> PublishedDeckOut:
    return PublishedDeckOut(
        id=deck.id,
        name=deck.name,
        description=deck.description,
        teacher=deck.teacher,
        card_count=deck.card_count,
        published_at=deck.published_at,
        mine=deck.owner == owner(),
    )


def _present_card(card: Card) -> PublishedCardOut:
    return PublishedCardOut(front=card.front, back=card.back, tags=list(card.tags))


def publishing_blueprint(*, protect: Protect, publish: use_cases.PublishDeck) -> APIBlueprint:
    """The routes of those who publish."""
    api = blueprint("publishing", tag="flashcards", protect=protect, needs=Capability.PUBLISH_DECKS)

    @api.post("/decks/<uuid:id>/publish", summary="Show a deck to everybody", responses={200: PublishedDeckOut})
    def publish_deck(path: IdPath) -> Any:
        shown = publish(owner=owner(), deck_id=DeckId(path.id), published=True)
        assert shown is not None  # noqa: S101 - what is published is shown
        return _present(shown).json_ready()

    @api.delete("/decks/<uuid:id>/publish", summary="Take a published deck back", responses={204: None})
    def unpublish_deck(path: IdPath) -> Any:
        publish(owner=owner(), deck_id=DeckId(path.id), published=False)
        return "", 204

    return api


def published_decks_blueprint(
    *,
    protect: Protect,
    listing: use_cases.ListPublishedDecks,
    read: use_cases.ReadPublishedDeck,
    copy: use_cases.CopyPublishedDeck,
) -> APIBlueprint:
    """The routes under ``/published-decks``."""
    api = blueprint("published_decks", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.get("/published-decks", summary="List published decks by name", responses={200: PageOut[PublishedDeckOut]})
    def list_published_decks(query: PublishedQuery) -> Any:
        return present_page(listing(request=query.request("published_name"), text=query.q or None), _present)

    @api.get(
        "/published-decks/<uuid:id>",
        summary="Read a published deck and a page of its cards",
        responses={200: PublishedDeckPageOut},
    )
    def read_published_deck(path: IdPath, query: PageQuery) -> Any:
        deck, cards = read(deck_id=DeckId(path.id), request=query.request(_CARDS))
        return _present(deck).json_ready() | {"cards": present_page(cards, _present_card)}

    @api.post("/published-decks/<uuid:id>/copy", summary="Make a published deck my own", responses={201: DeckOut})
    def copy_published_deck(path: IdPath) -> Any:
        deck, counts = copy(owner=owner(), deck_id=DeckId(path.id))
        return present(CountedDeck(deck=deck, counts=counts)).json_ready(), 201, {"ETag": f'"{deck.version}"'}

    return api
