"""The tutor over the memory adapters with a search and a model of the test's choice; jobs run in the test's thread."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass, field

from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.adapters.system_clock import new_id, system_clock
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.ports.chat_model import ChatModel
from studyteddy.application.ports.jobs import Job, JobKind
from studyteddy.application.ports.passage_search import EVERYTHING, SearchResults
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.application.tutor.answering import AnswerQuestion
from studyteddy.application.tutor.asking import Asked, AskTutor
from studyteddy.application.tutor.following import CancelAnswer, FollowAnswer, WaitForAnswer
from studyteddy.application.tutor.preparing import Preparation
from studyteddy.domain.ids import MessageId, UserId
from studyteddy.domain.retrieval.lexical import statistics
from studyteddy.domain.retrieval.passages import Passage, SearchFilters
from studyteddy.domain.retrieval.support import NO_SUPPORT, Support
from studyteddy.domain.tutor.messages import AnswerDelta, Message
from studyteddy.testing.documents import add_user
from tutoring import LOOPS, passage, terms

QUESTION = "What does chlorophyll absorb?"
GOOD = "Chlorophyll absorbs red and blue light [1]."


@dataclass
class FakeSearch:
    """Finds the same passages for every query that shares a word with them."""

    passages: tuple[Passage, ...] = (passage(), passage(LOOPS, filename="python.md"))
    queries: list[tuple[str, SearchFilters]] = field(default_factory=list)

    def __call__(
        self, *, owner: UserId, query: str, filters: SearchFilters = EVERYTHING, limit: int = 8
    ) -> SearchResults:
        self.queries.append((query, filters))
        wanted = set(terms(query))
        found = tuple(source for source in self.passages if wanted & set(terms(source.text)))
        good = Support(coverage=1.0, unknown=0.0, confidence=0.8)
        return SearchResults(
            passages=found[:limit],
            terms=tuple(terms(query)),
            known=statistics([], wanted),
            support=good if found else NO_SUPPORT,
        )


class Desk:
    """The tutor over the memory adapters, its job run in the test's own thread."""

    def __init__(
        self, model: ChatModel, search: FakeSearch | None = None, unit_of_work: UnitOfWorkFactory | None = None
    ) -> None:
        self.unit_of_work = unit_of_work or functools.partial(InMemoryUnitOfWork, Store())
        self.events = InMemoryEvents()
        self.search = search or FakeSearch()
        self.owner = add_user(self.unit_of_work)
        self.ask = AskTutor(unit_of_work=self.unit_of_work, new_id=new_id, clock=system_clock)
        self.cancel = CancelAnswer(unit_of_work=self.unit_of_work, events=self.events, clock=system_clock)
        self.follow = FollowAnswer(unit_of_work=self.unit_of_work, events=self.events)
        self.wait = WaitForAnswer(unit_of_work=self.unit_of_work, events=self.events)
        self.use(model)

    def use(self, model: ChatModel, **options: int) -> None:
        self.handler = AnswerQuestion(
            unit_of_work=self.unit_of_work,
            events=self.events,
            clock=system_clock,
            model=model,
            prepare=Preparation(unit_of_work=self.unit_of_work, search=self.search, terms=terms),
            terms=terms,
            **options,
        )
        self.run_next = RunNextJob(
            unit_of_work=self.unit_of_work, clock=system_clock, handlers={JobKind.ANSWER_QUESTION: self.handler}
        )

    def answer(self, question: str = QUESTION, **options: object) -> Message:
        """Ask, run the job, and give the answer."""
        asked = self.ask(owner=self.owner, question=question, **options)  # type: ignore[arg-type]
        assert self.run_next()
        return self.get(asked.answer.id)

    def get(self, message_id: MessageId) -> Message:
        with self.unit_of_work() as uow:
            return uow.messages.get(self.owner, message_id)

    def job(self, asked: Asked) -> Job:
        with self.unit_of_work() as uow:
            return uow.jobs.get(self.owner, asked.job_id)

    def deltas(self, message_id: MessageId) -> list[AnswerDelta]:
        with self.unit_of_work() as uow:
            return list(uow.messages.deltas(self.owner, message_id))

    def working(self) -> threading.Thread:
        """The next job, in a thread of its own."""
        thread = threading.Thread(target=self.run_next)
        thread.start()
        return thread
