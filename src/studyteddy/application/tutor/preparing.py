"""Preparing a turn: where the thread stands, what the documents say, and the plan made of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studyteddy.application.ports.passage_search import PassageSearch, SearchResults
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import DocumentFilter, DocumentOrder, DocumentStatus
from studyteddy.domain.errors import NotFound
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.retrieval.passages import Passage, SearchFilters
from studyteddy.domain.tutor.hints import Ladder, masked
from studyteddy.domain.tutor.lessons import (
    Lesson,
    continuing_quiz,
    explaining,
    hinting,
    needs_search,
    opening_quiz,
    stage_before,
)
from studyteddy.domain.tutor.messages import Message
from studyteddy.domain.tutor.prompt import (
    MAX_PASSAGES,
    NOT_IN_DOCUMENTS,
    Mode,
    Speaker,
    TutorPrompt,
    recent_turns,
)
from studyteddy.domain.tutor.quiz import Quiz, topic_of
from studyteddy.domain.tutor.sentences import TermsOf

HISTORY = 20
MAX_QUERY = 2_000
MATERIAL = 20
"""Passages that a quiz draws its questions from."""

NEWEST = 3
"""Documents that a quiz without a topic is about."""

FEW_TERMS = 2
"""A question of at most so many meaningful words ("and why is that?") can't be searched for by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn as it was found: the answer to give, its question, and what was said before, oldest first."""

    answer: Message
    question: Message
    history: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The plan of a turn, the prompt that carries it out, and how well the documents support it (0..1)."""

    lesson: Lesson
    prompt: TutorPrompt
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Makes plans. ``confidence`` is that of ``domain.retrieval.support``; None where nothing had to be searched."""

    unit_of_work: UnitOfWorkFactory
    search: PassageSearch
    terms: TermsOf

    def __call__(self, turn: Turn) -> Prepared:
        stage = stage_before(turn.history, turn.answer.mode)
        found = self._found(turn) if needs_search(stage, turn.question.content, self.terms) else None
        supported = found is None or found.support.is_enough
        lesson = self._lesson(turn, stage, found)
        turns = tuple(
            replace(said, text=masked(said.text, lesson.withheld, self.terms))
            for said in recent_turns([message.as_turn() for message in turn.history if message.content])
        )
        prompt = TutorPrompt(
            mode=turn.answer.mode,
            instruction=lesson.instruction,
            turns=turns,
            passages=lesson.passages,
            question=turn.question.content,
            supported=supported,
            draft=lesson.draft,
        )
        return Prepared(lesson=lesson, prompt=prompt, confidence=found.support.confidence if found else None)

    def _lesson(self, turn: Turn, stage: object, found: SearchResults | None) -> Lesson:
        question, passages = turn.question.content, found.passages if found else ()
        if turn.answer.mode is Mode.QUIZ:
            if isinstance(stage, Quiz):
                return continuing_quiz(stage, question, self._material(turn, stage.topic), self.terms)
            if found is None or not found.support.is_enough:
                return self._open_quiz(turn)
            topic = topic_of(question, self.terms)
            return opening_quiz(topic, self._material(turn, topic), self.terms)
        if turn.answer.mode is Mode.SOCRATIC:
            ladder = stage if isinstance(stage, Ladder) else None
            if found is not None and not found.support.is_enough:
                return Lesson(spoken=NOT_IN_DOCUMENTS)
            return hinting(ladder, question, passages, self.terms)
        return explaining(passages)

    def _found(self, turn: Turn) -> SearchResults:
        """What the documents say on the question; one too short to stand alone is read with the one before it."""
        question = turn.question.content
        if turn.answer.mode is Mode.QUIZ:
            question = topic_of(question, self.terms) or question
        found = self._searched(turn, question, limit=MAX_PASSAGES)
        before = [message.content for message in turn.history if message.role is Speaker.USER]
        if found.support.is_enough or not before or len(set(self.terms(question))) > FEW_TERMS:
            return found
        return self._searched(turn, f"{question} {before[-1]}", limit=MAX_PASSAGES)

    def _searched(self, turn: Turn, query: str, *, limit: int) -> SearchResults:
        scope = turn.answer.document_ids
        filters = SearchFilters(document_ids=scope or None)
        return self.search(owner=turn.answer.owner, query=query[:MAX_QUERY], filters=filters, limit=limit)

    def _open_quiz(self, turn: Turn) -> Lesson:
        """A quiz on whatever the documents are about, unless a topic was named that they don't speak of."""
        if topic_of(turn.question.content, self.terms):
            return Lesson(spoken=NOT_IN_DOCUMENTS)
        subject = self._about(turn)
        return opening_quiz("", self._material(turn, subject), self.terms) if subject else explaining(())

    def _material(self, turn: Turn, topic: str) -> Sequence[Passage]:
        query = topic or self._about(turn)
        return self._searched(turn, query, limit=MATERIAL).passages if query else ()

    def _about(self, turn: Turn) -> str:
        """Titles and key concepts of the documents in scope, else of the newest ones."""
        owner, scope = turn.answer.owner, turn.answer.document_ids
        documents = []
        with self.unit_of_work() as uow:
            if scope:
                for document_id in sorted(scope):
                    try:
                        documents.append(uow.documents.get(owner, document_id))
                    except NotFound:
                        continue  # deleted since the thread was narrowed to it
            else:
                ready = DocumentFilter(status=DocumentStatus.READY)
                newest = PageRequest(limit=NEWEST)
                page = uow.documents.page(owner, ready, DocumentOrder.CREATED_AT_DESCENDING, newest)
                documents.extend(page.items)
        return " ".join(word for document in documents for word in (document.title, *document.key_concepts))
