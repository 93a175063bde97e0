"""Cards over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field, RootModel, model_validator

from studyteddy.application.flashcards import cards as use_cases
from studyteddy.domain.flashcards.card_filter import CardOrder, CardState
from studyteddy.domain.flashcards.cards import MAX_FLAG, NO_FLAG, Card, CardChanges, CardSource
from studyteddy.domain.ids import CardId, DeckId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.locators import LocatorOut, present_locator
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

MAX_CARDS_AT_ONCE = use_cases.MAX_CARDS_AT_ONCE


class CardTexts(Body):
    """What a new card says."""

    front: Text = Field(min_length=1, max_length=5_000)
    back: Text = Field(min_length=1, max_length=20_000)
    tags: list[Text] = Field(default_factory=list, max_length=20)

    def texts(self) -> use_cases.NewCard:
        return {"front": self.front, "back": self.back, "tags": self.tags}


class NewCards(Body):
    """One card, or under ``cards`` a list of up to 500 that are kept all or none."""

    front: Text = Field(OMITTED, min_length=1, max_length=5_000)
    back: Text = Field(OMITTED, min_length=1, max_length=20_000)
    tags: list[Text] = Field(default_factory=list, max_length=20)
    cards: list[CardTexts] = Field(OMITTED, min_length=1, max_length=MAX_CARDS_AT_ONCE)

    @model_validator(mode="after")
    def _one_or_many(self) -> NewCards:
        stated = self.model_fields_set
        if "cards" in stated and stated != {"cards"}:
            raise ValueError("Send either one card or a list of cards, not both.")
        if "cards" not in stated and not {"front", "back"} <= stated:
            raise ValueError("A card needs a front and a back.")
        return self

    @property
    def many(self) -> bool:
        return "cards" in self.model_fields_set

    def texts(self) -> list[use_cases.NewCard]:
        if self.many:
            return [card.texts() for card in self.cards]
        return [{"front": self.front, "back": self.back, "tags": self.tags}]


class CardFields(Body):
    """The fields of a card that its owner may change; what is left out stays as it is."""

    front: Text = Field(OMITTED, min_length=1, max_length=5_000)
    back: Text = Field(OMITTED, min_length=1, max_length=20_000)
    tags: list[Text] = Field(OMITTED, max_length=20)
    deck_id: UUID = OMITTED
    suspended: bool = OMITTED
    buried: bool = Field(OMITTED, description="true: until the next study day; false: no longer")
    flag: int = Field(OMITTED, ge=NO_FLAG, le=MAX_FLAG, description="0 for none, or one of seven colours")

    def changes(self) -> CardChanges:
        """All but ``buried``, which the present study day turns into a day."""
        return cast(CardChanges, {name: value for name, value in self.given().items() if name != "buried"})


class CardQuery(PageQuery):
    """Which cards, in which order."""

    tag: Text = Field(OMITTED, max_length=100)
    q: Text = Field(OMITTED, max_length=200, description="part of the front or back")
    suspended: bool = OMITTED
    buried: bool = Field(OMITTED, description="on the present study day")
    flag: int = Field(OMITTED, ge=1, le=MAX_FLAG)
    state: CardState = OMITTED
    sort: CardOrder = CardOrder.CREATED_AT


class SourceOut(Answer):
    """Where a card comes from. The ids are null once the document is deleted; the text stays."""

    document_id: UUID | None
    chunk_id: UUID | None
    locator: LocatorOut | None
    title: str | None
    text: str | None


class CardOut(Answer):
    """A card and its schedule; ``due_on`` is null until its first review. ``buried_until`` is the first study day on
    which a card that was buried comes up again; one that has passed means nothing. ``flag`` is 0 for none, or 1 to 7.
    """

    id: UUID
    deck_id: UUID
    front: str
    back: str
    tags: list[str]
    suspended: bool
    buried_until: date | None
    flag: int
    source: SourceOut | None
    due_on: date | None
    interval_days: int
    ease_factor: float
    repetitions: int
    lapses: int
    version: int
    created_at: Instant
    updated_at: Instant


class CardsOut(Answer):
    """Cards that were made together, in the order in which they were sent."""

    items: list[CardOut]


class AddedOut(RootModel[CardOut | CardsOut]):
    """The card, or ``items`` where ``cards`` were sent."""


def present_source(source: CardSource) -> SourceOut:
    return SourceOut(
        document_id=source.document_id,
        chunk_id=source.chunk_id,
        locator=present_locator(source.locator) if source.locator else None,
        title=source.title,
        text=source.text,
    )


def present(card: Card) -> CardOut:
    return CardOut(
        id=card.id,
        deck_id=card.deck_id,
        front=card.front,
        back=card.back,
        tags=list(card.tags),
        suspended=card.suspended,
        buried_until=card.buried_until,
        flag=card.flag,
        source=present_source(card.source) if card.source else None,
        due_on=card.schedule.due_on,
        interval_days=card.schedule.interval_days,
        ease_factor=card.schedule.ease_factor,
        repetitions=card.schedule.repetitions,
        lapses=card.schedule.lapses,
        version=card.version,
        created_at=card.created_at,
        updated_at=card.updated_at,
    )


def answer_card(card: Card, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    return present(card).json_ready(), status, {"ETag": f'"{card.version}"'}


def cards_blueprint(
    *,
    protect: Protect,
    add: use_cases.AddCards,
    get: use_cases.GetCard,
    listing: use_cases.ListCards,
    edit: use_cases.EditCard,
    delete: use_cases.DeleteCard,
) -> APIBlueprint:
    """The routes of cards: those of a deck under ``/decks/{id}/cards``, single ones under ``/cards``."""
    api = blueprint("cards", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.post("/decks/<uuid:id>/cards", summary="Add a card, or several", responses={201: AddedOut})
    def add_card(path: IdPath, body: NewCards) -> Any:
        made = add(owner=owner(), deck_id=DeckId(path.id), cards=body.texts())
        if body.many:
            return CardsOut(items=[present(card) for card in made]).json_ready(), 201
        return answer_card(made[0], 201)

    def listed(deck_id: DeckId | None, query: CardQuery) -> Any:
        page = listing(
            owner=owner(),
            deck_id=deck_id,
            request=query.request(query.sort.value),
            order=query.sort,
            tag=query.tag,
            text=query.q,
            suspended=query.suspended,
            buried=query.buried,
            flag=query.flag,
            state=query.state,
        )
        return present_page(page, present)

    @api.get("/decks/<uuid:id>/cards", summary="List the cards of a deck", responses={200: PageOut[CardOut]})
    def list_cards(path: IdPath, query: CardQuery) -> Any:
        return listed(DeckId(path.id), query)

    @api.get("/cards", summary="Find cards in all decks", responses={200: PageOut[CardOut]})
    def find_cards(query: CardQuery) -> Any:
        return listed(None, query)

    @api.get("/cards/<uuid:id>", summary="Get a card", responses={200: CardOut})
    def get_card(path: IdPath) -> Any:
        return answer_card(get(owner=owner(), card_id=CardId(path.id)))

    @api.patch("/cards/<uuid:id>", summary="Change, move, suspend, bury or flag a card", responses={200: CardOut})
    def edit_card(path: IdPath, body: CardFields) -> Any:
        changed = edit(
            owner=owner(), card_id=CardId(path.id), version=expected_version(), buried=body.buried, **body.changes()
        )
        return answer_card(changed)

    @api.delete("/cards/<uuid:id>", summary="Delete a card", responses={204: None})
    def delete_card(path: IdPath) -> Any:
        delete(owner=owner(), card_id=CardId(path.id), version=expected_version())
        return "", 204

    return api
