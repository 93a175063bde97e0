"""What every answer tells a browser about how far to trust it, whoever made it. Who knows better says so first."""

from __future__ import annotations

from flask import Response, request

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
TRANSPORT_SECURITY = "max-age=31536000"
"""A year. Only over HTTPS: a browser that heard it would never again come by HTTP."""
_OWN = "Authorization, Cookie"


def protect_answer(response: Response) -> Response:
    """Add what the answer doesn't say itself. What may be kept by nobody also differs from caller to caller, for
    caches that keep it all the same."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if "no-store" in response.headers["Cache-Control"]:
        response.vary.update(_OWN.split(", "))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
    return response
