"""What every store of decks, cards and proposals has to do; the review log is in ``testing.reviews``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion, StudyTeddyError
from studyteddy.domain.flashcards.card_filter import CardFilter, CardOrder, CardState
from studyteddy.domain.flashcards.cards import Card, CardSource
from studyteddy.domain.flashcards.counts import DeckCounts
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, ProposalId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.scheduling import Schedule
from studyteddy.testing.documents import add_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
ALL = PageRequest(limit=100)
T = TypeVar("T")


def a_deck(owner: UserId, name: str = "Biology") -> Deck:
    return Deck.create(id=DeckId(uuid4()), owner=owner, now=NOW, name=name)


def a_card(deck: Deck, front: str = "What is a cell?", *, back: str = "The unit of life", age: int = 0) -> Card:
    """A new card, made ``age`` minutes ago."""
    made = NOW - timedelta(minutes=age)
    return Card.create(id=CardId(uuid4()), owner=deck.owner, deck_id=deck.id, front=front, back=back, now=made)


def a_source() -> CardSource:
    return CardSource(
        document_id=DocumentId(uuid4()),
        chunk_id=ChunkId(uuid4()),
        locator=Locator(unit=LocatorUnit.PAGE, number=7, label="Cells > Walls", char_start=10, char_end=60),
        title="Cells – an introduction",
        text="The cell is the “unit” of life.",
    )


def a_proposal(deck: Deck, front: str = "What is a cell?", *, age: int = 0) -> CardProposal:
    return CardProposal(
        id=ProposalId(uuid4()),
        owner=deck.owner,
        deck_id=deck.id,
        front=front,
        back="The unit of life",
        tags=("cells",),
        source=a_source(),
        created_at=NOW - timedelta(minutes=age),
    )


def add_deck(unit_of_work: UnitOfWorkFactory, deck: Deck, cards: Sequence[Card] = ()) -> Deck:
    with unit_of_work() as uow:
        uow.decks.add(deck)
        uow.cards.add(cards)
        uow.commit()
    return deck


def at_once(action: Callable[[int], T], count: int) -> list[T | StudyTeddyError]:
    """Run an action in as many threads, started together; a refusal is its result."""
    gate = threading.Barrier(count)

    def run(number: int) -> T | StudyTeddyError:
        gate.wait()
        try:
            return action(number)
        except StudyTeddyError as refusal:
            return refusal

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


class FlashcardsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def deck(self, unit_of_work: UnitOfWorkFactory) -> Deck:
        return add_deck(unit_of_work, a_deck(add_user(unit_of_work)))

    @pytest.fixture
    def stranger(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    def test_a_deck_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        changed = deck.edited(NOW + timedelta(hours=1), name="Zoo 🐘", description="l\n2", new_per_day=3)
        with unit_of_work() as uow:
            uow.decks.save(changed)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.decks.get(deck.owner, deck.id) == changed

    def test_a_deck_name_is_taken_once_for_an_owner(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck, stranger: UserId
    ) -> None:
        with unit_of_work() as uow, pytest.raises(Conflict) as refused:
            uow.decks.add(a_deck(deck.owner, "BIOLOGY"))
        assert refused.value.code == "name_taken"
        add_deck(unit_of_work, a_deck(stranger, "Biology"))

    def test_a_deck_can_not_be_renamed_to_a_taken_name(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        other = add_deck(unit_of_work, a_deck(deck.owner, "Straße"))
        with pytest.raises(Conflict) as refused, unit_of_work() as uow:
            uow.decks.save(deck.edited(NOW, name="STRASSE"))
        assert refused.value.code == "name_taken"
        with unit_of_work() as uow:
            uow.decks.save(other.edited(NOW, name="STRASSE"))
            uow.commit()

    def test_of_many_decks_of_one_name_made_at_once_one_is_kept(
        self, unit_of_work: UnitOfWorkFactory, stranger: UserId
    ) -> None:
        results = at_once(lambda _: add_deck(unit_of_work, a_deck(stranger, "Physics")), 8)
        refusals = [result for result in results if isinstance(result, StudyTeddyError)]
        assert [refusal.code for refusal in refusals] == ["name_taken"] * 7
        with unit_of_work() as uow:
            assert len(uow.decks.page(stranger, ALL).items) == 1

    def test_a_stale_deck_or_card_is_not_kept(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        card = a_card(deck)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.decks.save(deck.edited(NOW, name="Second"))
            uow.cards.save(card.edited(NOW, front="Second"))
            uow.commit()
        with pytest.raises(StaleVersion), unit_of_work() as uow:
            uow.decks.save(deck.edited(NOW, name="Third"))
        with pytest.raises(StaleVersion), unit_of_work() as uow:
            uow.cards.save(card.edited(NOW, front="Third"))

    def test_what_belongs_to_another_person_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck, stranger: UserId
    ) -> None:
        card, proposal = a_card(deck), a_proposal(deck)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.proposals.add([proposal])
            uow.commit()
        with unit_of_work() as uow:
            for attempt in (
                lambda: uow.decks.get(stranger, deck.id),
                lambda: uow.decks.delete(stranger, deck.id),
                lambda: uow.decks.save(replace(deck, owner=stranger, version=2)),
                lambda: uow.cards.get(stranger, card.id),
                lambda: uow.cards.delete(stranger, card.id),
                lambda: uow.cards.save(replace(card, owner=stranger, version=2)),
                lambda: uow.cards.add([replace(card, id=CardId(uuid4()), owner=stranger)]),
                lambda: uow.proposals.get(stranger, [proposal.id]),
                lambda: uow.proposals.add([replace(proposal, id=ProposalId(uuid4()), owner=stranger)]),
            ):
                with pytest.raises(NotFound):
                    attempt()
            assert uow.decks.page(stranger, ALL).items == ()
            assert uow.decks.counts(stranger, TODAY, [deck.id]) == {}
            assert uow.cards.page(stranger, deck.id, CardFilter(day=TODAY), ALL).items == ()
            assert uow.cards.fronts(stranger, deck.id) == []
            assert uow.proposals.page(stranger, deck.id, ProposalStatus.PENDING, ALL).items == ()
            assert uow.proposals.fronts(stranger, deck.id) == []

    def test_decks_are_paged_by_name_without_regard_to_case(
        self, unit_of_work: UnitOfWorkFactory, stranger: UserId
    ) -> None:
        names = ["b", "A", "Ä", "c", "B2"]
        for name in names:
            add_deck(unit_of_work, a_deck(stranger, name))
        seen: list[str] = []
        request = PageRequest(limit=2)
        while True:
            with unit_of_work() as uow:
                page = uow.decks.page(stranger, request)
            seen += [deck.name for deck in page.items]
            if page.next is None:
                break
            request = PageRequest(limit=2, after=page.next)
        assert seen == ["A", "b", "B2", "c", "Ä"]

    def test_a_card_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        schedule = Schedule(3, 15, 236, TODAY, 2, date(2026, 2, 15), date(2026, 2, 15))
        card = replace(
            a_card(deck, "Q\n🧸"),
            tags=("b", "a"),
            source=a_source(),
            schedule=schedule,
            suspended=True,
            buried_until=TOMORROW,
            flag=7,
            version=9,
        )
        with unit_of_work() as uow:
            uow.cards.add([card, a_card(deck)])
            uow.commit()
        with unit_of_work() as uow:
            assert uow.cards.get(deck.owner, card.id) == card

    def test_cards_for_a_deck_that_is_gone_are_kept_none(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        gone = a_deck(deck.owner, "Gone")
        with pytest.raises(NotFound), unit_of_work() as uow:
            uow.cards.add([a_card(deck), a_card(gone)])
        with unit_of_work() as uow:
            assert uow.cards.fronts(deck.owner, deck.id) == []

    def test_a_card_moves_only_into_a_deck_of_its_owner(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck, stranger: UserId
    ) -> None:
        theirs = add_deck(unit_of_work, a_deck(stranger))
        other = add_deck(unit_of_work, a_deck(deck.owner, "Other"))
        card = a_card(deck)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.commit()
        with pytest.raises(NotFound), unit_of_work() as uow:
            uow.cards.save(card.edited(NOW, deck_id=theirs.id))
        with unit_of_work() as uow:
            uow.cards.save(card.edited(NOW, deck_id=other.id))
            uow.commit()
        with unit_of_work() as uow:
            assert uow.cards.fronts(deck.owner, other.id) == [card.front]

    def test_a_card_is_buried_flagged_and_dug_up_again(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        other = add_deck(unit_of_work, a_deck(deck.owner, "Other"))
        card = a_card(deck)
        buried = card.buried(TODAY).edited(NOW, flag=3)
        moved = buried.edited(NOW, deck_id=other.id, front="Moved")
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.cards.save(buried)
            uow.cards.save(moved)
            uow.commit()
        with unit_of_work() as uow:
            found = uow.cards.get(deck.owner, card.id)
            assert (found, found.buried_until, found.flag) == (moved, TOMORROW, 3)
            uow.cards.save(found.unburied().edited(NOW, flag=0))
            uow.commit()
        with unit_of_work() as uow:
            found = uow.cards.get(deck.owner, card.id)
        assert (found.buried_until, found.flag) == (None, 0)

    def test_a_deck_takes_its_cards_and_proposals_along(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        card, proposal = a_card(deck), a_proposal(deck)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.proposals.add([proposal])
            uow.commit()
        with unit_of_work() as uow:
            uow.decks.delete(deck.owner, deck.id)
            uow.commit()
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.cards.get(deck.owner, card.id)
            with pytest.raises(NotFound):
                uow.proposals.get(deck.owner, [proposal.id])

    def test_cards_are_found_by_what_the_filter_says(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        due = Schedule(1, 1, 250, TODAY, 0, date(2026, 3, 1))
        waiting = replace(due, due_on=date(2026, 3, 9), interval_days=8)
        again = replace(waiting, again_on=TODAY)
        cards = [
            replace(a_card(deck, "İstanbul", age=5), tags=("city",), buried_until=TOMORROW),
            replace(a_card(deck, "ΣΊΣΥΦΟΣ", age=4), schedule=due, flag=1),
            replace(a_card(deck, "100 % of_it\\", age=3), schedule=waiting, suspended=True, buried_until=TODAY, flag=7),
            replace(a_card(deck, "Straße", age=2), schedule=again, tags=("city", "road")),
            replace(a_card(deck, "front", back="BACK", age=1), schedule=replace(again, again_on=date(2026, 3, 1))),
        ]
        with unit_of_work() as uow:
            uow.cards.add(cards)
            uow.commit()
        filters = [
            CardFilter(day=TODAY, **wanted)  # type: ignore[arg-type]
            for wanted in (
                *({"state": state} for state in CardState),
                *({"text": text} for text in ("i̇", "σίσυφος", "% ", "_", "\\", "ß", "ss", "back", "t\nb", "  ", "x")),
                *({"tag": tag} for tag in ("city", "#Road", "town", "#")),
                {"suspended": True},
                {"suspended": False, "state": CardState.WAITING},
                {"buried": True},
                {"buried": False},
                *({"flag": flag} for flag in (1, 2, 7)),
                {"buried": False, "flag": 7},
                {"tag": "city", "text": "straße", "state": CardState.DUE},
            )
        ]
        with unit_of_work() as uow:
            for wanted in filters:
                found = uow.cards.page(deck.owner, deck.id, wanted, ALL).items
                assert found == tuple(card for card in cards if wanted.matches(card)), wanted
        assert len({tuple(card.id for card in cards if wanted.matches(card)) for wanted in filters}) > 8

    def test_pages_of_cards_are_stable_while_cards_are_added(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        cards = [a_card(deck, f"Card {age}", age=age) for age in (5, 3, 3, 1)]
        with unit_of_work() as uow:
            uow.cards.add(cards)
            uow.commit()
        with unit_of_work() as uow:
            first = uow.cards.page(deck.owner, deck.id, CardFilter(day=TODAY), PageRequest(limit=2))
            uow.cards.add([a_card(deck, "older", age=9), a_card(deck, "newer")])
            uow.commit()
        with unit_of_work() as uow:
            rest = uow.cards.page(deck.owner, deck.id, CardFilter(day=TODAY), PageRequest(limit=9, after=first.next))
        seen = [card.front for card in first.items + rest.items]
        assert seen == ["Card 5", "Card 3", "Card 3", "Card 1", "newer"]
        assert len({card.id for card in first.items + rest.items}) == 5

    @pytest.mark.parametrize("order", CardOrder)
    def test_cards_are_paged_in_every_order_without_loss(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck, order: CardOrder
    ) -> None:
        reviewed = Schedule(1, 1, 250, TODAY, 0, date(2026, 3, 1))
        schedules = [
            Schedule(),
            reviewed,
            replace(reviewed, due_on=date(2026, 3, 9), interval_days=8, ease_factor_hundredths=130),
            replace(reviewed, interval_days=8),
            Schedule(),
            replace(reviewed, due_on=date(2026, 3, 4), ease_factor_hundredths=260),
        ]
        cards = [replace(a_card(deck, age=age % 4), schedule=schedule) for age, schedule in enumerate(schedules)]
        with unit_of_work() as uow:
            uow.cards.add(cards)
            uow.commit()
        seen: list[Card] = []
        request: PageRequest | None = PageRequest(limit=2)
        while request is not None:
            with unit_of_work() as uow:
                page = uow.cards.page(deck.owner, deck.id, CardFilter(day=TODAY), request, order)
            seen += page.items
            request = PageRequest(limit=2, after=page.next) if page.next else None
        by_id = sorted(cards, key=lambda card: card.id, reverse=order.descending)
        keyed = [card for card in by_id if order.value_of(card) is not None]
        keyed.sort(key=lambda card: cast(Any, order.value_of(card)), reverse=order.descending)
        assert seen == keyed + [card for card in by_id if order.value_of(card) is None]

    def test_cards_of_all_decks_are_found_and_nobody_elses(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck, stranger: UserId
    ) -> None:
        other, theirs = a_deck(deck.owner, "Other"), a_deck(stranger)
        add_deck(unit_of_work, deck=other, cards=[a_card(other, "What is a cell wall?", age=1)])
        add_deck(unit_of_work, deck=theirs, cards=[a_card(theirs, "What is a cell?")])
        with unit_of_work() as uow:
            uow.cards.add([a_card(deck, "What is a cell?", age=2), a_card(deck, "What is a leaf?")])
            uow.commit()
        with unit_of_work() as uow:
            found = uow.cards.page(deck.owner, None, CardFilter(day=TODAY, text="CELL"), ALL).items
        assert [card.front for card in found] == ["What is a cell?", "What is a cell wall?"]

    def test_counts_keep_to_each_deck_and_leave_suspended_and_buried_cards_out(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck
    ) -> None:
        limited = add_deck(unit_of_work, replace(a_deck(deck.owner, "Limited"), new_per_day=1, reviews_per_day=1))
        due = Schedule(1, 1, 250, TODAY, 0, date(2026, 3, 1))
        again = replace(due, due_on=date(2026, 3, 3), last_reviewed_on=TODAY, again_on=TODAY)
        with unit_of_work() as uow:
            for each in (deck, limited):
                made = [a_card(each, str(number)) for number in range(8)]
                schedules = [due, due, again, replace(due, due_on=date(2026, 3, 9))]
                scheduled = [
                    replace(card, schedule=schedule) for card, schedule in zip(made[:4], schedules, strict=True)
                ]
                hidden = [replace(made[4], suspended=True), replace(made[5], suspended=True, schedule=due)]
                buried = [
                    replace(a_card(each, "buried"), schedule=schedule, buried_until=TOMORROW)
                    for schedule in (Schedule(), due, again)
                ]
                uow.cards.add(scheduled + hidden + buried + made[6:])
            uow.commit()
        with unit_of_work() as uow:
            counts = uow.decks.counts(deck.owner, TODAY, [deck.id, limited.id, DeckId(uuid4())])
            tomorrow = uow.decks.counts(deck.owner, TOMORROW, [deck.id])
        assert counts == {deck.id: DeckCounts(new=2, due=3, total=11), limited.id: DeckCounts(new=1, due=2, total=11)}
        assert tomorrow == {deck.id: DeckCounts(new=3, due=5, total=11)}

    def test_a_deleted_document_leaves_the_text_of_its_cards_and_proposals(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck
    ) -> None:
        card, proposal = replace(a_card(deck), source=a_source()), a_proposal(deck)
        document, other = card.source.document_id, proposal.source.document_id  # type: ignore[union-attr]
        assert document is not None
        assert other is not None
        later = NOW + timedelta(days=1)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.proposals.add([proposal])
            uow.commit()
        with unit_of_work() as uow:
            uow.cards.forget_document(deck.owner, document, later)
            uow.cards.forget_document(deck.owner, other, later)
            uow.proposals.forget_document(deck.owner, other)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.cards.get(deck.owner, card.id) == card.source_deleted(later)
            assert uow.proposals.get(deck.owner, [proposal.id]) == [proposal.source_deleted()]

    def test_proposals_wait_in_the_order_in_which_they_were_made(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck
    ) -> None:
        old, young = a_proposal(deck, "old", age=2), a_proposal(deck, "young", age=1)
        with unit_of_work() as uow:
            uow.proposals.add([young, old])
            uow.commit()
        with unit_of_work() as uow:
            held = uow.proposals.get(deck.owner, [young.id, old.id, young.id])
            assert held == [old, young]
            uow.proposals.save([old.rejected()])
            uow.proposals.add([replace(old, front="again"), replace(young, front="again")])
            uow.commit()
        with unit_of_work() as uow:
            assert uow.proposals.page(deck.owner, deck.id, ProposalStatus.PENDING, ALL).items == (young,)
            assert uow.proposals.page(deck.owner, deck.id, ProposalStatus.REJECTED, ALL).items == (old.rejected(),)
            assert sorted(uow.proposals.fronts(deck.owner, deck.id)) == ["old", "young"]
