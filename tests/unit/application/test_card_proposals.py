from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.flashcards.model_cards import ModelCards
from studyteddy.application.flashcards.proposals import (
    AcceptProposals,
    ListProposals,
    ProposeCards,
    RejectProposals,
    RequestCards,
    spread,
)
from studyteddy.application.ports.chat_model import Completion, Usage
from studyteddy.application.ports.jobs import Job, JobKind, JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import Conflict, Invalid, NotFound, RateLimited, Unavailable
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import Candidate, CardProposal, ProposalStatus
from studyteddy.domain.ids import ProposalId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.token_budget import TokenBudget
from studyteddy.testing.chunk_index import index_document
from studyteddy.testing.documents import a_document, add_user
from studyteddy.testing.flashcards import a_card, a_deck, a_proposal, add_deck

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SUBJECTS = [
    "glacier", "volcano", "desert", "river", "tundra", "savanna", "reef", "delta", "canyon", "steppe", "island", "fjord"
]  # fmt: skip


class SentenceMaker:
    """One card for each passage; it remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Passage] = []

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate]:
        for passage in passages:
            self.shown.append(passage)
            subject = passage.text.split()[1]
            yield Candidate(
                front=f"Where does one find a {subject}?",
                back=passage.text,
                quote=passage.text,
                chunk_id=passage.chunk_id,
            )


@pytest.fixture
def unit_of_work() -> UnitOfWorkFactory:
    return functools.partial(InMemoryUnitOfWork, Store())


@pytest.fixture
def deck(unit_of_work: UnitOfWorkFactory) -> Deck:
    return add_deck(unit_of_work, a_deck(add_user(unit_of_work)))


@pytest.fixture
def document(unit_of_work: UnitOfWorkFactory, deck: Deck) -> Document:
    document = a_document(deck.owner)
    index_document(unit_of_work, document, [f"The {subject} lies beyond the {subject} hills" for subject in SUBJECTS])
    return document


def a_job(document: Document, deck: Deck, count: int) -> Job:
    return Job(
        id=uuid4(),
        owner=deck.owner,
        kind=JobKind.PROPOSE_CARDS,
        subject_id=document.id,
        arguments={"deck_id": str(deck.id), "count": count},
        created_at=NOW,
        updated_at=NOW,
    )


def waiting(unit_of_work: UnitOfWorkFactory, deck: Deck) -> Sequence[CardProposal]:
    listing = ListProposals(unit_of_work=unit_of_work)
    return listing(owner=deck.owner, deck_id=deck.id, request=PageRequest(limit=100)).items


def proposing(unit_of_work: UnitOfWorkFactory) -> ProposeCards:
    return ProposeCards(unit_of_work=unit_of_work, maker=SentenceMaker(), clock=lambda: NOW)


def test_a_request_queues_a_job_for_the_document(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    request = RequestCards(unit_of_work=unit_of_work, new_id=uuid4, clock=lambda: NOW)
    job_id = request(owner=deck.owner, document_id=document.id, deck_id=deck.id, count=5)
    with unit_of_work() as uow:
        job = uow.jobs.get(deck.owner, job_id)
    assert (job.kind, job.subject_id, job.status) == (JobKind.PROPOSE_CARDS, document.id, JobStatus.QUEUED)
    assert job.arguments == {"deck_id": str(deck.id), "count": 5}


def test_a_document_that_is_not_ready_gives_no_cards(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    unread = a_document(deck.owner)
    with unit_of_work() as uow:
        uow.documents.add(unread)
        uow.commit()
    request = RequestCards(unit_of_work=unit_of_work, new_id=uuid4, clock=lambda: NOW)
    with pytest.raises(Conflict) as refused:
        request(owner=deck.owner, document_id=unread.id, deck_id=deck.id, count=5)
    assert refused.value.code == "not_ready"


def test_documents_and_decks_of_others_are_not_found(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    request = RequestCards(unit_of_work=unit_of_work, new_id=uuid4, clock=lambda: NOW)
    stranger = add_user(unit_of_work)
    theirs = add_deck(unit_of_work, a_deck(stranger))
    for owner, deck_id in ((stranger, theirs.id), (deck.owner, theirs.id)):
        with pytest.raises(NotFound):
            request(owner=owner, document_id=document.id, deck_id=deck_id, count=5)


def test_proposals_come_from_all_over_the_document_in_its_order(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    book = a_document(deck.owner, title="Book")
    index_document(unit_of_work, book, [f"The {subject}{n} lies far away" for n in range(8) for subject in SUBJECTS])
    proposing(unit_of_work).run(a_job(book, deck, 6), lambda _: True)
    pages = [proposal.source.locator.number for proposal in waiting(unit_of_work, deck) if proposal.source.locator]
    assert len(pages) == 6
    assert pages == sorted(pages)
    assert pages[0] < 12
    assert pages[-1] > 36


def test_a_proposal_keeps_its_source(unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document) -> None:
    proposing(unit_of_work).run(a_job(document, deck, 1), lambda _: True)
    (proposal,) = waiting(unit_of_work, deck)
    assert proposal.source.document_id == document.id
    assert proposal.source.text == proposal.back
    assert proposal.source.locator is not None


def test_running_a_job_again_proposes_nothing_more(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    job = a_job(document, deck, 3)
    for _ in range(2):
        proposing(unit_of_work).run(job, lambda _: True)
    assert len(waiting(unit_of_work, deck)) == 3


def test_another_job_proposes_other_cards(unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document) -> None:
    for _ in range(2):
        proposing(unit_of_work).run(a_job(document, deck, 3), lambda _: True)
    fronts = [proposal.front for proposal in waiting(unit_of_work, deck)]
    assert len(fronts) == len(set(fronts)) == 6


def test_what_the_deck_asks_already_is_not_proposed(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    known = [a_card(deck, f"Where does one find a {subject}?") for subject in SUBJECTS[1:]]
    with unit_of_work() as uow:
        uow.cards.add(known)
        uow.commit()
    proposing(unit_of_work).run(a_job(document, deck, 10), lambda _: True)
    assert [proposal.front for proposal in waiting(unit_of_work, deck)] == ["Where does one find a glacier?"]


def test_a_job_that_is_stopped_proposes_nothing(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    proposing(unit_of_work).run(a_job(document, deck, 100), lambda _: False)
    assert waiting(unit_of_work, deck) == ()


def test_a_deleted_document_or_deck_ends_the_job_quietly(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    gone = replace(document, id=uuid4())
    proposing(unit_of_work).run(a_job(gone, deck, 3), lambda _: True)
    proposing(unit_of_work).run(a_job(document, replace(deck, id=uuid4()), 3), lambda _: True)
    assert waiting(unit_of_work, deck) == ()


def test_a_model_that_can_not_be_reached_is_for_the_runner_to_try_again(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    class Down:
        def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
            raise Unavailable("The model does not answer.", code="provider_unavailable")

    handler = ProposeCards(unit_of_work=unit_of_work, maker=ModelCards(model=Down()), clock=lambda: NOW)
    with pytest.raises(Unavailable):
        handler.run(a_job(document, deck, 3), lambda _: True)


def test_a_model_that_invents_gets_nothing_through(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    class Inventive:
        def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
            return Completion(
                '{"cards": [{"passage": 1, "front": "Who won?", "back": "Nobody knows at all", "tags": [],'
                ' "quote": "the cup was won in 1999"}]}',
                Usage(prompt_tokens=50, completion_tokens=20),
            )

    handler = ProposeCards(unit_of_work=unit_of_work, maker=ModelCards(model=Inventive()), clock=lambda: NOW)
    handler.run(a_job(document, deck, 3), lambda _: True)
    assert waiting(unit_of_work, deck) == ()


class CostlyMaker(SentenceMaker):
    """Cards of one passage at each request, for 100 tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate | Usage]:
        for passage in passages:
            self.requests += 1
            yield from super().candidates([passage], count=count)
            yield Usage(prompt_tokens=90, completion_tokens=10)


def test_what_a_model_takes_for_cards_is_booked(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    maker = CostlyMaker()
    ProposeCards(unit_of_work=unit_of_work, maker=maker, clock=lambda: NOW).run(
        a_job(document, deck, 2), lambda _: True
    )
    with unit_of_work() as uow:
        assert uow.token_usage.spent(deck.owner, NOW.date()) == 100 * maker.requests == 1_200


def test_cards_end_with_the_request_that_uses_up_the_tokens_of_the_day(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    maker = CostlyMaker()
    handler = ProposeCards(unit_of_work=unit_of_work, maker=maker, clock=lambda: NOW, budget=TokenBudget(250))
    handler.run(a_job(document, deck, 12), lambda _: True)
    assert maker.requests == 3
    assert len(waiting(unit_of_work, deck)) == 3


def test_cards_are_refused_when_the_tokens_of_the_day_are_used_up(
    unit_of_work: UnitOfWorkFactory, deck: Deck, document: Document
) -> None:
    with unit_of_work() as uow:
        uow.token_usage.book(deck.owner, NOW.date(), prompt_tokens=200, completion_tokens=50)
        uow.commit()
    request = RequestCards(unit_of_work=unit_of_work, new_id=uuid4, clock=lambda: NOW, budget=TokenBudget(250))
    with pytest.raises(RateLimited) as refused:
        request(owner=deck.owner, document_id=document.id, deck_id=deck.id, count=5)
    assert refused.value.code == "token_budget_spent"


def a_waiting(unit_of_work: UnitOfWorkFactory, deck: Deck, count: int) -> list[ProposalId]:
    proposals = [a_proposal(deck, f"Question {number}") for number in range(count)]
    with unit_of_work() as uow:
        uow.proposals.add(proposals)
        uow.commit()
    return [proposal.id for proposal in proposals]


def accepting(unit_of_work: UnitOfWorkFactory) -> AcceptProposals:
    return AcceptProposals(unit_of_work=unit_of_work, new_id=uuid4, clock=lambda: NOW)


def test_accepting_makes_cards_with_their_source(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    ids = a_waiting(unit_of_work, deck, 2)
    made = accepting(unit_of_work)(owner=deck.owner, ids=ids)
    assert {card.front for card in made} == {"Question 0", "Question 1"}
    assert all(card.source is not None and card.source.locator is not None for card in made)
    with unit_of_work() as uow:
        assert [uow.cards.get(deck.owner, card.id) for card in made] == made
    assert waiting(unit_of_work, deck) == ()


def test_accepting_twice_makes_each_card_once(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    first, second = a_waiting(unit_of_work, deck, 2)
    assert len(accepting(unit_of_work)(owner=deck.owner, ids=[first, first])) == 1
    assert [card.front for card in accepting(unit_of_work)(owner=deck.owner, ids=[first, second])] == ["Question 1"]
    with unit_of_work() as uow:
        assert len(uow.cards.fronts(deck.owner, deck.id)) == 2


def test_one_proposal_that_can_not_be_accepted_holds_back_all(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    first, second = a_waiting(unit_of_work, deck, 2)
    reject = RejectProposals(unit_of_work=unit_of_work)
    assert reject(owner=deck.owner, ids=[first]) == 1
    assert reject(owner=deck.owner, ids=[first]) == 0
    with pytest.raises(Conflict) as refused:
        accepting(unit_of_work)(owner=deck.owner, ids=[first, second])
    assert refused.value.code == "already_decided"
    with pytest.raises(NotFound):
        accepting(unit_of_work)(owner=deck.owner, ids=[second, ProposalId(uuid4())])
    assert [proposal.id for proposal in waiting(unit_of_work, deck)] == [second]
    with unit_of_work() as uow:
        assert uow.cards.fronts(deck.owner, deck.id) == []


def test_an_accepted_proposal_can_not_be_rejected(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    (only,) = a_waiting(unit_of_work, deck, 1)
    accepting(unit_of_work)(owner=deck.owner, ids=[only])
    with pytest.raises(Conflict):
        RejectProposals(unit_of_work=unit_of_work)(owner=deck.owner, ids=[only])
    with unit_of_work() as uow:
        assert uow.proposals.get(deck.owner, [only])[0].status is ProposalStatus.ACCEPTED


def test_nothing_and_too_much_are_refused(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    for ids in ([], [ProposalId(uuid4())] * 501):
        with pytest.raises(Invalid):
            accepting(unit_of_work)(owner=deck.owner, ids=ids)


def test_a_strangers_proposals_are_not_found(unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
    ids = a_waiting(unit_of_work, deck, 1)
    with pytest.raises(NotFound):
        accepting(unit_of_work)(owner=UserId(UUID(int=1)), ids=ids)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 100])
def test_spread_names_each_number_once(count: int) -> None:
    assert sorted(spread(count)) == list(range(count))


def test_the_first_numbers_of_a_spread_lie_far_apart() -> None:
    assert list(spread(8)) == [0, 4, 2, 6, 1, 5, 3, 7]
