"""Celery's logs among ours."""

from __future__ import annotations

import logging
import warnings

from celery import signals
from celery.exceptions import SecurityWarning


def keep_own_logs() -> None:
    """One line for each job is ours; Celery's own say when something is wrong."""
    signals.setup_logging.connect(lambda **_: None, weak=False)  # whoever listens has set up the logs
    for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    # We take no pickles, which is what makes root dangerous; our images don't run as root anyway.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    warnings.filterwarnings("ignore", category=PendingDeprecationWarning, module="celery")
