"""Letters by SMTP (RFC 5321)."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage

from studyteddy.adapters.mail.messages import message_of
from studyteddy.adapters.mail.server import MailServer, Tls
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.mailer import Letter
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.domain.ids import UserId

PATIENCE_SECONDS = 15.0
"""For connecting and for each answer. RFC 5321, 4.5.3.2 allows servers minutes; a job is tried again instead."""
RETRY_SECONDS = 60.0
_AUTHENTICATION_REQUIRED = 530


class SmtpMailer:
    """The ``Mailer`` port over a mail server; a connection for each letter.

    An answer that is lost after the letter was sent counts as not sent: the letter goes out again, with the same
    Message-ID.
    """

    def __init__(
        self,
        server: MailServer,
        *,
        mail_from: Address,
        clock: Clock,
        context: ssl.SSLContext | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._server = server
        self._from = mail_from
        self._clock = clock
        self._context = context
        self._patience = patience

    @property
    def address(self) -> str:
        return self._server.address

    def send(self, letter: Letter) -> None:
        message = message_of(letter, mail_from=self._from, now=self._clock())
        with self._connected() as smtp:
            self._hand_over(smtp, message)

    def forget(self, owner: UserId) -> None:
        """Nothing is kept here."""

    def check(self) -> None:
        """Connect and log in, as for a letter. ``Unavailable`` says what is wrong."""
        with self._connected():
            pass

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        smtp = None
        try:
            smtp = self._connect()
            yield smtp
        except (OSError, smtplib.SMTPException) as fault:
            raise self._away(fault) from fault
        finally:
            if smtp is not None:
                # Once a letter is accepted, a server that goes away changes nothing.
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    smtp.quit()
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, self._context or ssl.create_default_context()
        if server.tls is Tls.WRAPPED:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._patience, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self._patience)
        try:
            if server.tls is Tls.REQUIRED:
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _hand_over(self, smtp: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            smtp.send_message(letter, from_addr=self._from.addr_spec)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            if _final(code) and code != _AUTHENTICATION_REQUIRED:
                message = f"The mail server takes no letters for this address ({code})."
                raise Invalid(message, code="mail_refused") from None
            raise
        except smtplib.SMTPDataError as fault:
            if _final(fault.smtp_code):
                raise Invalid(f"The mail server refused the letter ({fault.smtp_code}).", code="mail_refused") from None
            raise

    def _away(self, fault: Exception) -> Unavailable:
        what = f"{fault.smtp_code}" if isinstance(fault, smtplib.SMTPResponseException) else type(fault).__name__
        message = f"The mail server at {self._server.address} does not take letters now ({what}). Try again later."
        return Unavailable(message, code="mail_unavailable", retry_after=RETRY_SECONDS)


def _final(code: int) -> bool:
    """Whether an answer says never (5xx) rather than not now (4xx)."""
    return code >= 500
