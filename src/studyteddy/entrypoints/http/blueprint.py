"""How every blueprint of the API is made: named operations, declared problems, and protection unless it is public."""

from __future__ import annotations

from flask_openapi import APIBlueprint, Tag

from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.description import DescribedBlueprint
from studyteddy.entrypoints.http.errors import PROBLEMS
from studyteddy.entrypoints.http.protection import Protect


def operation_id(*, name: str, path: str, method: str) -> str:  # noqa: ARG001 - the library passes all three
    """An operation is called like its handler, so that generated clients read well."""
    return name


def blueprint(
    name: str, *, tag: str, protect: Protect | None = None, needs: Capability = Capability.OWN_ACCOUNT
) -> APIBlueprint:
    """An empty blueprint; with ``protect`` its routes need somebody who is known and may do what it is for.

    Unless it says otherwise that is a person who is logged in, since API tokens should reach nothing by oversight.
    """
    api = DescribedBlueprint(
        name,
        __name__,
        abp_tags=[Tag(name=tag)],
        abp_security=[{"bearer": []}] if protect else None,
        abp_responses=PROBLEMS,
        operation_id_callback=operation_id,
    )
    if protect is not None:
        protect(api, needs)
    return api
