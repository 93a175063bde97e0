"""What every place for published decks has to do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import UserRole
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.publishing import PublishedDeck
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.testing.accounts import NOW, add_user

TEACHER = frozenset({UserRole.STUDENT, UserRole.TEACHER})


class PublishedDecksContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def teacher(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work, roles=TEACHER, display_name="Emmy")

    @staticmethod
    def deck(unit_of_work: UnitOfWorkFactory, owner: UserId, name: str, *, published: bool = True) -> Deck:
        deck = Deck.create(id=DeckId(uuid4()), owner=owner, now=NOW, name=name, description="About life")
        deck = deck.published(NOW) if published else deck
        card = Card.create(id=CardId(uuid4()), owner=owner, deck_id=deck.id, front="A", back="B", now=NOW)
        with unit_of_work() as uow:
            uow.decks.add(deck)
            uow.cards.add([card])
            uow.commit()
        return deck

    @staticmethod
    def names(unit_of_work: UnitOfWorkFactory, **wanted: Any) -> list[str]:
        seen: list[PublishedDeck] = []
        request: PageRequest | None = PageRequest(limit=2)
        while request is not None:
            with unit_of_work() as uow:
                page = uow.published_decks.page(request, **wanted)
            seen += page.items
            request = PageRequest(limit=2, after=page.next) if page.next else None
        return [deck.name for deck in seen]

    def test_a_published_deck_is_shown_with_its_teacher_and_size(
        self, unit_of_work: UnitOfWorkFactory, teacher: UserId
    ) -> None:
        deck = self.deck(unit_of_work, teacher, "Biology")
        with unit_of_work() as uow:
            assert uow.decks.get(teacher, deck.id) == deck
            assert uow.published_decks.get(deck.id) == PublishedDeck(
                id=deck.id,
                owner=teacher,
                name="Biology",
                description="About life",
                teacher="Emmy",
                card_count=1,
                published_at=NOW,
            )

    def test_a_deck_is_not_found_unless_its_owner_shows_it_and_may(self, unit_of_work: UnitOfWorkFactory) -> None:
        teacher, gone = add_user(unit_of_work, roles=TEACHER), add_user(unit_of_work, roles=TEACHER, disabled=True)
        mark = uuid4().hex
        hidden = [
            self.deck(unit_of_work, teacher, f"{mark} draft", published=False).id,
            self.deck(unit_of_work, add_user(unit_of_work), f"{mark} of a student").id,
            self.deck(unit_of_work, gone, f"{mark} of somebody who is disabled").id,
            DeckId(uuid4()),
        ]
        for deck_id in hidden:
            with unit_of_work() as uow, pytest.raises(NotFound):
                uow.published_decks.get(deck_id)
        assert self.names(unit_of_work, text=mark) == []

    def test_pages_hold_every_published_deck_that_matches_by_name(
        self, unit_of_work: UnitOfWorkFactory, teacher: UserId
    ) -> None:
        other = add_user(unit_of_work, roles=frozenset({UserRole.ADMIN}))
        mark = uuid4().hex
        for owner, name in (
            (teacher, "Zoology"),
            (other, "botany"),
            (teacher, "Botany"),
            (other, "100%"),
            (other, "É"),
        ):
            self.deck(unit_of_work, owner, f"{mark} {name}")
        assert self.names(unit_of_work, text=mark.upper()) == [
            f"{mark} {name}" for name in ("100%", *self._tied(unit_of_work, mark), "Zoology", "É")
        ]
        assert self.names(unit_of_work, text=f"{mark} zoo") == [f"{mark} Zoology"]
        assert self.names(unit_of_work, text=f"{mark} 10_%") == []
        assert self.names(unit_of_work, text=f"{mark} é") == [f"{mark} É"]

    def _tied(self, unit_of_work: UnitOfWorkFactory, mark: str) -> list[str]:
        """The two of the same name, in the order of their ids."""
        return [name.removeprefix(f"{mark} ") for name in self.names(unit_of_work, text=f"{mark} botany")]
