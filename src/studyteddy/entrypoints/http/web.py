"""The web application: exported files, served from the same origin as the API they talk to.

The files are listed once at start, so no address ever reaches the file system. Each page goes out with the
Content-Security-Policy that names its own inline scripts by their hashes (``csp.json``, made by ``make web``).
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

IMMUTABLE = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
_HASHED = "/_next/static/"
# What is opened by an address of its own elsewhere is here a page with a query.
_DETAILS = {"/tasks": "task", "/documents": "doc", "/flashcards": "deck", "/ai-tutor": "thread"}
_ONE = re.compile(r"(/[a-z-]+)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/?")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_KINDS = {".txt": "text/x-component", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}
_POLICY = (
    "default-src 'self'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'{sockets}; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'"
)
_WITHOUT = """<!doctype html><html lang="en"><title>Study Teddy</title>
<h1>The web application is not here</h1>
<p>In a clone of the sources, run <code>make web</code> and start Study Teddy again; otherwise install a package that
was built with it, which is the rule. The API works, and is described at
<a href="/{prefix}/docs">/{prefix}/docs</a>.</p></html>
"""


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file, its compressed twins by encoding, and how it goes out."""

    path: Path
    twins: Mapping[str, Path]
    kind: str
    lasting: bool
    etag: str
    script_hashes: tuple[str, ...]


class WebFiles:
    """What stands at which address. ``tasks.html`` stands at ``/tasks``."""

    def __init__(self, directory: Path) -> None:
        directory = directory.resolve()
        policies = json.loads((directory / "csp.json").read_text())
        self._files: dict[str, WebFile] = {}
        for path in sorted(directory.rglob("*")):
            name = path.relative_to(directory).as_posix()
            if path.is_file() and path.suffix not in (".br", ".gz") and name != "csp.json":
                self._files[_address(name)] = _web_file(path, name, policies.get(name, []))

    def at(self, address: str) -> WebFile | None:
        return self._files.get(address)

    @property
    def missing(self) -> WebFile:
        """The page for addresses where nothing stands."""
        return self._files["/404"]


def _address(name: str) -> str:
    return "/" if name == "index.html" else "/" + name.removesuffix(".html")


def _web_file(path: Path, name: str, hashes: list[str]) -> WebFile:
    twins = {coding: path.with_name(path.name + ending) for coding, ending in _ENCODINGS}
    return WebFile(
        path=path,
        twins={coding: twin for coding, twin in twins.items() if twin.is_file()},
        kind=_KINDS.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
        lasting=f"/{name}".startswith(_HASHED),
        etag=sha256(path.read_bytes()).hexdigest()[:20],
        script_hashes=tuple(hashes),
    )


def web_blueprint(directory: Path, *, prefix: str) -> Blueprint:
    """The pages, at every address that has no route of its own; without files, a page that says what to do.

    A hook instead of a route: a route for every address would turn "no such route" into "wrong method".
    """
    web = Blueprint("web", __name__)
    files = WebFiles(directory) if (directory / "csp.json").is_file() else None
    own = (f"/{prefix.strip('/')}/", "/api/", "/health/", "/metrics/")

    @web.before_app_request
    def page() -> Response | None:
        unrouted = isinstance(request.routing_exception, NotFound) and request.method in ("GET", "HEAD")
        if not unrouted or f"{request.path}/".startswith(own):
            return None
        if files is None:
            return _not_built(prefix) if request.path == "/" else None
        return _page(files)

    return web


def _page(files: WebFiles) -> Response:
    found = files.at(request.path)
    if found is not None:
        return _sent(found)
    tidy = "/" + request.path.strip("/").removesuffix(".html")
    if files.at(tidy) is not None:
        query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
        return Response(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": tidy + query})
    one = _ONE.fullmatch(request.path)
    if one and one[1] in _DETAILS:
        return Response(status=HTTPStatus.FOUND, headers={"Location": f"{one[1]}?{_DETAILS[one[1]]}={one[2]}"})
    return _sent(files.missing, HTTPStatus.NOT_FOUND)


def _not_built(prefix: str) -> Response:
    text = _WITHOUT.format(prefix=prefix.strip("/"))
    return Response(text, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _sent(file: WebFile, status: HTTPStatus = HTTPStatus.OK) -> Response:
    coding = next((one for one, _ in _ENCODINGS if one in file.twins and request.accept_encodings[one] > 0), None)
    path = file.path if coding is None else file.twins[coding]
    response = Response(path.read_bytes(), status, mimetype=file.kind)
    response.set_etag(file.etag if coding is None else f"{file.etag}-{coding}")
    response.headers["Cache-Control"] = IMMUTABLE if file.lasting else CHECKED
    response.headers["Vary"] = "Accept-Encoding"
    if coding is not None:
        response.headers["Content-Encoding"] = coding
    # Not of pages alone: the service worker fetches the shell by the policy that it came with.
    response.headers["Content-Security-Policy"] = _policy(file.script_hashes)
    if status is HTTPStatus.OK:
        response.make_conditional(request)
    return response


def _policy(hashes: tuple[str, ...]) -> str:
    # Older browsers don't count a socket of the same origin as 'self'.
    sockets = f" {'wss' if request.is_secure else 'ws'}://{request.host}"
    return _POLICY.format(hashes="".join(f" {one}" for one in hashes), sockets=sockets)
