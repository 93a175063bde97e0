"""What the workers under one program count, told by that program on a port of its own."""

from __future__ import annotations

import atexit
import logging
import os
import tempfile
import threading
from pathlib import Path

from studyteddy.adapters.prometheus_metrics.directory import CountsDirectory
from studyteddy.entrypoints.settings import Settings

log = logging.getLogger(__name__)


def tell_metrics(settings: Settings) -> None:
    """Serve ``/metrics`` and ``/health/live`` in a thread, if the settings name a port; before workers are started.

    The same rules hold as for the web server's: whoever has METRICS_TOKEN, else programs on this machine.
    Raises ``PortInUse``.
    """
    if settings.worker_metrics_port is None:
        return
    from flask import Flask

    from studyteddy.adapters.prometheus_metrics.metrics import DIRECTORY_VARIABLE, Metrics
    from studyteddy.entrypoints.http.health import health_blueprint
    from studyteddy.entrypoints.http.metrics import metrics_blueprint
    from studyteddy.entrypoints.serving import listen

    counts = CountsDirectory(Path(os.environ.get(DIRECTORY_VARIABLE) or tempfile.gettempdir()), "studyteddy-worker")
    os.environ[DIRECTORY_VARIABLE] = str(counts.path)  # for all processes that are started from here
    atexit.register(_clear, counts, os.getpid())
    token, metrics = settings.metrics_token, Metrics()
    app = Flask("worker", static_folder=None)
    app.register_blueprint(metrics_blueprint(metrics.exposition, token=token.get_secret_value() if token else None))
    app.register_blueprint(health_blueprint([]))
    http = listen(app, settings.host, settings.worker_metrics_port)
    threading.Thread(target=http.serve_forever, name="metrics", daemon=True).start()
    log.info("metrics are told on port %d", http.server_port)


def _clear(counts: CountsDirectory, owner: int) -> None:
    if os.getpid() == owner:
        counts.remove()
