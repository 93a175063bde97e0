"""Letters where there is no mail server: kept as files for whoever runs this Study Teddy."""

from __future__ import annotations

import logging
import os
import tempfile
from email.headerregistry import Address
from pathlib import Path

from studyteddy.adapters.mail.messages import message_of
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.mailer import Letter
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId

log = logging.getLogger(__name__)

MOST_KEPT = 100
SENDER = Address(display_name="Study Teddy", addr_spec="studyteddy@localhost.invalid")


class LoggedMailer:
    """The ``Mailer`` port over a directory that only its owner can read.

    Each letter is a file that every mail program opens; the newest ``most`` are kept. The log says that there is one
    and where, and nothing of what it says: links in letters are keys.
    """

    def __init__(self, directory: Path, *, clock: Clock, most: int = MOST_KEPT) -> None:
        self._directory = directory
        self._clock = clock
        self._most = most

    def send(self, letter: Letter) -> None:
        now = self._clock()
        message = message_of(letter, mail_from=SENDER, now=now)
        # The name holds the time in front, so that a listing is in order, and whose it is, so that it can be forgotten.
        number = message["Message-ID"].strip("<>").partition("@")[0]
        name = f"{now:%Y%m%dT%H%M%S}-{letter.kind}-{letter.owner}-{number}.eml"
        try:
            self._keep(name, message.as_bytes())
        except OSError as fault:
            reason = f"Letters can't be kept in {self._directory} ({fault.strerror})."
            raise Unavailable(reason, code="mail_unavailable") from fault
        log.warning("no mail server is set (SMTP_URL): a letter (%s) lies in %s", letter.kind, self._directory / name)

    def forget(self, owner: UserId) -> None:
        for kept in self._directory.glob(f"*-{owner}-*.eml"):
            kept.unlink(missing_ok=True)

    def _keep(self, name: str, content: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for copy in self._directory.glob(f"*{name[15:]}"):
            copy.unlink(missing_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._directory, prefix=".")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(self._directory / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for old in sorted(self._directory.glob("*.eml"))[: -self._most]:
            old.unlink(missing_ok=True)
