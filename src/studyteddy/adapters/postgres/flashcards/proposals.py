"""Proposed cards in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.flashcards.sources import source_from_row, source_row
from studyteddy.adapters.postgres.repository import Values, page
from studyteddy.adapters.postgres.tables.flashcards import card_proposals, decks
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.cards import CardSource
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.ids import DeckId, DocumentId, ProposalId, UserId
from studyteddy.domain.paging import Page, PageRequest

_MINE = card_proposals.c.owner == sa.bindparam("row_owner")
_DECK = (
    sa.select(decks.c.id)
    .where(decks.c.owner == sa.bindparam("row_owner"), decks.c.id == sa.bindparam("row_id"))
    .with_for_update(read=True, key_share=True)
)
_SOME = (
    sa.select(card_proposals)
    .where(_MINE, card_proposals.c.id.in_(sa.bindparam("row_ids", expanding=True)))
    .order_by(card_proposals.c.created_at, card_proposals.c.id)
    .with_for_update()
)
_ADD = insert(card_proposals).on_conflict_do_nothing(index_elements=["id"])
_SAVE = sa.update(card_proposals).where(_MINE, card_proposals.c.id == sa.bindparam("row_id"))
_FRONTS = sa.select(card_proposals.c.front).where(_MINE, card_proposals.c.deck_id == sa.bindparam("row_deck"))
_MADE_FROM = (
    sa.select(card_proposals)
    .where(_MINE, card_proposals.c.source_document_id == sa.bindparam("row_document"))
    .with_for_update()
)


class PostgresProposals:
    """The ``Proposals`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, proposals: Sequence[CardProposal]) -> None:
        for owner, deck_id in {(proposal.owner, proposal.deck_id) for proposal in proposals}:
            deck = self._connection.execute(_DECK, {"row_owner": owner, "row_id": deck_id}).one_or_none()
            if deck is None:
                raise NotFound("There is no such deck.")
        if proposals:
            self._connection.execute(_ADD, [_to_row(proposal) for proposal in proposals])

    def get(self, owner: UserId, ids: Collection[ProposalId]) -> Sequence[CardProposal]:
        wanted = set(ids)
        rows = self._connection.execute(_SOME, {"row_owner": owner, "row_ids": list(wanted)}).all()
        if len(rows) < len(wanted):
            raise NotFound("There is no such proposal.")
        return [proposal_from_row(row) for row in rows]

    def save(self, proposals: Sequence[CardProposal]) -> None:
        for proposal in proposals:
            values = _to_row(proposal)
            values |= {"row_id": values.pop("id"), "row_owner": values.pop("owner")}
            self._connection.execute(_SAVE, values)

    def page(self, owner: UserId, deck_id: DeckId, status: ProposalStatus, request: PageRequest) -> Page[CardProposal]:
        query = sa.select(card_proposals).where(
            card_proposals.c.owner == owner,
            card_proposals.c.deck_id == deck_id,
            card_proposals.c.status == status.value,
        )
        return page(
            self._connection,
            query,
            {},
            request,
            order="created_at",
            key=card_proposals.c.created_at,
            row_id=card_proposals.c.id,
            as_text=str,
            from_text=datetime.fromisoformat,
            from_row=proposal_from_row,
        )

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        return self._connection.scalars(_FRONTS, {"row_owner": owner, "row_deck": deck_id}).all()

    def forget_document(self, owner: UserId, document_id: DocumentId) -> None:
        made = self._connection.execute(_MADE_FROM, {"row_owner": owner, "row_document": document_id}).all()
        self.save([proposal_from_row(row).source_deleted() for row in made])


def _to_row(proposal: CardProposal) -> Values:
    return {
        "id": proposal.id,
        "owner": proposal.owner,
        "deck_id": proposal.deck_id,
        "front": proposal.front,
        "back": proposal.back,
        "tags": list(proposal.tags),
        **source_row(proposal.source),
        "status": proposal.status.value,
        "created_at": proposal.created_at,
    }


def proposal_from_row(row: Any) -> CardProposal:
    return CardProposal(
        id=ProposalId(row.id),
        owner=UserId(row.owner),
        deck_id=DeckId(row.deck_id),
        front=row.front,
        back=row.back,
        tags=tuple(row.tags),
        source=source_from_row(row.source) or CardSource(),
        status=ProposalStatus(row.status),
        created_at=row.created_at,
    )
