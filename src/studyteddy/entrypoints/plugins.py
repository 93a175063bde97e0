"""Chat models, embedders and text extractors of other packages, offered as entry points and chosen by name.

An entry point names a callable without arguments, such as a class, that gives an implementation of the port:
``ChatModel`` under ``studyteddy.chat_models``, ``Embedder`` under ``studyteddy.embedders``, ``TextExtractor`` under
``studyteddy.text_extractors``. What it needs to know, it reads from settings of its own.
"""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import entry_points
from typing import Any

from studyteddy.entrypoints.faults import SettingsFault


class Group(StrEnum):
    CHAT_MODELS = "studyteddy.chat_models"
    EMBEDDERS = "studyteddy.embedders"
    TEXT_EXTRACTORS = "studyteddy.text_extractors"


def offered(group: Group) -> list[str]:
    """The names that installed packages offer."""
    return sorted({entry.name for entry in entry_points(group=group)})


def made(group: Group, name: str, *, setting: str) -> Any:
    """What the entry point of that name gives. Raises ``SettingsFault`` when nobody offers it, or when it breaks."""
    found = next(iter(entry_points(group=group, name=name)), None)
    if found is None:
        raise SettingsFault([f"{setting}: no installed package offers {name}"])
    try:
        return found.load()()
    except Exception as fault:  # whatever a stranger's package does, it is the setting that chose it
        raise SettingsFault([f"{setting}: {name} ({found.value}) does not work: {fault!r}"]) from fault
