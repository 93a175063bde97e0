"""Which settings are stated, where, and which are wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.faults import SettingsFault

if TYPE_CHECKING:
    from studyteddy.entrypoints.settings import Settings

ENV_FILE = Path(".env")


def examined_settings(read: list[Settings]) -> Iterator[Finding]:
    """A line for each setting that is stated or wrong; the settings go to ``read`` when all are right."""
    from studyteddy.entrypoints.settings import Settings, load_settings

    wrong: dict[str, str] = {}
    try:
        read.append(load_settings())
    except SettingsFault as faults:
        wrong = {name: words for name, _, words in (fault.partition(": ") for fault in faults.faults)}
    stated = _stated()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        names = [alias] if isinstance(alias, str) else [str(name) for name in getattr(alias, "choices", ())]
        name = next((name for name in names if name in stated), None)
        fault = next((words for other, words in wrong.items() if other in names), None)
        if fault is not None:
            label = name or next(other for other in wrong if other in names)
            yield Finding(f"setting {label}", False, fault)
        elif name is not None:
            yield Finding(f"setting {name}", True, f"from {stated[name]}")


def _stated() -> dict[str, str]:
    """Where each variable comes from; the environment goes before the file."""
    from dotenv import dotenv_values

    file = {name.upper(): str(ENV_FILE) for name, value in dotenv_values(ENV_FILE).items() if value}
    return file | {name.upper(): "the environment" for name, value in os.environ.items() if value}
