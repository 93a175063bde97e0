"""Where a mail server is, how safely it is spoken to, and whom letters come from."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit


class Tls(StrEnum):
    """``wrapped``: from the first byte (RFC 8314). ``required``: by STARTTLS or not at all. ``off``: in clear."""

    WRAPPED = "wrapped"
    REQUIRED = "required"
    OFF = "off"


_PORTS = {Tls.WRAPPED: 465, Tls.REQUIRED: 587, Tls.OFF: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes letters, and who we are there. Nobody where ``user`` is empty."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """For people: without what is secret."""
        return f"{self.host}:{self.port}"


def mail_server(url: str) -> MailServer:
    """``smtps://user:password@host:465`` or ``smtp://...:587``, which asks for STARTTLS.

    In clear only where the way is short: on this machine, or with ``?tls=off``. ``ValueError`` says what is wrong.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("write it as smtp://user:password@host:587 or smtps://user:password@host:465")
    if options.get("tls", "off") != "off" or set(options) - {"tls"}:
        raise ValueError("the only option is ?tls=off, for a server that is reached by a private network")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("give user and password, or neither; write special characters as %40 and the like")
    tls = _tls(parts.scheme, parts.hostname, off="tls" in options)
    return MailServer(host=parts.hostname, port=parts.port or _PORTS[tls], tls=tls, user=user, password=password)


def _tls(scheme: str, host: str, *, off: bool) -> Tls:
    if scheme == "smtps":
        return Tls.WRAPPED
    return Tls.OFF if off or _loopback(host) else Tls.REQUIRED


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sender(mail_from: str) -> Address:
    """Whom letters come from, as in ``Study Teddy <teddy@example.org>``. ``ValueError`` when it is no address."""
    name, address = parseaddr(mail_from)
    if "@" not in address or any(sign in mail_from for sign in "\r\n"):
        raise ValueError(f"{mail_from!r} is not an address")
    try:
        return Address(display_name=name, addr_spec=address)
    except MessageError as fault:
        raise ValueError(f"{mail_from!r} is not an address") from fault
