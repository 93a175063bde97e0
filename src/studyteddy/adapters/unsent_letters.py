"""Letters where no mail server is set up."""

from __future__ import annotations

import logging

from studyteddy.application.ports.mailer import Letter

log = logging.getLogger(__name__)


class UnsentLetters:
    """The ``Mailer`` port that tells the log that there was a letter, and nothing that stands in it."""

    def send(self, letter: Letter) -> None:
        log.info("a letter was not sent, since no mail server is set up: %s %s", letter.kind.value, letter.number)
