"""Letters as messages (RFC 5322): headers, and the same words as plain text and as HTML."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from studyteddy.adapters.mail.wording import worded
from studyteddy.application.ports.mailer import Letter
from studyteddy.domain.errors import Invalid

# A folded link is a broken one, and the header of RFC 8058 holds a long one: only what is set as a value is folded.
_POLICY = SMTP.clone(refold_source="none")
_SAFE_NUMBER = re.compile(r"[A-Za-z0-9._+-]{1,100}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322, dot-atom
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_URL = re.compile(r"https?://[!-~]+")


def message_of(letter: Letter, *, mail_from: Address, now: datetime) -> EmailMessage:
    """The whole message. Raises ``Invalid`` (code ``mail_refused``) when its address is none."""
    words = worded(letter)
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail_from
    message["To"] = _recipient(letter.to)
    message["Subject"] = words.subject
    message["Date"] = now
    message["Message-ID"] = f"<{_number(letter.number)}@{mail_from.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = words.language
    if letter.unsubscribe_url is not None:
        if not _URL.fullmatch(letter.unsubscribe_url):
            raise ValueError("unsubscribe_url has to be a whole URL")
        message.set_raw("List-Unsubscribe", f"<{letter.unsubscribe_url}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def _recipient(to: str) -> Address:
    """One address. A domain in other letters is written as DNS has it; a local part in them goes to no mailbox here."""
    local, _, domain = to.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not (_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Invalid("This is not an address that a letter can be sent to.", code="mail_refused")
    return Address(username=local, domain=domain)


def _number(number: str) -> str:
    return number if _SAFE_NUMBER.fullmatch(number) else hashlib.sha256(number.encode()).hexdigest()
