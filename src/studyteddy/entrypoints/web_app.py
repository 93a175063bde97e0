"""The web process put together: every route with its use cases."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from dependency_injector import providers
from flask import Blueprint
from flask_openapi import APIBlueprint, OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.http.accounts import accounts_blueprint, login_blueprint, me_blueprint
from studyteddy.entrypoints.http.administration import administration_blueprint
from studyteddy.entrypoints.http.analytics import analytics_blueprint
from studyteddy.entrypoints.http.answer_stream import AnswerStream
from studyteddy.entrypoints.http.api_tokens import api_tokens_blueprint
from studyteddy.entrypoints.http.app import create_app
from studyteddy.entrypoints.http.auth import Guard
from studyteddy.entrypoints.http.calendar import calendar_blueprint, feed_blueprint
from studyteddy.entrypoints.http.cross_origin import ANY, let_in
from studyteddy.entrypoints.http.documents import documents_blueprint
from studyteddy.entrypoints.http.flashcards.cards import cards_blueprint
from studyteddy.entrypoints.http.flashcards.decks import decks_blueprint
from studyteddy.entrypoints.http.flashcards.proposals import proposals_blueprint
from studyteddy.entrypoints.http.flashcards.publishing import published_decks_blueprint, publishing_blueprint
from studyteddy.entrypoints.http.flashcards.reviews import reviews_blueprint
from studyteddy.entrypoints.http.flashcards.tables import tables_blueprint
from studyteddy.entrypoints.http.google import google_blueprint, google_link_blueprint
from studyteddy.entrypoints.http.health import health_blueprint
from studyteddy.entrypoints.http.idempotency import RetrySafety
from studyteddy.entrypoints.http.identity import letters_blueprint, passwords_blueprint
from studyteddy.entrypoints.http.jobs import jobs_blueprint
from studyteddy.entrypoints.http.metrics import measure, metrics_blueprint
from studyteddy.entrypoints.http.notifications import notifications_blueprint, unsubscribe_blueprint
from studyteddy.entrypoints.http.openapi import docs_blueprint
from studyteddy.entrypoints.http.portability import export_file_blueprint, portability_blueprint
from studyteddy.entrypoints.http.protection import Protect, protection
from studyteddy.entrypoints.http.search import search_blueprint
from studyteddy.entrypoints.http.security_events import security_events_blueprint
from studyteddy.entrypoints.http.socket import SocketService, socket_blueprint
from studyteddy.entrypoints.http.socket_door import SocketDoor, origin_of, ticket_blueprint
from studyteddy.entrypoints.http.study_sessions import study_sessions_blueprint
from studyteddy.entrypoints.http.tasks import tasks_blueprint
from studyteddy.entrypoints.http.tutor import threads_blueprint, tutor_blueprint
from studyteddy.entrypoints.http.unread import TakeInUnread
from studyteddy.entrypoints.http.web import web_blueprint
from studyteddy.entrypoints.readiness import database_figures, readiness


def build_app(container: Container) -> OpenAPI:
    """The application over an opened container. Missing wiring fails here, not at the first request."""
    settings = container.settings()
    retry_safety = RetrySafety(
        container.begin_attempt(), container.end_attempt(), container.attempt_at_hand(), secret=container.signing_key()
    )
    protect = protection(Guard(container.authenticate()), container.limit_requests(), retry_safety)
    app = create_app(_blueprints(container, protect), version=version("studyteddy"), prefix=settings.api_prefix)
    let_in(app, settings.cors_origins, prefix=settings.api_prefix)
    app.register_blueprint(web_blueprint(Path(str(files("studyteddy") / "_web")), prefix=settings.api_prefix))
    app.register_blueprint(docs_blueprint(settings.api_prefix))
    app.register_blueprint(health_blueprint(readiness(container)))
    app.register_blueprint(_metrics(container))
    measure(app, container.metrics())
    container.telemetry().watch(app)
    app.register_blueprint(_sockets(container))
    app.wsgi_app = TakeInUnread(app.wsgi_app)  # type: ignore[method-assign]
    if (proxies := settings.trusted_proxies) > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def describe(container: Container) -> dict[str, Any]:
    """The OpenAPI description, with nothing opened, connected or written."""
    nothing: providers.Object[None] = providers.Object(None)
    with (
        container.engine.override(nothing),
        container.home.override(nothing),
        container.objects.override(nothing),
        container.access_tokens.override(nothing),
        container.signing_key.override(providers.Object("")),
    ):
        description: dict[str, Any] = build_app(container).api_doc
    return description


def _blueprints(c: Container, protect: Protect) -> list[APIBlueprint]:
    return [
        login_blueprint(
            register=c.register(),
            log_in=c.log_in(),
            refresh=c.refresh_session(),
            limit_registrations=c.limit_registrations(),
            limit_log_ins=c.limit_log_ins(),
        ),
        accounts_blueprint(protect=protect, log_out=c.log_out(), sessions=c.list_sessions(), edit=c.edit_profile()),
        me_blueprint(protect=protect),
        api_tokens_blueprint(
            protect=protect, make=c.make_api_token(), listing=c.list_api_tokens(), delete=c.delete_api_token()
        ),
        security_events_blueprint(protect=protect, listing=c.list_security_events()),
        administration_blueprint(
            protect=protect,
            users=c.list_users(),
            administer=c.administer_user(),
            end_log_ins=c.end_log_ins(),
            events=c.list_security_events(),
            queue=c.get_queue_health(),
        ),
        portability_blueprint(
            protect=protect,
            export=c.export_account(),
            issue_ticket=c.issue_export_ticket(),
            request_import=c.request_import(),
            largest_import=c.largest_import(),
            leave=c.leave_for_good(),
            limit_log_ins=c.limit_log_ins(),
            clock=c.clock(),
        ),
        export_file_blueprint(
            export=c.export_account(),
            redeem=c.redeem_export_ticket(),
            check_access=c.check_access(),
            clock=c.clock(),
        ),
        letters_blueprint(
            verify=c.verify_email(),
            ask_for_reset=c.ask_for_reset(),
            reset=c.reset_password(),
            limit_letters=c.limit_reset_letters(),
        ),
        passwords_blueprint(
            protect=protect,
            ask_for_verification=c.ask_for_verification(),
            change=c.change_password(),
            limit_letters=c.limit_verification_letters(),
            limit_log_ins=c.limit_log_ins(),
        ),
        google_blueprint(
            set_up=c.google() is not None,
            begin=c.begin_google(),
            finish=c.finish_google(),
            limit=c.limit_sign_ins(),
        ),
        google_link_blueprint(
            protect=protect, begin=c.begin_google(), linked=c.google_address(), unlink=c.unlink_google()
        ),
        tasks_blueprint(
            protect=protect,
            add=c.add_task(),
            get=c.get_task(),
            listing=c.list_tasks(),
            edit=c.edit_task(),
            complete=c.complete_task(),
            reopen=c.reopen_task(),
            delete=c.delete_task(),
            parse=c.parse_task(),
        ),
        documents_blueprint(
            protect=protect,
            add=c.add_document(),
            get=c.get_document(),
            listing=c.list_documents(),
            edit=c.edit_document(),
            delete=c.delete_document(),
            reprocess=c.reprocess_document(),
            open_file=c.open_file(),
            link_to_file=c.link_to_file() if c.settings().s3_presigned_downloads else None,
            read_page=c.read_page(),
        ),
        tutor_blueprint(
            protect=protect,
            ask=c.ask_tutor(),
            wait=c.wait_for_answer(),
            cancel=c.cancel_answer(),
            stream=AnswerStream(
                follow=c.follow_answer(),
                check_access=c.check_access(),
                slots=c.slots(),
                closing=c.closing(),
                heartbeat=c.heartbeat_seconds(),
                check_seconds=c.stream_check_seconds(),
            ),
            rate=c.rate_answer(),
            places=c.waiting_places(),
        ),
        threads_blueprint(
            protect=protect,
            add=c.add_thread(),
            get=c.get_thread(),
            listing=c.list_threads(),
            edit=c.edit_thread(),
            delete=c.delete_thread(),
            messages=c.list_messages(),
        ),
        ticket_blueprint(protect=protect, issue=c.issue_ticket()),
        search_blueprint(protect=protect, search=c.search()),
        jobs_blueprint(protect=protect, get=c.get_job()),
        decks_blueprint(
            protect=protect,
            add=c.add_deck(),
            get=c.get_deck(),
            listing=c.list_decks(),
            edit=c.edit_deck(),
            delete=c.delete_deck(),
        ),
        publishing_blueprint(protect=protect, publish=c.publish_deck()),
        published_decks_blueprint(
            protect=protect,
            listing=c.list_published_decks(),
            read=c.read_published_deck(),
            copy=c.copy_published_deck(),
        ),
        tables_blueprint(protect=protect, export=c.export_cards(), bring=c.import_cards()),
        cards_blueprint(
            protect=protect,
            add=c.add_cards(),
            get=c.get_card(),
            listing=c.list_cards(),
            edit=c.edit_card(),
            delete=c.delete_card(),
        ),
        proposals_blueprint(
            protect=protect,
            request_cards=c.request_cards(),
            listing=c.list_proposals(),
            accept=c.accept_proposals(),
            reject=c.reject_proposals(),
        ),
        reviews_blueprint(protect=protect, queue=c.get_queue(), review=c.review_card(), undo=c.undo_review()),
        study_sessions_blueprint(
            protect=protect,
            clock=c.clock(),
            start=c.start_study_session(),
            change=c.change_study_session(),
            get=c.get_study_session(),
            listing=c.list_study_sessions(),
        ),
        analytics_blueprint(
            protect=protect,
            summarise=c.summarise(),
            heatmap=c.heatmap(),
            forecast=c.forecast(),
            subjects=c.subjects(),
            recall=c.recall(),
        ),
        notifications_blueprint(
            protect=protect,
            listing=c.list_notifications(),
            read=c.read_notifications(),
            get=c.get_preferences(),
            save=c.set_preferences(),
        ),
        unsubscribe_blueprint(find=c.find_letter(), stop=c.stop_letters()),
        calendar_blueprint(
            protect=protect,
            get=c.get_calendar(),
            rotate=c.rotate_calendar(),
            end=c.end_calendar(),
            base=f"{c.settings().address}/{c.settings().api_path}",
        ),
        feed_blueprint(read=c.read_calendar()),
    ]


def _metrics(c: Container) -> Blueprint:
    token, metrics = c.settings().metrics_token, c.metrics()
    stated = token.get_secret_value() if token is not None else None
    return metrics_blueprint(lambda: metrics.exposition(lambda: database_figures(c)), token=stated)


def _sockets(c: Container) -> Blueprint:
    settings = c.settings()
    door = SocketDoor(
        redeem=c.redeem_ticket(),
        check_access=c.check_access(),
        slots=c.slots(),
        origins={origin_of(url) for url in [settings.public_url, *(settings.cors_origins - {ANY})] if url},
    )
    service = SocketService(
        ask=c.ask_tutor(),
        follow=c.follow_answer(),
        cancel=c.cancel_answer(),
        search=c.search(),
        check_access=c.check_access(),
        events=c.events(),
        closing=c.closing(),
        check_seconds=c.access_check_seconds(),
    )
    return socket_blueprint(prefix=settings.api_prefix, door=door, service=service)
