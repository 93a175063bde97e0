"""A whole Study Teddy inside another program: in memory, without server, database, network or key."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from studyteddy.adapters.extractive_cards import ExtractiveCards
from studyteddy.adapters.extractive_tutor import ExtractiveTutor
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.adapters.in_memory.security import OpaqueTokens, ScryptPasswords
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.text_extractor import PlainTextExtractor
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import new_id, new_secret, system_clock
from studyteddy.application import accounts, analytics, jobs, retrieval, study_sessions, tasks
from studyteddy.application.documents import embedding, ingestion, library
from studyteddy.application.flashcards import cards, decks, proposals, reviews
from studyteddy.application.notifications import writing
from studyteddy.application.ports.chat_model import ChatModel
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.embedder import Embedder
from studyteddy.application.ports.jobs import JobKind
from studyteddy.application.ports.text_extractor import TextExtractor
from studyteddy.application.tutor import answering, asking, conversations, following, preparing
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import DocumentId, ThreadId, UserId
from studyteddy.domain.retrieval.wording import english_wording
from studyteddy.domain.tutor.messages import Message
from studyteddy.domain.tutor.prompt import Mode

T = TypeVar("T")

ACCESS_LIFETIME = timedelta(days=1)
ANOTHER_THREAD = 600.0
"""Seconds that ``ask`` waits for an answer which another thread works on."""


class StudyTeddy:
    """Every use case as an attribute, over one store that ends with this object; threads may share it.

    ``clock``, ``chat_model``, ``extractor`` and ``embedder`` take any implementation of their ports. Without them time
    is the machine's, answers are quotations, documents are plain text or Markdown, and search goes by words. Cards
    are made by rules, from what the documents say.
    """

    def __init__(
        self,
        *,
        clock: Clock = system_clock,
        chat_model: ChatModel | None = None,
        extractor: TextExtractor | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        analyzer = SnowballAnalyzer()
        wording = english_wording(analyzer.terms)
        passwords, access_tokens = ScryptPasswords(), OpaqueTokens(ACCESS_LIFETIME)
        self.unit_of_work = partial(InMemoryUnitOfWork, Store())
        self._parts: dict[str, object] = {
            "unit_of_work": self.unit_of_work,
            "clock": clock,
            "new_id": new_id,
            "new_secret": new_secret,
            "events": InMemoryEvents(),
            "objects": InMemoryObjects(),
            "extractor": extractor or PlainTextExtractor(),
            "analyzer": analyzer,
            "terms": analyzer.terms,
            "wording": wording,
            "everyday": wording.everyday,
            "embedder": embedder,
            "model": chat_model or ExtractiveTutor(analyzer),
            "maker": ExtractiveCards(),
            "passwords": passwords,
            "access_tokens": access_tokens,
        }
        made = self._made
        self._parts["issuer"] = made(accounts.SessionIssuer)
        self._parts["notices"] = made(writing.WriteNotices)
        self._parts["admit"] = made(accounts.Admission)
        self.search = made(retrieval.SearchPassages)
        self._parts["search"] = self.search
        self._parts["prepare"] = made(preparing.Preparation)

        self.register = made(accounts.Register)
        self.log_in = made(accounts.LogIn)
        self.authenticate = made(accounts.Authenticate)
        self.edit_profile = made(accounts.EditProfile)

        self.add_task = made(tasks.AddTask)
        self.get_task = made(tasks.GetTask)
        self.list_tasks = made(tasks.ListTasks)
        self.edit_task = made(tasks.EditTask)
        self.complete_task = made(tasks.CompleteTask)
        self.reopen_task = made(tasks.ReopenTask)
        self.delete_task = made(tasks.DeleteTask)
        self.parse_task = made(tasks.ParseTask)

        self.add_document = made(library.AddDocument)
        self.get_document = made(library.GetDocument)
        self.list_documents = made(library.ListDocuments)
        self.edit_document = made(library.EditDocument)
        self.delete_document = made(library.DeleteDocument)
        self.reprocess_document = made(library.ReprocessDocument)
        self.open_file = made(library.OpenFile)
        self.read_page = made(library.ReadPage)

        self.ask_tutor = made(asking.AskTutor)
        self.follow_answer = made(following.FollowAnswer)
        self.wait_for_answer = made(following.WaitForAnswer)
        self.cancel_answer = made(following.CancelAnswer)
        self.add_thread = made(conversations.AddThread)
        self.get_thread = made(conversations.GetThread)
        self.list_threads = made(conversations.ListThreads)
        self.edit_thread = made(conversations.EditThread)
        self.delete_thread = made(conversations.DeleteThread)
        self.list_messages = made(conversations.ListMessages)
        self.rate_answer = made(conversations.RateAnswer)

        self.add_deck = made(decks.AddDeck)
        self.get_deck = made(decks.GetDeck)
        self.list_decks = made(decks.ListDecks)
        self.edit_deck = made(decks.EditDeck)
        self.delete_deck = made(decks.DeleteDeck)
        self.add_cards = made(cards.AddCards)
        self.get_card = made(cards.GetCard)
        self.list_cards = made(cards.ListCards)
        self.edit_card = made(cards.EditCard)
        self.delete_card = made(cards.DeleteCard)
        self.request_cards = made(proposals.RequestCards)
        self.list_proposals = made(proposals.ListProposals)
        self.accept_proposals = made(proposals.AcceptProposals)
        self.reject_proposals = made(proposals.RejectProposals)
        self.get_queue = made(reviews.GetQueue)
        self.review_card = made(reviews.ReviewCard)
        self.undo_review = made(reviews.UndoReview)

        self.start_study_session = made(study_sessions.StartSession)
        self.change_study_session = made(study_sessions.ChangeSession)
        self.get_study_session = made(study_sessions.GetSession)
        self.list_study_sessions = made(study_sessions.ListSessions)

        self.summarise = made(analytics.Summarise)
        self.heatmap = made(analytics.Heatmap)
        self.forecast = made(analytics.Forecast)
        self.subjects = made(analytics.Subjects)
        self.recall = made(analytics.Recall)

        self.get_job = made(jobs.GetJob)
        self._parts["handlers"] = {
            JobKind.INGEST_DOCUMENT: made(ingestion.IngestDocument),
            JobKind.EMBED_DOCUMENT: made(embedding.EmbedDocument),
            JobKind.ANSWER_QUESTION: made(answering.AnswerQuestion),
            JobKind.PROPOSE_CARDS: made(proposals.ProposeCards),
        }
        self.run_next_job = made(jobs.RunNextJob)

    def _made(self, use_case: Callable[..., T]) -> T:
        """The use case with the parts that its fields are named after."""
        names = [field.name for field in dataclasses.fields(use_case)]  # type: ignore[arg-type]
        return use_case(**{name: self._parts[name] for name in names if name in self._parts})

    def run_jobs(self) -> int:
        """Do what was queued, such as reading documents, until nothing is left that could be done now. Tells how many
        jobs that were.
        """
        count = 0
        while self.run_next_job():
            count += 1
        return count

    def ask(
        self,
        *,
        owner: UserId,
        question: str,
        thread_id: ThreadId | None = None,
        document_ids: frozenset[DocumentId] | None = None,
        mode: Mode | None = None,
    ) -> Message:
        """Ask, and wait for the finished answer. Raises ``Unavailable`` when the model does not answer now."""
        asked = self.ask_tutor(
            owner=owner, question=question, thread_id=thread_id, document_ids=document_ids, mode=mode
        )
        mine = self.run_next_job(job_id=asked.job_id)
        patience = 0.0 if mine else ANOTHER_THREAD  # which is in run_jobs and was quicker
        answer = self.wait_for_answer(owner=owner, message_id=asked.answer.id, seconds=patience)
        if answer.status.running:
            self.cancel_answer(owner=owner, message_id=answer.id)
            raise Unavailable("The language model does not answer now. Ask again.", code="provider_unavailable")
        return answer
