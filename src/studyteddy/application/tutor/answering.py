"""Answering: search, prompt, stream, check the citations, keep. Every step may be cut short and run again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import monotonic

from studyteddy.application.ports.chat_model import AnsweredBy, ChatModel, Delta, Usage
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.events import Events
from studyteddy.application.ports.jobs import Heartbeat, Job
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.application.tutor.following import publish_settled
from studyteddy.application.tutor.listening import Listener
from studyteddy.application.tutor.preparing import HISTORY, Preparation, Prepared, Turn
from studyteddy.application.tutor.saying import NobodyListens, Voice
from studyteddy.domain.errors import NotFound, RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.ids import MessageId
from studyteddy.domain.retrieval.chunking import estimated_tokens
from studyteddy.domain.tutor.citations import CheckedAnswer, check_citations
from studyteddy.domain.tutor.hints import forms_in, masked
from studyteddy.domain.tutor.messages import Cost, Message, MessageStatus
from studyteddy.domain.tutor.output import OutputFilter
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS, STOOD_IN, Mode, TutorPrompt
from studyteddy.domain.tutor.rendering import fence_key, render
from studyteddy.domain.tutor.sentences import TermsOf

NOTHING_CITED = "Note: your documents do not say this; the answer cites none of them."

MAX_ATTEMPTS = 3
PATIENCE = 30.0
"""Seconds that a student is made to wait for a provider that asks to be left alone; if it asks for more, it failed."""

SILENCE = 90.0
"""Seconds without a word after which a model counts as gone. Adapters give up sooner; this holds for all of them."""

LONGEST = 600.0
_LISTEN = 0.25
_CANCELLED = "cancelled"


class _Stop(Exception):
    """The runner says that this attempt should end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """The ``JobHandler`` of answers.

    An attempt that follows a killed worker never says anything twice: where something had been said, the answer ends
    as ``interrupted`` with just that; where nothing had, it's answered anew. A fault of the provider is tried again
    while nothing was said, ``max_attempts`` times in all; after that the answer has ``failed`` with the fault's code,
    and what was said before it stays.
    """

    unit_of_work: UnitOfWorkFactory
    events: Events
    clock: Clock
    model: ChatModel
    prepare: Preparation
    terms: TermsOf
    max_attempts: int = MAX_ATTEMPTS
    ticks: Callable[[], float] = monotonic

    def run(self, job: Job, beat: Heartbeat) -> None:
        turn = self._begin(job)
        if turn is None:
            return
        voice = Voice(
            message=turn.answer,
            by=AnsweredBy(self.model.name),
            unit_of_work=self.unit_of_work,
            events=self.events,
            ticks=self.ticks,
            filter=OutputFilter(),
        )
        prepared: Prepared | None = None
        try:
            prepared = self.prepare(turn)
            if not beat(10):
                raise _Stop
            usage = self._speak(voice, prepared, beat)
        except NobodyListens:
            return
        except _Stop:
            if self._was_cancelled(job):
                self._settle(turn, voice, prepared, MessageStatus.CANCELLED)
        except StudyTeddyError as fault:
            if not voice.said and job.tries < self.max_attempts and _passes(fault):
                raise
            self._settle(turn, voice, prepared, MessageStatus.FAILED, problem=fault.code)
            raise StudyTeddyError(fault.message, code=fault.code) from fault
        else:
            self._settle(turn, voice, prepared, MessageStatus.COMPLETE, usage=usage)

    def give_up(self, job: Job, code: str) -> None:
        """Settle what the attempt left open, with what was said so far."""
        status = MessageStatus.CANCELLED if code == _CANCELLED else MessageStatus.FAILED
        self._close(job, status, None if code == _CANCELLED else code)

    def _begin(self, job: Job) -> Turn | None:
        """The turn to answer; None when there is nothing left to do for this attempt."""
        message_id = MessageId(job.subject_id)
        with self.unit_of_work() as uow:
            try:
                answer = uow.messages.get(job.owner, message_id)
            except NotFound:
                return None  # the thread was deleted
            if not answer.status.running:
                return None
            shown = uow.messages.deltas(job.owner, message_id)
            if not shown:
                history = uow.messages.before(job.owner, answer.thread_id, answer.position, limit=HISTORY + 1)
                answer = answer.started(self.clock())
                uow.messages.save(answer)
                uow.commit()
                return Turn(answer=answer, question=history[-1], history=tuple(history[:-1]))
        self._close(job, MessageStatus.INTERRUPTED, None)
        return None

    def _close(self, job: Job, status: MessageStatus, problem: str | None) -> None:
        with self.unit_of_work() as uow:
            try:
                answer = uow.messages.get(job.owner, MessageId(job.subject_id))
            except NotFound:
                return
            if not answer.status.running:
                return
            said = "".join(delta.text for delta in uow.messages.deltas(job.owner, answer.id))
            # The passages are gone with the attempt that had them, so nothing can be cited.
            content = check_citations(said, ()).text
            answer = answer.settled(status, content=content, problem=problem, now=self.clock())
            uow.messages.save(answer)
            _book(uow, answer, Usage(prompt_tokens=0, completion_tokens=estimated_tokens(said)))
            uow.commit()
        publish_settled(self.events, answer)

    def _was_cancelled(self, job: Job) -> bool:
        with self.unit_of_work() as uow:
            return uow.jobs.get(job.owner, job.id).cancel_requested

    def _speak(self, voice: Voice, prepared: Prepared, beat: Heartbeat) -> Usage:
        lesson = prepared.lesson
        if lesson.spoken is not None:
            voice.finish(lesson.spoken)
            return Usage(prompt_tokens=0, completion_tokens=0)
        voice.filter = OutputFilter(
            fence=fence_key(lesson.passages),
            veil=partial(masked, withheld=lesson.withheld, terms=self.terms),
            draft=lesson.draft or "",
        )
        usage = self._listen(voice, prepared.prompt, beat)
        voice.finish(self._closing(voice, prepared))
        if not voice.said.strip():
            raise Unavailable("The language model said nothing. Ask again.", code="provider_unavailable")
        return usage

    def _closing(self, voice: Voice, prepared: Prepared) -> str:
        """What code adds: that no model was reached, and what the mode asks for at the end."""
        if not voice.finish().strip():
            return ""
        stood_in = voice.by.quoting and voice.by.model != self.model.name
        return "\n\n".join(filter(None, (STOOD_IN if stood_in else "", self._closing_of_mode(voice.said, prepared))))

    def _closing_of_mode(self, said: str, prepared: Prepared) -> str:
        """The next question of a quiz, or a note where an explanation rests on nothing."""
        lesson = prepared.lesson
        if prepared.prompt.mode is not Mode.EXPLAIN:
            return lesson.closing
        cited = check_citations(said, lesson.sources).citations
        return "" if cited or NOT_IN_DOCUMENTS in said else NOTHING_CITED

    def _listen(self, voice: Voice, prompt: TutorPrompt, beat: Heartbeat) -> Usage:
        began = heard_at = self.ticks()
        usage: Usage | None = None
        with closing(Listener(self.model.answer(prompt))) as listener:
            while not listener.ended and not voice.full:
                piece = listener.next(_LISTEN)
                now = self.ticks()
                heard_at = heard_at if piece is None else now
                if isinstance(piece, Usage):
                    usage = piece
                elif isinstance(piece, AnsweredBy):
                    voice.by = piece
                elif isinstance(piece, Delta):
                    voice.say(piece.text)
                elif not listener.ended:
                    voice.flush()
                if not beat(50):
                    raise _Stop
                if now - heard_at > SILENCE or now - began > LONGEST:
                    raise Unavailable("The language model has stopped answering.", code="provider_unavailable")
        return usage or _estimated(prompt, voice)

    def _settle(
        self,
        turn: Turn,
        voice: Voice,
        prepared: Prepared | None,
        status: MessageStatus,
        *,
        usage: Usage | None = None,
        problem: str | None = None,
    ) -> None:
        try:
            voice.finish()
        except NobodyListens:
            return
        checked = self._checked(voice.said, prepared)
        complete = status is MessageStatus.COMPLETE
        confidence = self._confidence(prepared, checked) if complete and prepared else None
        asked = prepared is not None and prepared.lesson.spoken is None
        booked = usage or (_estimated(prepared.prompt, voice) if asked and prepared else Usage(0, 0))
        now = self.clock()
        cost = Cost(
            model=voice.by.model,
            prompt_tokens=booked.prompt_tokens,
            completion_tokens=booked.completion_tokens,
            latency=now - turn.answer.created_at,
        )
        with self.unit_of_work() as uow:
            try:
                answer = uow.messages.get(turn.answer.owner, turn.answer.id)
            except NotFound:
                return
            if not answer.status.running:
                return
            answer = answer.settled(
                status,
                content=checked.text,
                citations=checked.citations,
                confidence=confidence,
                cost=cost,
                stage=prepared.lesson.stage if complete and prepared else None,
                problem=problem,
                now=now,
            )
            uow.messages.save(answer)
            _book(uow, answer, booked)
            uow.commit()
        publish_settled(self.events, answer)

    def _checked(self, said: str, prepared: Prepared | None) -> CheckedAnswer:
        if prepared is None:
            return check_citations(said, ())
        lesson = prepared.lesson
        withheld = forms_in(" ".join(source.text for source in lesson.sources), lesson.withheld, self.terms)
        return check_citations(said, lesson.sources, withheld=withheld)

    def _confidence(self, prepared: Prepared, checked: CheckedAnswer) -> float | None:
        """That of retrieval; 0 for an explanation of which no citation could be verified."""
        if prepared.prompt.mode is not Mode.EXPLAIN:
            return prepared.confidence
        verified = any(citation.verified for citation in checked.citations)
        return prepared.confidence if verified else 0.0


def _book(uow: UnitOfWork, answer: Message, usage: Usage) -> None:
    """Count the tokens for the study day on which the student asked."""
    if usage.prompt_tokens or usage.completion_tokens:
        uow.token_usage.book(
            answer.owner,
            uow.users.get(answer.owner).study_day(answer.created_at),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )


def _passes(fault: StudyTeddyError) -> bool:
    """Whether trying again soon may help."""
    return isinstance(fault, Unavailable | RateLimited) and fault.retry_after <= PATIENCE


def _estimated(prompt: TutorPrompt, voice: Voice) -> Usage:
    """The cost of an answer that broke off before the provider told it."""
    if voice.by.quoting:
        return Usage(prompt_tokens=0, completion_tokens=0)
    asked = sum(estimated_tokens(message.content) for message in render(prompt))
    return Usage(prompt_tokens=asked, completion_tokens=estimated_tokens(voice.said))
