"""Suggest cards from a document, and decide on the suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from studyteddy.application.ports.card_maker import CardMaker
from studyteddy.application.ports.chat_model import Usage
from studyteddy.application.ports.chunk_index import Match
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Document, DocumentStatus
from studyteddy.domain.errors import Conflict, Invalid, NotFound
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.proposals import (
    CARDS_PER_PAGE,
    Candidate,
    CardProposal,
    ProposalStatus,
    gate,
    propose,
)
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, JobId, ProposalId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.token_budget import NO_LIMIT, TokenBudget

MAX_COUNT = 100
MAX_DECIDED_AT_ONCE = 500
PASSAGES_AT_ONCE = 16
"""Passages that are read and turned into cards between two heartbeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCards:
    """Queue a job that proposes cards from a document for a deck, and tell its id.

    ``Conflict`` (``not_ready``) while the document can't be read; ``NotFound`` when document or deck isn't the owner's;
    ``RateLimited`` (``token_budget_spent``) when a model would write them and the day's tokens are used up.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    budget: TokenBudget = NO_LIMIT

    def __call__(self, *, owner: UserId, document_id: DocumentId, deck_id: DeckId, count: int) -> JobId:
        if not 1 <= count <= MAX_COUNT:
            raise Invalid.field("count", f"Ask for 1 to {MAX_COUNT} cards.")
        now = self.clock()
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
            uow.decks.get(owner, deck_id)
            if document.status is not DocumentStatus.READY:
                raise Conflict("This document has not been read yet. Try again once it is ready.", code="not_ready")
            student = uow.users.get(owner)
            self.budget.check(student, uow.token_usage.spent(owner, student.study_day(now)), now=now)
            job = Job(
                id=JobId(self.new_id()),
                owner=owner,
                kind=JobKind.PROPOSE_CARDS,
                subject_id=document_id,
                arguments={"deck_id": str(deck_id), "count": count},
                created_at=now,
                updated_at=now,
            )
            uow.jobs.add(job)
            uow.commit()
        return job.id


def _wanted(job: Job) -> tuple[DeckId, int]:
    """What the job's arguments ask for; another version of this program may have written them."""
    try:
        deck_id, count = UUID(str(job.arguments["deck_id"])), int(str(job.arguments["count"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise Invalid("This job does not say which cards to make.", code="bad_arguments") from fault
    if not 1 <= count <= MAX_COUNT:
        raise Invalid(f"This job asks for other than 1 to {MAX_COUNT} cards.", code="bad_arguments")
    return DeckId(deck_id), count


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeCards:
    """The ``JobHandler`` that fills the inbox of a deck. Running twice proposes once: ids follow from the job's.

    Passages from all over the document are looked at in turn until enough cards have passed the gate, so that a few
    cards from a book do not all stand on its first pages. What a model costs is counted after each of its requests;
    when the owner's tokens of the day are used up, the cards that there are have to do.
    """

    unit_of_work: UnitOfWorkFactory
    maker: CardMaker
    clock: Clock
    budget: TokenBudget = NO_LIMIT

    def run(self, job: Job, beat: Heartbeat) -> None:
        """Propose; a document or deck that is deleted meanwhile ends the work quietly."""
        deck_id, count = _wanted(job)
        try:
            document, fronts = self._start(job, deck_id)
            chosen = self._choose(document, fronts, count, beat) if fronts is not None else None
            if chosen:
                self._keep(job, deck_id, chosen)
        except NotFound:
            return

    def give_up(self, job: Job, code: str) -> None:
        """Nothing: the job itself tells that it failed."""

    def _start(self, job: Job, deck_id: DeckId) -> tuple[Document, Sequence[str] | None]:
        """The document and the questions that the deck knows already; None when an earlier attempt was through."""
        with self.unit_of_work() as uow:
            document = uow.documents.get(job.owner, DocumentId(job.subject_id))
            uow.decks.get(job.owner, deck_id)
            try:
                uow.proposals.get(job.owner, [_proposal_id(job, 0)])
            except NotFound:
                return document, [*uow.cards.fronts(job.owner, deck_id), *uow.proposals.fronts(job.owner, deck_id)]
        return document, None

    def _choose(
        self, document: Document, fronts: Sequence[str], count: int, beat: Heartbeat
    ) -> list[tuple[Candidate, Passage]] | None:
        """Up to ``count`` cards in the order of the document; None when the work should stop.

        A page gives three cards at most, or more where the document has too few pages for what was asked.
        """
        per_page = max(CARDS_PER_PAGE, -(-count // max(1, document.page_count or 1)))
        candidates: list[Candidate] = []
        passages: dict[ChunkId, Passage] = {}
        passed: tuple[Candidate, ...] = ()
        gate_at = count
        order = list(spread(document.chunk_count))
        for first in range(0, len(order), PASSAGES_AT_ONCE):
            batch = self._passages(document, order[first : first + PASSAGES_AT_ONCE])
            passages |= {passage.chunk_id: passage for passage in batch}
            drafts, spent = self._drafts(document.owner, batch, count - len(passed))
            candidates += drafts
            # The gate compares each card with all others, so it is asked only when enough new ones have come.
            if len(candidates) >= gate_at:
                passed = gate(candidates, fronts, passages, per_page).passed
                gate_at = 2 * len(candidates)
            if len(passed) >= count:
                break
            if spent:
                passed = gate(candidates, fronts, passages, per_page).passed
                break
            if not beat(99 * (first + len(batch)) // len(order)):
                return None
        else:
            passed = gate(candidates, fronts, passages, per_page).passed
        chosen = [(candidate, passages[candidate.chunk_id]) for candidate in passed[:count]]
        return sorted(chosen, key=lambda pair: (pair[1].locator.number, pair[1].locator.char_start))

    def _drafts(self, owner: UserId, batch: Sequence[Passage], count: int) -> tuple[list[Candidate], bool]:
        """What the maker suggests, and whether the owner's tokens were used up meanwhile."""
        drafts: list[Candidate] = []
        for piece in self.maker.candidates(batch, count=count):
            if isinstance(piece, Candidate):
                drafts.append(piece)
            elif self._book(owner, piece):
                return drafts, True  # the maker is lazy: its next request is never made
        return drafts, False

    def _book(self, owner: UserId, usage: Usage) -> bool:
        """Count what a request has cost; whether that was the last one for today."""
        with self.unit_of_work() as uow:
            day = uow.users.get(owner).study_day(self.clock())
            prompt, completion = usage.prompt_tokens, usage.completion_tokens
            uow.token_usage.book(owner, day, prompt_tokens=prompt, completion_tokens=completion)
            spent = self.budget.is_spent(uow.token_usage.spent(owner, day))
            uow.commit()
        return spent

    def _passages(self, document: Document, indexes: Sequence[int]) -> list[Passage]:
        matches = [Match(chunk_id(document.id, index), 0.0) for index in indexes]
        with self.unit_of_work() as uow:
            return uow.chunk_index.passages(document.owner, matches)

    def _keep(self, job: Job, deck_id: DeckId, chosen: Sequence[tuple[Candidate, Passage]]) -> None:
        now = self.clock()
        proposals = [
            propose(
                candidate,
                passage,
                id=_proposal_id(job, number),
                owner=job.owner,
                deck_id=deck_id,
                now=now + timedelta(microseconds=number),
            )
            for number, (candidate, passage) in enumerate(chosen)
        ]
        with self.unit_of_work() as uow:
            uow.proposals.add(proposals)
            uow.commit()


def _proposal_id(job: Job, number: int) -> ProposalId:
    return ProposalId(uuid5(job.id, str(number)))


def spread(count: int) -> Iterator[int]:
    """The numbers from 0 to ``count - 1``, each once, such that any first few of them lie evenly: bits reversed."""
    width = max(0, count - 1).bit_length()
    for number in range(1 << width):
        turned = int(format(number, f"0{width}b")[::-1], 2) if width else 0
        if turned < count:
            yield turned


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProposals:
    """A page of the cards that wait for a decision; ``NotFound`` for an unknown deck."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, deck_id: DeckId, request: PageRequest) -> Page[CardProposal]:
        with self.unit_of_work() as uow:
            uow.decks.get(owner, deck_id)
            return uow.proposals.page(owner, deck_id, ProposalStatus.PENDING, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptProposals:
    """Make cards of proposals, all or none, and give back those that were made now.

    Accepting again is harmless; one that was rejected is a ``Conflict`` (``already_decided``).
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, ids: Sequence[ProposalId]) -> Sequence[Card]:
        _check_number(ids)
        now = self.clock()
        with self.unit_of_work() as uow:
            held = uow.proposals.get(owner, ids)
            waiting = [proposal for proposal in held if proposal.status is not ProposalStatus.ACCEPTED]
            cards = [proposal.card(CardId(self.new_id()), now) for proposal in waiting]
            uow.proposals.save([proposal.accepted() for proposal in waiting])
            uow.cards.add(cards)
            uow.commit()
        return cards


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectProposals:
    """Turn proposals down, all or none, and tell how many were waiting.

    Rejecting again is harmless; one that was accepted is a ``Conflict`` (``already_decided``).
    """

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, ids: Sequence[ProposalId]) -> int:
        _check_number(ids)
        with self.unit_of_work() as uow:
            held = uow.proposals.get(owner, ids)
            waiting = [proposal for proposal in held if proposal.status is not ProposalStatus.REJECTED]
            uow.proposals.save([proposal.rejected() for proposal in waiting])
            uow.commit()
        return len(waiting)


def _check_number(ids: Sequence[ProposalId]) -> None:
    if not 1 <= len(ids) <= MAX_DECIDED_AT_ONCE:
        raise Invalid.field("ids", f"Name 1 to {MAX_DECIDED_AT_ONCE} proposals.")
