"""Time and fresh identifiers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Clock = Callable[[], datetime]
"""The present instant, aware and in UTC."""

NewId = Callable[[], UUID]
"""A fresh UUID of version 7, so that ids sort by the time they were made."""
