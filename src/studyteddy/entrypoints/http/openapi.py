"""The API's description and a page that shows it; both work without a network."""

from __future__ import annotations

from importlib import resources
from typing import Any

from flask import Blueprint, Response, current_app, send_file
from flask_openapi import OpenAPI

from studyteddy.domain.errors import NotFound

_ASSETS = {"swagger-ui.css": "css", "swagger-ui-bundle.js": "js"}
_START = """window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true });
});
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Study Teddy API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script>
</head>
<body>
<div id="api"><noscript>This page needs JavaScript; the description itself is openapi.json.</noscript></div>
</body>
</html>
"""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)


def docs_blueprint(prefix: str) -> Blueprint:
    """``/openapi.json`` and ``/docs`` under the prefix."""
    docs = Blueprint("docs", __name__, url_prefix=f"/{prefix.strip('/')}")

    @docs.get("/openapi.json")
    def description() -> Any:
        return _description()

    @docs.get("/docs")
    def page() -> Response:
        return Response(_PAGE, mimetype="text/html", headers={"Content-Security-Policy": _POLICY})

    @docs.get("/docs/<name>")
    def asset(name: str) -> Response:
        if name == "start.js":
            return Response(_START, mimetype="text/javascript")
        if name not in _ASSETS:
            raise NotFound("There is nothing at this address.")
        files = resources.files("flask_openapi_swagger") / "templates" / "swagger" / _ASSETS[name] / name
        with resources.as_file(files) as path:
            return send_file(path, max_age=3600)

    return docs


def _description() -> dict[str, Any]:
    app = current_app
    if not isinstance(app, OpenAPI):
        raise TypeError("The description is made by the application that create_app returns.")
    return app.api_doc
