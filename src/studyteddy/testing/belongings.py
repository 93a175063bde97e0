"""What every store has to do that gives and forgets everything of a person, and that remembers who is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.jobs import JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.portability import Kind
from studyteddy.domain.tasks.task import Task
from studyteddy.testing.accounts import NOW, add_user, commit, meanwhile
from studyteddy.testing.api_tokens import an_api_token
from studyteddy.testing.documents import a_document
from studyteddy.testing.flashcards import TODAY, a_card, a_deck, a_proposal
from studyteddy.testing.identity import RESET, a_token, an_identity
from studyteddy.testing.jobs import a_job
from studyteddy.testing.notifications import a_notification
from studyteddy.testing.reviews import reviewed
from studyteddy.testing.study_sessions import a_session
from studyteddy.testing.tutor import a_message, a_thread


def a_task(owner: UserId) -> Task:
    return Task.create(id=TaskId(uuid4()), owner=owner, now=NOW, title="Read")


def furnish(uow: UnitOfWork, owner: UserId) -> None:
    """Two of everything that somebody can have many of, and a card that was reviewed three times."""
    thread = replace(a_thread(owner), message_count=2)
    uow.threads.add(thread)
    uow.threads.add(a_thread(owner, title="More"))
    for number in (1, 2):
        deck = a_deck(owner, f"Deck {number}")
        uow.tasks.add(a_task(owner))
        uow.documents.add(a_document(owner))
        uow.decks.add(deck)
        uow.proposals.add([a_proposal(deck)])
        uow.study_sessions.add(a_session(owner, minute=number).finish(NOW + timedelta(hours=1)))
        uow.messages.add(a_message(thread, number))
        card, log = a_card(deck), list[Review]()
        for quality in (4, 2, 5) if number == 1 else ():
            card, review = reviewed(card, quality)
            log.append(review)
        uow.cards.add([card])
        uow.belongings.add_reviews(log)


class BelongingsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def ada(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        """Somebody who has everything."""
        owner = add_user(unit_of_work)
        commit(unit_of_work, lambda uow: furnish(uow, owner))
        return owner

    @pytest.fixture
    def newcomer(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.mark.parametrize("kind", Kind)
    def test_all_of_a_kind_come_by_id_and_nothing_of_others(
        self, unit_of_work: UnitOfWorkFactory, ada: UserId, kind: Kind
    ) -> None:
        other = add_user(unit_of_work)
        commit(unit_of_work, lambda uow: furnish(uow, other))
        with unit_of_work() as uow:
            things, ids = list(uow.belongings.things(ada, kind)), list(uow.belongings.ids(ada, kind))
        assert {thing.owner for thing in things} == {ada}
        assert [thing.id for thing in things] == ids == sorted(ids)
        assert len(ids) == 2

    @pytest.mark.parametrize("kind", Kind)
    def test_a_newcomer_has_nothing(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId, kind: Kind) -> None:
        with unit_of_work() as uow:
            assert list(uow.belongings.things(newcomer, kind)) == list(uow.belongings.ids(newcomer, kind)) == []
            assert list(uow.belongings.reviews(newcomer)) == []

    def test_what_comes_is_what_was_added(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId) -> None:
        task = a_task(newcomer)
        commit(unit_of_work, lambda uow: uow.tasks.add(task))
        with unit_of_work() as uow:
            assert list(uow.belongings.things(newcomer, Kind.TASK)) == [task]

    def test_cards_come_deck_by_deck(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId) -> None:
        deck, other, stranger = a_deck(newcomer), a_deck(newcomer, "Other"), add_user(unit_of_work)
        cards = [a_card(deck) for _ in range(5)]

        def fill(uow: UnitOfWork) -> None:
            uow.decks.add(deck)
            uow.decks.add(other)
            uow.cards.add([*cards, a_card(other)])

        commit(unit_of_work, fill)
        with unit_of_work() as uow:
            assert list(uow.belongings.cards(newcomer, deck.id)) == sorted(cards, key=lambda card: card.id)
            assert list(uow.belongings.cards(stranger, deck.id)) == []

    def test_the_log_comes_card_by_card_as_it_was_written_with_deleted_cards_at_its_end(
        self, unit_of_work: UnitOfWorkFactory, newcomer: UserId
    ) -> None:
        deck = a_deck(newcomer)
        cards = sorted((a_card(deck) for _ in range(4)), key=lambda card: card.id)
        logs: dict[object, list[Review]] = {card.id: [] for card in cards}
        for quality in (4, 2, 5):
            for number, card in enumerate(cards):
                cards[number], review = reviewed(card, quality)
                logs[card.id].append(review)

        def fill(uow: UnitOfWork) -> None:
            uow.decks.add(deck)
            uow.cards.add(cards)
            uow.belongings.add_reviews([log[turn] for turn in range(3) for log in logs.values()])

        commit(unit_of_work, fill)
        gone, *left = cards
        commit(unit_of_work, lambda uow: uow.cards.delete(newcomer, gone.id))
        with unit_of_work() as uow:
            assert list(uow.belongings.reviews(newcomer)) == [row for card in (*left, gone) for row in logs[card.id]]
            assert uow.reviews.log(newcomer, left[0].id) == logs[left[0].id]

    def test_adding_no_reviews_is_fine(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId) -> None:
        commit(unit_of_work, lambda uow: uow.belongings.add_reviews([]))
        with unit_of_work() as uow:
            assert list(uow.belongings.reviews(newcomer)) == []

    def test_what_is_held_still_does_not_change(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId) -> None:
        with unit_of_work() as uow:
            uow.belongings.hold_still()
            before = list(uow.belongings.ids(newcomer, Kind.TASK))
            worker = meanwhile(unit_of_work, lambda other: other.tasks.add(a_task(newcomer)))
            assert before == list(uow.belongings.ids(newcomer, Kind.TASK)) == []
        worker.join()
        with unit_of_work() as uow:
            assert len(list(uow.belongings.ids(newcomer, Kind.TASK))) == 1

    def test_only_who_has_nothing_is_empty(
        self, unit_of_work: UnitOfWorkFactory, ada: UserId, newcomer: UserId
    ) -> None:
        with unit_of_work() as uow:
            assert (uow.belongings.hold_empty(ada), uow.belongings.hold_empty(newcomer)) == (False, True)

    def test_nobody_adds_to_what_is_held_empty(self, unit_of_work: UnitOfWorkFactory, newcomer: UserId) -> None:
        with unit_of_work() as uow:
            assert uow.belongings.hold_empty(newcomer)
            worker = meanwhile(unit_of_work, lambda other: other.tasks.add(a_task(newcomer)))
            assert worker.is_alive()
        worker.join()
        with unit_of_work() as uow:
            assert not uow.belongings.hold_empty(newcomer)

    def test_every_way_in_but_the_account_ends(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada, bob = add_user(unit_of_work), add_user(unit_of_work)
        ways = {owner: (a_token(owner), an_identity(owner), an_api_token(owner)) for owner in (ada, bob)}

        def open_up(uow: UnitOfWork) -> None:
            for token, identity, api_token in ways.values():
                uow.one_use_tokens.put(token)
                uow.outside_identities.add(identity)
                uow.api_tokens.add(api_token)

        commit(unit_of_work, open_up)
        commit(unit_of_work, lambda uow: uow.belongings.end_access(ada, now=NOW))
        found = {}
        with unit_of_work() as uow:
            for owner, (token, identity, _) in ways.items():
                found[owner] = (
                    uow.one_use_tokens.find(RESET, token.hash) is not None,
                    uow.outside_identities.find(identity.issuer, identity.subject) is not None,
                    len(uow.api_tokens.of(owner)),
                )
            assert uow.users.get(ada).id == ada
        assert found == {ada: (False, False, 0), bob: (True, True, 1)}

    def test_jobs_are_asked_to_stop_with_the_access(
        self, unit_of_work: UnitOfWorkFactory, newcomer: UserId, ada: UserId
    ) -> None:
        running = JobStatus.RUNNING
        waiting, begun = a_job(newcomer), a_job(newcomer, status=running, lease_until=NOW)
        done, other = a_job(newcomer, status=JobStatus.DONE, progress=100), a_job(ada)

        def queue(uow: UnitOfWork) -> None:
            for job in (waiting, begun, done, other):
                uow.jobs.add(job)

        commit(unit_of_work, queue)
        commit(unit_of_work, lambda uow: uow.belongings.end_access(newcomer, now=NOW))
        with unit_of_work() as uow:
            stands = [uow.jobs.get(job.owner, job.id) for job in (waiting, begun, done, other)]
        assert [job.status for job in stands] == [JobStatus.CANCELLED, running, JobStatus.DONE, JobStatus.QUEUED]
        assert [job.cancel_requested for job in stands[1:]] == [True, False, False]

    def test_an_account_is_forgotten_piece_by_piece_and_then_wholly(
        self, unit_of_work: UnitOfWorkFactory, ada: UserId
    ) -> None:
        other = add_user(unit_of_work)

        def fill(uow: UnitOfWork) -> None:
            furnish(uow, other)
            uow.notifications.add(a_notification(ada))
            uow.token_usage.book(ada, TODAY, prompt_tokens=1, completion_tokens=1)

        commit(unit_of_work, fill)
        with unit_of_work() as uow:
            assert not uow.belongings.erase_account(ada)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.users.get(ada).id == ada
            assert len(list(uow.belongings.ids(ada, Kind.TASK))) == 2
        pieces: list[int] = []
        while not pieces or pieces[-1]:
            with unit_of_work() as uow:
                pieces.append(uow.belongings.erase(ada, limit=2))
                uow.commit()
        assert max(pieces) <= 2
        assert len(pieces) > 5
        with unit_of_work() as uow:
            assert uow.belongings.erase_account(ada)
            uow.commit()
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.users.get(ada)
            assert not any(list(uow.belongings.ids(ada, kind)) for kind in Kind)
            assert not list(uow.belongings.reviews(ada))
            assert (uow.notifications.unread(ada), uow.token_usage.spent(ada, TODAY)) == (0, 0)
            assert all(len(list(uow.belongings.ids(other, kind))) == 2 for kind in Kind)
            assert len(list(uow.belongings.reviews(other))) == 3

    def test_who_is_gone_may_be_forgotten_again(self, unit_of_work: UnitOfWorkFactory) -> None:
        nobody = UserId(uuid4())
        with unit_of_work() as uow:
            assert uow.belongings.erase(nobody, limit=10) == 0
            assert uow.belongings.erase_account(nobody)
            uow.belongings.end_access(nobody, now=NOW)
            uow.commit()


class TombstonesContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_a_tombstone_stays_with_its_first_moment(self, unit_of_work: UnitOfWorkFactory) -> None:
        digest = uuid4().hex * 2
        for later in (0, 1):
            at = NOW + timedelta(days=later)
            commit(unit_of_work, lambda uow, at=at: uow.tombstones.add(digest, at=at))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert uow.tombstones.all()[digest] == NOW

    def test_all_of_them_are_told(self, unit_of_work: UnitOfWorkFactory) -> None:
        digests = {uuid4().hex * 2 for _ in range(3)}

        def bury(uow: UnitOfWork) -> None:
            for digest in digests:
                uow.tombstones.add(digest, at=NOW)

        commit(unit_of_work, bury)
        with unit_of_work() as uow:
            assert digests <= uow.tombstones.all().keys()

    def test_without_a_commit_nobody_is_gone(self, unit_of_work: UnitOfWorkFactory) -> None:
        digest = uuid4().hex * 2
        with unit_of_work() as uow:
            uow.tombstones.add(digest, at=NOW)
        with unit_of_work() as uow:
            assert digest not in uow.tombstones.all()

    def test_a_tombstone_outlives_the_account(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, digest = add_user(unit_of_work), uuid4().hex * 2

        def leave(uow: UnitOfWork) -> None:
            uow.tombstones.add(digest, at=NOW)
            uow.belongings.erase_account(owner)

        commit(unit_of_work, leave)
        with unit_of_work() as uow:
            assert digest in uow.tombstones.all()
