"""Everything wired: the use cases over the engines, and who does their jobs."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import version

from dependency_injector import containers, providers

from studyteddy.adapters.account_archive.archives import ZipArchives
from studyteddy.adapters.backup_archive.archives import TarArchives
from studyteddy.adapters.jwt_tokens import JwtTokens
from studyteddy.adapters.postgres.backup.database import PostgresCopies
from studyteddy.adapters.postgres.backup_log import PostgresBackupLog
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.prometheus_metrics.jobs import MeasuredHandler
from studyteddy.adapters.prometheus_metrics.metrics import Metrics
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import new_id, new_secret, system_clock
from studyteddy.adapters.text_extraction.anki.sandboxed import SandboxedCardPackages
from studyteddy.adapters.thread_jobs import ThreadJobs
from studyteddy.application import (
    account_administration,
    accounts,
    administration,
    analytics,
    api_tokens,
    attempts,
    backups,
    idempotency,
    purging,
    security_events,
    study_sessions,
    tasks,
    tickets,
)
from studyteddy.application.documents import library, reindexing
from studyteddy.application.documents.embedding import EmbedDocument
from studyteddy.application.documents.ingestion import IngestDocument
from studyteddy.application.flashcards import cards, decks, proposals, publishing, reviews, tables
from studyteddy.application.identity import letters, verification
from studyteddy.application.identity.google import BeginGoogle, FinishGoogle, GoogleAddress, UnlinkGoogle
from studyteddy.application.identity.passwords import AskForReset, ChangePassword, ResetPassword
from studyteddy.application.jobs import GetJob, ReleaseAbandonedJobs, RunNextJob
from studyteddy.application.notifications import calendar, inbox, reminding
from studyteddy.application.notifications.letters import FindLetter, SendNotification, StopLetters
from studyteddy.application.notifications.writing import WriteNotices
from studyteddy.application.outbox import NoteSentJobs, SendWaitingJobs
from studyteddy.application.portability import exporting, importing, leaving
from studyteddy.application.ports.jobs import JobKind, JobRunner
from studyteddy.application.retrieval import SearchPassages
from studyteddy.application.tutor import asking, conversations, following
from studyteddy.application.tutor.answering import AnswerQuestion
from studyteddy.application.tutor.preparing import Preparation
from studyteddy.domain.retrieval.wording import english_wording
from studyteddy.domain.storage_quota import StorageQuota
from studyteddy.entrypoints import engines, language_models
from studyteddy.entrypoints.bell import Bell
from studyteddy.entrypoints.clockwork import DAY, MINUTE, Clockwork, Duty, Turn
from studyteddy.entrypoints.home import open_home
from studyteddy.entrypoints.http.client import client_at_hand
from studyteddy.entrypoints.http.closing import Closing
from studyteddy.entrypoints.http.slots import MOST, Slots
from studyteddy.entrypoints.logging import request_at_hand
from studyteddy.entrypoints.security_news import SecurityNews
from studyteddy.entrypoints.settings import MEGABYTE, Profile, Settings
from studyteddy.entrypoints.telemetry import started


def _runner(
    settings: Settings, bell: Bell, run_next: Callable[[], RunNextJob], outbox: Callable[[], JobRunner]
) -> JobRunner:
    """Threads of this process where it is alone, else what tells the workers. A fresh job rings the bell."""
    alone = settings.profile is Profile.EMBEDDED
    runner = _threads(run_next(), settings.workers) if alone else outbox()
    bell.connect(runner.wake)
    return runner


def _threads(run_next: RunNextJob, workers: int) -> ThreadJobs:
    """Threads for reading documents and as many for answers and letters, so that none of these waits for a document."""
    answers = frozenset(
        {
            JobKind.ANSWER_QUESTION,
            JobKind.SEND_VERIFICATION,
            JobKind.SEND_RESET,
            JobKind.TELL_PASSWORD_CHANGED,
            JobKind.SEND_NOTIFICATION,
        }
    )
    reading = frozenset(JobKind) - answers
    return ThreadJobs(run_next, [reading] * max(1, workers // 2) + [answers] * workers)


def _clockwork(remind: Duty, purges: Sequence[Duty]) -> Clockwork:
    """What beat asks for where there are workers."""
    return Clockwork([Turn(remind, MINUTE), *(Turn(purge, DAY) for purge in purges)])


def _bytes(megabytes: int) -> int:
    return megabytes * MEGABYTE


class Container(containers.DeclarativeContainer):
    """Everything wired. ``init_resources`` opens the database; ``shutdown_resources`` closes what was opened."""

    settings = providers.Dependency(instance_of=Settings)
    clock = providers.Object(system_clock)
    new_id = providers.Object(new_id)
    new_secret = providers.Object(new_secret)

    home = providers.ThreadSafeSingleton(open_home, settings.provided.home)
    database_url = providers.Resource(engines.database_at, settings, home)
    engine = providers.Resource(engines.opened_engine, settings, database_url)
    direct_engine = providers.Resource(engines.direct_engine, settings, database_url)
    spare_engine = providers.Resource(engines.spare_engine, settings, engine)
    bell = providers.ThreadSafeSingleton(Bell)
    closing = providers.ThreadSafeSingleton(Closing)
    metrics = providers.ThreadSafeSingleton(Metrics)
    telemetry = providers.Resource(started, settings)
    attempt_at_hand = providers.ThreadSafeSingleton(idempotency.AttemptAtHand)
    queue_redis = providers.ThreadSafeSingleton(
        engines.redis_at, providers.Factory(engines.shared, settings, settings.provided.redis_url)
    )
    cache_redis = providers.ThreadSafeSingleton(
        engines.redis_at, providers.Factory(engines.shared, settings, settings.provided.cache_url)
    )
    events = providers.ThreadSafeSingleton(engines.events, cache_redis)
    stored_units = providers.Factory(
        functools.partial,
        PostgresUnitOfWork,
        engine,
        bell.provided.ring,
        seal=attempt_at_hand,
        request_id=providers.Object(request_at_hand),
        client=providers.Object(client_at_hand),
        tell=providers.Factory(SecurityNews, events),
    )
    objects = providers.ThreadSafeSingleton(engines.objects, settings, home)
    cache = providers.ThreadSafeSingleton(engines.cache, cache_redis)
    unit_of_work = providers.Factory(engines.units_of_work, stored_units, cache_redis, cache)
    presence = providers.ThreadSafeSingleton(engines.presence, cache_redis)
    rate_limits = providers.ThreadSafeSingleton(engines.rate_limits, cache_redis)
    mailer = providers.ThreadSafeSingleton(engines.mailer, settings, home, clock)
    extractor = providers.ThreadSafeSingleton(engines.extractor, settings)
    analyzer = providers.ThreadSafeSingleton(SnowballAnalyzer)
    wording = providers.ThreadSafeSingleton(english_wording, analyzer.provided.terms)
    models = providers.ThreadSafeSingleton(language_models.models, settings, analyzer, metrics)
    chat_model = models.provided.chat
    card_maker = models.provided.cards
    embedder = providers.ThreadSafeSingleton(language_models.embedder, settings, metrics)
    query_embedder = providers.ThreadSafeSingleton(language_models.query_embedder, settings, embedder, cache, metrics)
    token_budget = providers.Factory(language_models.token_budget, settings)

    passwords = providers.ThreadSafeSingleton(engines.passwords, settings)
    signing_key = providers.Factory(engines.signing_key, settings, home)
    access_tokens = providers.ThreadSafeSingleton(JwtTokens, signing_key, settings.provided.jwt_expiration)
    session_issuer = providers.Factory(
        accounts.SessionIssuer,
        access_tokens=access_tokens,
        new_secret=new_secret,
        new_id=new_id,
        clock=clock,
        refresh_lifetime=settings.provided.jwt_refresh_expiration,
    )
    admission = providers.Factory(accounts.Admission, passwords=passwords, new_id=new_id, clock=clock)

    register = providers.Factory(
        accounts.Register, unit_of_work=unit_of_work, admit=admission, issuer=session_issuer, by_letter=True
    )
    log_in = providers.Factory(accounts.LogIn, unit_of_work=unit_of_work, passwords=passwords, issuer=session_issuer)
    limit_registrations = providers.Factory(
        attempts.LimitRegistrations, limits=rate_limits, amount=settings.provided.registrations_per_hour
    )
    limit_log_ins = providers.Factory(
        attempts.LimitLogIns, limits=rate_limits, amount=settings.provided.logins_per_5_minutes
    )
    limit_reset_letters = providers.Factory(attempts.LimitResetLetters, limits=rate_limits)
    limit_verification_letters = providers.Factory(attempts.LimitVerificationLetters, limits=rate_limits)
    limit_requests = providers.Factory(
        attempts.LimitRequests,
        limits=providers.ThreadSafeSingleton(engines.request_limits, cache_redis, rate_limits),
        amount=settings.provided.requests_per_minute,
    )
    refresh_session = providers.Factory(
        accounts.RefreshSession, unit_of_work=unit_of_work, issuer=session_issuer, new_secret=new_secret, clock=clock
    )
    authenticate = providers.Factory(
        accounts.Authenticate, unit_of_work=unit_of_work, access_tokens=access_tokens, clock=clock
    )
    log_out = providers.Factory(accounts.LogOut, unit_of_work=unit_of_work, clock=clock)
    list_sessions = providers.Factory(accounts.ListSessions, unit_of_work=unit_of_work, clock=clock)
    edit_profile = providers.Factory(accounts.EditProfile, unit_of_work=unit_of_work, clock=clock)
    add_user = providers.Factory(accounts.AddUser, unit_of_work=unit_of_work, admit=admission)
    find_user = providers.Factory(account_administration.FindUser, unit_of_work=unit_of_work)
    list_users = providers.Factory(account_administration.ListUsers, unit_of_work=unit_of_work)
    set_password = providers.Factory(
        account_administration.SetPassword, unit_of_work=unit_of_work, passwords=passwords, clock=clock
    )

    make_api_token = providers.Factory(
        api_tokens.MakeApiToken, unit_of_work=unit_of_work, new_secret=new_secret, new_id=new_id, clock=clock
    )
    list_api_tokens = providers.Factory(api_tokens.ListApiTokens, unit_of_work=unit_of_work)
    delete_api_token = providers.Factory(api_tokens.DeleteApiToken, unit_of_work=unit_of_work, clock=clock)
    list_security_events = providers.Factory(security_events.ListSecurityEvents, unit_of_work=unit_of_work)
    verify_email = providers.Factory(verification.VerifyEmail, unit_of_work=unit_of_work, clock=clock)
    ask_for_verification = providers.Factory(
        verification.AskForVerification, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    ask_for_reset = providers.Factory(AskForReset, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    reset_password = providers.Factory(
        ResetPassword, unit_of_work=unit_of_work, passwords=passwords, new_id=new_id, clock=clock
    )
    change_password = providers.Factory(
        ChangePassword, unit_of_work=unit_of_work, passwords=passwords, new_id=new_id, clock=clock
    )
    send_verification = providers.Factory(
        letters.SendVerification,
        unit_of_work=unit_of_work,
        mailer=mailer,
        new_secret=new_secret,
        clock=clock,
        public_url=settings.provided.address,
    )
    send_reset = providers.Factory(
        letters.SendReset,
        unit_of_work=unit_of_work,
        mailer=mailer,
        new_secret=new_secret,
        clock=clock,
        public_url=settings.provided.address,
    )
    tell_password_changed = providers.Factory(letters.TellPasswordChanged, unit_of_work=unit_of_work, mailer=mailer)

    administer_user = providers.Factory(administration.AdministerUser, unit_of_work=unit_of_work, clock=clock)
    end_log_ins = providers.Factory(administration.EndLogIns, unit_of_work=unit_of_work, clock=clock)
    get_queue_health = providers.Factory(administration.GetQueueHealth, unit_of_work=unit_of_work, clock=clock)
    google = providers.ThreadSafeSingleton(engines.google, settings)
    begin_google = providers.Factory(BeginGoogle, provider=google, cache=cache, new_secret=new_secret)
    finish_google = providers.Factory(
        FinishGoogle,
        provider=google,
        cache=cache,
        unit_of_work=unit_of_work,
        issuer=session_issuer,
        new_id=new_id,
        clock=clock,
    )
    unlink_google = providers.Factory(UnlinkGoogle, provider=google, unit_of_work=unit_of_work, clock=clock)
    google_address = providers.Factory(GoogleAddress, provider=google, unit_of_work=unit_of_work)
    limit_sign_ins = providers.Factory(attempts.LimitSignIns, limits=rate_limits)

    begin_attempt = providers.Factory(
        idempotency.BeginAttempt, unit_of_work=unit_of_work, new_id=new_id, clock=clock, at_hand=attempt_at_hand
    )
    end_attempt = providers.Factory(idempotency.EndAttempt, unit_of_work=unit_of_work, at_hand=attempt_at_hand)

    notices = providers.Factory(WriteNotices, events=events, new_id=new_id, new_secret=new_secret)
    remind_people = providers.Factory(reminding.RemindPeople, unit_of_work=unit_of_work, notices=notices, clock=clock)
    send_notification = providers.Factory(
        SendNotification,
        unit_of_work=unit_of_work,
        mailer=mailer,
        clock=clock,
        address=settings.provided.address,
        unsubscribe=providers.Callable("/{}/notifications/unsubscribe".format, settings.provided.api_path),
    )
    find_letter = providers.Factory(FindLetter, unit_of_work=unit_of_work)
    stop_letters = providers.Factory(StopLetters, unit_of_work=unit_of_work)
    list_notifications = providers.Factory(inbox.ListNotifications, unit_of_work=unit_of_work)
    read_notifications = providers.Factory(inbox.ReadNotifications, unit_of_work=unit_of_work, clock=clock)
    get_preferences = providers.Factory(inbox.GetPreferences, unit_of_work=unit_of_work)
    set_preferences = providers.Factory(inbox.SetPreferences, unit_of_work=unit_of_work, clock=clock)
    read_calendar = providers.Factory(calendar.ReadCalendar, unit_of_work=unit_of_work, clock=clock)
    get_calendar = providers.Factory(calendar.GetCalendar, unit_of_work=unit_of_work)
    end_calendar = providers.Factory(calendar.EndCalendar, unit_of_work=unit_of_work)
    rotate_calendar = providers.Factory(
        calendar.RotateCalendar, unit_of_work=unit_of_work, new_secret=new_secret, clock=clock
    )

    search = providers.Factory(
        SearchPassages, unit_of_work=unit_of_work, analyzer=analyzer, wording=wording, embedder=query_embedder
    )
    storage_quota = providers.Factory(StorageQuota, settings.provided.documents_each, settings.provided.storage_mb_each)
    add_document = providers.Factory(
        library.AddDocument,
        unit_of_work=unit_of_work,
        objects=objects,
        extractor=extractor,
        new_id=new_id,
        clock=clock,
        max_size=providers.Factory(_bytes, settings.provided.max_upload_mb),
        quota=storage_quota,
    )
    get_document = providers.Factory(library.GetDocument, unit_of_work=unit_of_work)
    list_documents = providers.Factory(library.ListDocuments, unit_of_work=unit_of_work)
    edit_document = providers.Factory(library.EditDocument, unit_of_work=unit_of_work, clock=clock)
    delete_document = providers.Factory(library.DeleteDocument, unit_of_work=unit_of_work, objects=objects, clock=clock)
    reprocess_document = providers.Factory(
        library.ReprocessDocument, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    open_file = providers.Factory(library.OpenFile, unit_of_work=unit_of_work, objects=objects)
    link_to_file = providers.Factory(library.LinkToFile, unit_of_work=unit_of_work, links=objects)
    read_page = providers.Factory(library.ReadPage, unit_of_work=unit_of_work)

    account_archives = providers.Factory(ZipArchives)
    export_account = providers.Factory(
        exporting.ExportAccount, unit_of_work=unit_of_work, objects=objects, archives=account_archives, clock=clock
    )
    issue_export_ticket = providers.Factory(
        tickets.IssueTicket, cache=cache, new_secret=new_secret, purpose=tickets.Purpose.EXPORT
    )
    redeem_export_ticket = providers.Factory(tickets.RedeemTicket, cache=cache, purpose=tickets.Purpose.EXPORT)
    take_in = providers.Factory(
        importing.TakeIn,
        unit_of_work=unit_of_work,
        objects=objects,
        archives=account_archives,
        extractor=extractor,
        clock=clock,
        max_size=providers.Factory(_bytes, settings.provided.max_upload_mb),
        quota=storage_quota,
    )
    request_import = providers.Factory(
        importing.RequestImport,
        unit_of_work=unit_of_work,
        objects=objects,
        archives=account_archives,
        new_id=new_id,
        clock=clock,
    )
    import_account = providers.Factory(importing.ImportAccount, take_in=take_in, objects=objects)
    largest_import = providers.Factory(_bytes, settings.provided.max_import_mb)
    leave_for_good = providers.Factory(
        leaving.LeaveForGood, unit_of_work=unit_of_work, passwords=passwords, new_id=new_id, clock=clock
    )
    erase_account = providers.Factory(
        leaving.EraseAccount,
        unit_of_work=unit_of_work,
        objects=objects,
        events=events,
        mailer=mailer,
        new_id=new_id,
        clock=clock,
    )

    ingest_document = providers.Factory(
        IngestDocument,
        unit_of_work=unit_of_work,
        objects=objects,
        extractor=extractor,
        analyzer=analyzer,
        events=events,
        clock=clock,
        embedder=embedder,
        everyday=wording.provided.everyday,
        notices=notices,
    )
    embed_document = providers.Factory(EmbedDocument, unit_of_work=unit_of_work, clock=clock, embedder=embedder)
    reindex = providers.Factory(
        reindexing.Reindex, unit_of_work=unit_of_work, new_id=new_id, clock=clock, embedder=embedder
    )
    forget_old_vectors = providers.Factory(reindexing.ForgetOldVectors, unit_of_work=unit_of_work, embedder=embedder)
    get_coverage = providers.Factory(reindexing.GetCoverage, unit_of_work=unit_of_work, embedder=embedder)

    answer_question = providers.Factory(
        AnswerQuestion,
        unit_of_work=unit_of_work,
        events=events,
        clock=clock,
        model=chat_model,
        prepare=providers.Factory(Preparation, unit_of_work=unit_of_work, search=search, terms=analyzer.provided.terms),
        terms=analyzer.provided.terms,
    )
    ask_tutor = providers.Factory(
        asking.AskTutor, unit_of_work=unit_of_work, new_id=new_id, clock=clock, budget=token_budget
    )
    follow_answer = providers.Factory(following.FollowAnswer, unit_of_work=unit_of_work, events=events)
    wait_for_answer = providers.Factory(
        following.WaitForAnswer, unit_of_work=unit_of_work, events=events, leaving=closing.provided.begun
    )
    cancel_answer = providers.Factory(following.CancelAnswer, unit_of_work=unit_of_work, events=events, clock=clock)
    add_thread = providers.Factory(conversations.AddThread, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    get_thread = providers.Factory(conversations.GetThread, unit_of_work=unit_of_work)
    list_threads = providers.Factory(conversations.ListThreads, unit_of_work=unit_of_work)
    edit_thread = providers.Factory(conversations.EditThread, unit_of_work=unit_of_work, clock=clock)
    delete_thread = providers.Factory(conversations.DeleteThread, unit_of_work=unit_of_work)
    list_messages = providers.Factory(conversations.ListMessages, unit_of_work=unit_of_work)
    rate_answer = providers.Factory(conversations.RateAnswer, unit_of_work=unit_of_work, clock=clock)
    issue_ticket = providers.Factory(tickets.IssueTicket, cache=cache, new_secret=new_secret)
    redeem_ticket = providers.Factory(tickets.RedeemTicket, cache=cache)
    check_access = providers.Factory(tickets.CheckAccess, unit_of_work=unit_of_work, clock=clock)
    propose_cards = providers.Factory(
        proposals.ProposeCards, unit_of_work=unit_of_work, maker=card_maker, clock=clock, budget=token_budget
    )
    most_connections = providers.Object(MOST)
    slots = providers.ThreadSafeSingleton(Slots, presence=presence, most=most_connections)
    waiting_places = providers.ThreadSafeSingleton(threading.BoundedSemaphore, most_connections)
    access_check_seconds = providers.Object(30.0)
    stream_check_seconds = providers.Object(3.0)
    heartbeat_seconds = providers.Object(15.0)
    get_job = providers.Factory(GetJob, unit_of_work=unit_of_work)
    release_abandoned_jobs = providers.Factory(ReleaseAbandonedJobs, unit_of_work=unit_of_work, clock=clock)
    run_next_job = providers.Factory(
        RunNextJob,
        unit_of_work=unit_of_work,
        clock=clock,
        lease=settings.provided.job_lease,
        context=telemetry.provided.job_context,
        handlers=providers.Dict(
            {
                JobKind.INGEST_DOCUMENT: providers.Factory(MeasuredHandler, ingest_document, metrics),
                JobKind.EMBED_DOCUMENT: providers.Factory(MeasuredHandler, embed_document, metrics),
                JobKind.ANSWER_QUESTION: providers.Factory(MeasuredHandler, answer_question, metrics),
                JobKind.PROPOSE_CARDS: providers.Factory(MeasuredHandler, propose_cards, metrics),
                JobKind.SEND_VERIFICATION: providers.Factory(MeasuredHandler, send_verification, metrics),
                JobKind.SEND_RESET: providers.Factory(MeasuredHandler, send_reset, metrics),
                JobKind.TELL_PASSWORD_CHANGED: providers.Factory(MeasuredHandler, tell_password_changed, metrics),
                JobKind.IMPORT_ACCOUNT: providers.Factory(MeasuredHandler, import_account, metrics),
                JobKind.ERASE_ACCOUNT: providers.Factory(MeasuredHandler, erase_account, metrics),
                JobKind.SEND_NOTIFICATION: providers.Factory(MeasuredHandler, send_notification, metrics),
            }
        ),
    )
    wake_ups = providers.ThreadSafeSingleton(engines.wake_ups, settings)
    send_waiting_jobs = providers.Factory(
        SendWaitingJobs, unit_of_work=unit_of_work, clock=clock, send=wake_ups, lease=settings.provided.job_lease
    )
    purge_jobs = providers.Factory(purging.PurgeJobs, unit_of_work=unit_of_work, clock=clock)
    purge_kept_answers = providers.Factory(purging.PurgeKeptAnswers, unit_of_work=unit_of_work, clock=clock)
    purge_log_ins = providers.Factory(purging.PurgeLogIns, unit_of_work=unit_of_work, clock=clock)
    purge_security_events = providers.Factory(purging.PurgeSecurityEvents, unit_of_work=unit_of_work, clock=clock)
    purge_notifications = providers.Factory(purging.PurgeNotifications, unit_of_work=unit_of_work, clock=clock)
    note_sent_jobs = providers.Factory(NoteSentJobs, unit_of_work=unit_of_work, clock=clock)
    outbox = providers.Factory(engines.outbox, settings, wake_ups, send_waiting_jobs, note_sent_jobs)
    runner = providers.ThreadSafeSingleton(_runner, settings, bell, run_next_job.provider, outbox.provider)

    clockwork = providers.ThreadSafeSingleton(
        _clockwork,
        remind_people,
        providers.List(purge_jobs, purge_kept_answers, purge_log_ins, purge_security_events, purge_notifications),
    )

    copied_database = providers.Factory(PostgresCopies, direct_engine)
    archives = providers.Factory(TarArchives)
    key_files = providers.Factory(engines.key_files, settings, home)
    back_up = providers.Factory(
        backups.BackUp,
        database=copied_database,
        objects=objects,
        archives=archives,
        keys=key_files,
        log=providers.Factory(PostgresBackupLog, direct_engine),
        clock=clock,
        program=providers.Callable(version, "studyteddy"),
    )
    verify_backup = providers.Factory(backups.VerifyBackup, archives=archives)
    restore = providers.Factory(
        backups.Restore,
        database=copied_database,
        objects=objects,
        archives=archives,
        keys=key_files,
        log=providers.Factory(PostgresBackupLog, direct_engine),
        clock=clock,
    )
    last_backup = providers.Factory(backups.LastBackup, log=providers.Factory(PostgresBackupLog, spare_engine))

    add_task = providers.Factory(tasks.AddTask, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    get_task = providers.Factory(tasks.GetTask, unit_of_work=unit_of_work)
    list_tasks = providers.Factory(tasks.ListTasks, unit_of_work=unit_of_work)
    edit_task = providers.Factory(tasks.EditTask, unit_of_work=unit_of_work, clock=clock)
    complete_task = providers.Factory(tasks.CompleteTask, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    reopen_task = providers.Factory(tasks.ReopenTask, unit_of_work=unit_of_work, clock=clock)
    delete_task = providers.Factory(tasks.DeleteTask, unit_of_work=unit_of_work)
    parse_task = providers.Factory(tasks.ParseTask, unit_of_work=unit_of_work, clock=clock)

    add_deck = providers.Factory(decks.AddDeck, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    get_deck = providers.Factory(decks.GetDeck, unit_of_work=unit_of_work, clock=clock)
    list_decks = providers.Factory(decks.ListDecks, unit_of_work=unit_of_work, clock=clock)
    edit_deck = providers.Factory(decks.EditDeck, unit_of_work=unit_of_work, clock=clock)
    delete_deck = providers.Factory(decks.DeleteDeck, unit_of_work=unit_of_work)
    publish_deck = providers.Factory(publishing.PublishDeck, unit_of_work=unit_of_work, clock=clock)
    list_published_decks = providers.Factory(publishing.ListPublishedDecks, unit_of_work=unit_of_work)
    read_published_deck = providers.Factory(publishing.ReadPublishedDeck, unit_of_work=unit_of_work, clock=clock)
    copy_published_deck = providers.Factory(
        publishing.CopyPublishedDeck, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    export_cards = providers.Factory(tables.ExportCards, unit_of_work=unit_of_work, clock=clock)
    card_packages = providers.Singleton(SandboxedCardPackages)
    import_cards = providers.Factory(
        tables.ImportCards, unit_of_work=unit_of_work, packages=card_packages, new_id=new_id, clock=clock
    )
    add_cards = providers.Factory(cards.AddCards, unit_of_work=unit_of_work, new_id=new_id, clock=clock)
    get_card = providers.Factory(cards.GetCard, unit_of_work=unit_of_work)
    list_cards = providers.Factory(cards.ListCards, unit_of_work=unit_of_work, clock=clock)
    edit_card = providers.Factory(cards.EditCard, unit_of_work=unit_of_work, clock=clock)
    delete_card = providers.Factory(cards.DeleteCard, unit_of_work=unit_of_work)
    get_queue = providers.Factory(reviews.GetQueue, unit_of_work=unit_of_work, clock=clock)
    review_card = providers.Factory(
        reviews.ReviewCard, unit_of_work=unit_of_work, new_id=new_id, clock=clock, notices=notices
    )
    request_cards = providers.Factory(
        proposals.RequestCards, unit_of_work=unit_of_work, new_id=new_id, clock=clock, budget=token_budget
    )
    list_proposals = providers.Factory(proposals.ListProposals, unit_of_work=unit_of_work)
    accept_proposals = providers.Factory(
        proposals.AcceptProposals, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    reject_proposals = providers.Factory(proposals.RejectProposals, unit_of_work=unit_of_work)
    undo_review = providers.Factory(reviews.UndoReview, unit_of_work=unit_of_work, clock=clock)

    start_study_session = providers.Factory(
        study_sessions.StartSession, unit_of_work=unit_of_work, new_id=new_id, clock=clock
    )
    change_study_session = providers.Factory(study_sessions.ChangeSession, unit_of_work=unit_of_work, clock=clock)
    get_study_session = providers.Factory(study_sessions.GetSession, unit_of_work=unit_of_work, clock=clock)
    list_study_sessions = providers.Factory(study_sessions.ListSessions, unit_of_work=unit_of_work, clock=clock)

    summarise = providers.Factory(
        engines.figures,
        providers.Factory(analytics.Summarise, unit_of_work=unit_of_work, clock=clock),
        analytics.SummaryFigures,
        cache_redis,
        cache,
        clock,
    )
    heatmap = providers.Factory(
        engines.figures,
        providers.Factory(analytics.Heatmap, unit_of_work=unit_of_work, clock=clock),
        analytics.HeatmapFigures,
        cache_redis,
        cache,
        clock,
    )
    forecast = providers.Factory(
        engines.figures,
        providers.Factory(analytics.Forecast, unit_of_work=unit_of_work, clock=clock),
        analytics.ForecastFigures,
        cache_redis,
        cache,
        clock,
    )
    subjects = providers.Factory(
        engines.figures,
        providers.Factory(analytics.Subjects, unit_of_work=unit_of_work, clock=clock),
        analytics.SubjectFigures,
        cache_redis,
        cache,
        clock,
    )
    recall = providers.Factory(
        engines.figures,
        providers.Factory(analytics.Recall, unit_of_work=unit_of_work, clock=clock),
        analytics.RetentionFigures,
        cache_redis,
        cache,
        clock,
    )
