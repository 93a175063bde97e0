"""Proposed cards over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.flashcards import proposals as use_cases
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.ids import DeckId, DocumentId, ProposalId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.flashcards.cards import CardOut, SourceOut, present, present_source
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Body, IdPath, Instant, PageOut, PageQuery, present_page


class CardsWanted(Body):
    """For which deck, and how many cards at most."""

    deck_id: UUID
    count: int = Field(10, ge=1, le=use_cases.MAX_COUNT)


class ProposalIds(Body):
    """Which proposals."""

    ids: list[UUID] = Field(min_length=1, max_length=use_cases.MAX_DECIDED_AT_ONCE)

    def proposals(self) -> list[ProposalId]:
        return [ProposalId(row_id) for row_id in self.ids]


class CardJobOut(Answer):
    """The job that makes the proposals."""

    job_id: UUID


class ProposalOut(Answer):
    """A card that waits for a decision; ``source.text`` is the quote that holds the answer."""

    id: UUID
    deck_id: UUID
    front: str
    back: str
    tags: list[str]
    source: SourceOut
    status: ProposalStatus
    created_at: Instant


class AcceptedOut(Answer):
    """How many proposals became cards just now, and these cards."""

    accepted: int
    items: list[CardOut]


class RejectedOut(Answer):
    """How many proposals were turned down just now."""

    rejected: int


def _present(proposal: CardProposal) -> ProposalOut:
    return ProposalOut(
        id=proposal.id,
        deck_id=proposal.deck_id,
        front=proposal.front,
        back=proposal.back,
        tags=list(proposal.tags),
        source=present_source(proposal.source),
        status=proposal.status,
        created_at=proposal.created_at,
    )


def proposals_blueprint(
    *,
    protect: Protect,
    request_cards: use_cases.RequestCards,
    listing: use_cases.ListProposals,
    accept: use_cases.AcceptProposals,
    reject: use_cases.RejectProposals,
) -> APIBlueprint:
    """The routes that make cards from documents."""
    api = blueprint("proposals", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.post("/documents/<uuid:id>/flashcards", summary="Propose cards from a document", responses={202: CardJobOut})
    def propose_cards(path: IdPath, body: CardsWanted) -> Any:
        job_id = request_cards(
            owner=owner(), document_id=DocumentId(path.id), deck_id=DeckId(body.deck_id), count=body.count
        )
        return CardJobOut(job_id=job_id).json_ready(), 202

    @api.get("/decks/<uuid:id>/proposals", summary="List proposed cards", responses={200: PageOut[ProposalOut]})
    def list_proposals(path: IdPath, query: PageQuery) -> Any:
        page = listing(owner=owner(), deck_id=DeckId(path.id), request=query.request("created_at"))
        return present_page(page, _present)

    @api.post("/proposals/accept", summary="Make cards of proposals", responses={200: AcceptedOut})
    def accept_proposals(body: ProposalIds) -> Any:
        cards = accept(owner=owner(), ids=body.proposals())
        return AcceptedOut(accepted=len(cards), items=[present(card) for card in cards]).json_ready()

    @api.post("/proposals/reject", summary="Turn proposals down", responses={200: RejectedOut})
    def reject_proposals(body: ProposalIds) -> Any:
        return RejectedOut(rejected=reject(owner=owner(), ids=body.proposals())).json_ready()

    return api
