"""What reads documents and what answers questions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from studyteddy.domain.errors import StudyTeddyError
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.faults import SettingsFault

if TYPE_CHECKING:
    from studyteddy.entrypoints.container import Container
    from studyteddy.entrypoints.settings import Provider, Settings

_SAMPLE = b"# Tides\n\nThe moon pulls the sea towards it.\n"


def extraction(container: Container) -> Finding:
    """Read a tiny document the way that every document is read."""
    from studyteddy.application.ports.text_extractor import ExtractionFailed
    from studyteddy.domain.documents import MediaType

    try:
        sections = list(container.extractor().extract(io.BytesIO(_SAMPLE), MediaType.MARKDOWN).sections)
    except (ExtractionFailed, StudyTeddyError, OSError, ImportError) as fault:
        advice = "install studyteddy[server] anew, and let it start processes"
        return Finding("reading documents", False, f"it does not work here ({fault}); {advice}")
    well = any("The moon pulls the sea" in section.text for section in sections)
    return Finding("reading documents", well, "works" if well else "a sample came out wrong; install studyteddy anew")


def language_models(container: Container) -> Iterator[Finding]:
    """What may answer, in the order in which it is asked."""
    settings = container.settings()
    if settings.chat_plugin is not None:
        yield _plugin(container, settings.chat_plugin)
    elif not settings.providers:
        yield Finding("language model", True, "none is set; the tutor quotes")
    for provider in settings.providers:
        yield _model_server(settings, provider)


def _model_server(settings: Settings, provider: Provider) -> Finding:
    """Ask a configured server for its models, which costs nothing."""
    from studyteddy.entrypoints.language_models import chat_model_name, model_connection

    try:
        model, connection = chat_model_name(settings, provider), model_connection(settings, provider)
        with closing(connection):
            offered = connection.guarded(
                lambda: sorted(one.id for one in connection.client().models.list()), setting="CHAT_MODEL"
            )
    except StudyTeddyError as fault:
        return Finding("language model", False, fault.message)
    if model not in offered:
        others = ", ".join(offered[:5]) or "nothing"
        return Finding("language model", False, f"the server has no {model}; set CHAT_MODEL to one of: {others}")
    return Finding("language model", True, f"{model} at {connection.provider.base_url}")


def _plugin(container: Container, name: str) -> Finding:
    try:
        return Finding("language model", True, f"{container.chat_model().name}, by the plug-in {name}")
    except SettingsFault as fault:
        return Finding("language model", False, str(fault))
