"""Take the cards of a deck along as a table, and bring cards in from one or from another program's package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from studyteddy.application.ports.card_packages import CardPackages
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.flashcards.card_filter import CardFilter
from studyteddy.domain.flashcards.card_table import JudgedRow, RowState, TableRow, judge, lines_of, rows_of
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.paging import MAX_LIMIT, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCards:
    """A deck and the lines of the table of its cards, oldest first; how they are learnt is not in it."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, deck_id: DeckId) -> tuple[Deck, Iterator[str]]:
        with self.unit_of_work() as uow:
            deck = uow.decks.get(owner, deck_id)
        return deck, lines_of(self._cards(owner, deck_id))

    def _cards(self, owner: UserId, deck_id: DeckId) -> Iterator[Card]:
        """Page by page, each in a unit of work of its own: whoever reads slowly holds no connection."""
        wanted = CardFilter(day=self.clock().date())
        request: PageRequest | None = PageRequest(limit=MAX_LIMIT)
        while request is not None:
            with self.unit_of_work() as uow:
                page = uow.cards.page(owner, deck_id, wanted, request)
            yield from page.items
            request = PageRequest(limit=MAX_LIMIT, after=page.next) if page.next else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCards:
    """Bring rows into a deck: what is new is kept, what the deck asks already is skipped, what is wrong is told.

    Without ``keep`` nothing is kept, and the answer says what would become of each row.
    """

    unit_of_work: UnitOfWorkFactory
    packages: CardPackages
    new_id: NewId
    clock: Clock

    def table(self, *, owner: UserId, deck_id: DeckId, table: str, keep: bool) -> Sequence[JudgedRow]:
        """The rows of a table."""
        return self._brought(rows_of(table), owner, deck_id, keep)

    def package(
        self, *, owner: UserId, deck_id: DeckId, content: BinaryIO, keep: bool
    ) -> tuple[Sequence[JudgedRow], int]:
        """The cards of a package of another program, and how many of them lose pictures or sounds. They begin as new
        ones, whatever was learnt there.
        """
        with self.unit_of_work() as uow:
            uow.decks.get(owner, deck_id)  # before a file is read for it
        package = self.packages.read(content)
        return self._brought(package.rows, owner, deck_id, keep), package.without_media

    def _brought(self, rows: Sequence[TableRow], owner: UserId, deck_id: DeckId, keep: bool) -> Sequence[JudgedRow]:
        with self.unit_of_work() as uow:
            uow.decks.get(owner, deck_id)
            judged = judge(rows, uow.cards.fronts(owner, deck_id))
            fresh = [self._card(one.row, owner, deck_id) for one in judged if one.state is RowState.NEW]
            if keep and fresh:
                uow.cards.add(fresh)
                uow.commit()
        return judged

    def _card(self, row: TableRow, owner: UserId, deck_id: DeckId) -> Card:
        return Card.create(
            id=CardId(self.new_id()),
            owner=owner,
            deck_id=deck_id,
            front=row.front,
            back=row.back,
            tags=row.tags,
            now=self.clock(),
        )
