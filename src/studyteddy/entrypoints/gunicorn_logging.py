"""What gunicorn says, through our own logging."""

from __future__ import annotations

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger


class JsonLog(Logger):  # type: ignore[misc]
    """Hands gunicorn's messages to the root logger. Requests are logged by the application, with their route."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.propagate = True
        self.error_log.setLevel(logging.NOTSET)
