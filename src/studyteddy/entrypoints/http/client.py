"""Where the request at hand comes from, for the log of security events."""

from __future__ import annotations

from flask import has_request_context, request

from studyteddy.domain.security_events import NOBODY, Client


def client_at_hand() -> Client:
    """The device and network of the request that this thread answers; nobody outside of one."""
    if not has_request_context():
        return NOBODY
    return Client.of(device=request.headers.get("User-Agent", ""), address=request.remote_addr or "")
