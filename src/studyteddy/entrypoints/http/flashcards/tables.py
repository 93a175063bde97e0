"""Decks as tables, and cards out of packages, over HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, cast
from urllib.parse import quote

from flask import Response
from flask_openapi import APIBlueprint, FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from studyteddy.application.flashcards import tables as use_cases
from studyteddy.domain.flashcards.card_table import JudgedRow, RowState
from studyteddy.domain.ids import DeckId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Body, IdPath, Text
from studyteddy.entrypoints.http.uploads import bound_upload, require_one_file, uploaded

LARGEST_PACKAGE = 100 * 1024 * 1024
_SHOWN = 100
_CSV: dict[str | int | HTTPStatus, Any] = {
    200: {
        "description": "The cards: front, back and tags",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


class CardTable(Body):
    """Comma-separated values: front, back and, if wanted, tags with blanks between them. Without ``keep`` it is only
    looked at.
    """

    table: Text = Field(min_length=1, max_length=1_000_000)
    keep: bool = False


class RowOut(Answer):
    """A row and what becomes of it; ``problem`` says what is wrong with a bad one."""

    number: int
    front: str
    back: str
    tags: list[str]
    state: RowState
    problem: str | None


class TableOut(Answer):
    """How many rows are new, skipped because the deck asks the same already, and bad. ``rows`` are the first hundred,
    ``problems`` the first hundred bad ones.
    """

    new: int
    duplicate: int
    bad: int
    kept: bool
    rows: list[RowOut]
    problems: list[RowOut]


class PackageUpload(BaseModel):
    """A package of Anki (.apkg). Without ``keep`` it is only looked at."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: Annotated[FileStorage, BeforeValidator(uploaded)]
    keep: bool = False


class PackageOut(TableOut):
    """The same for the cards of a package; ``without_media`` of them lose pictures or sounds."""

    without_media: int


def _present(judged: JudgedRow) -> RowOut:
    row = judged.row
    return RowOut(
        number=row.number,
        front=row.front,
        back=row.back,
        tags=list(row.tags),
        state=judged.state,
        problem=judged.problem,
    )


def _summary(judged: Sequence[JudgedRow], *, kept: bool) -> dict[str, Any]:
    counts = Counter(one.state for one in judged)
    bad = [one for one in judged if one.state is RowState.BAD]
    return {
        "new": counts[RowState.NEW],
        "duplicate": counts[RowState.DUPLICATE],
        "bad": counts[RowState.BAD],
        "kept": kept,
        "rows": [_present(one) for one in judged[:_SHOWN]],
        "problems": [_present(one) for one in bad[:_SHOWN]],
    }


def tables_blueprint(*, protect: Protect, export: use_cases.ExportCards, bring: use_cases.ImportCards) -> APIBlueprint:
    """The routes of decks as tables and packages."""
    api = blueprint("card_tables", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.before_request
    def bound() -> Response | None:
        return bound_upload("card_tables.import_package", largest=LARGEST_PACKAGE)

    @api.get("/decks/<uuid:id>/export", summary="Take the cards of a deck along as a table", responses=_CSV)
    def export_deck(path: IdPath) -> Any:
        deck, lines = export(owner=owner(), deck_id=DeckId(path.id))
        name = quote(f"{deck.name}.csv", safe="")
        headers = {
            "Content-Disposition": f"attachment; filename=\"cards.csv\"; filename*=UTF-8''{name}",
            "Cache-Control": "private, no-store",
        }
        return Response(lines, mimetype="text/csv", headers=headers)

    @api.post("/decks/<uuid:id>/import", summary="Bring cards in from a table", responses={200: TableOut})
    def import_cards(path: IdPath, body: CardTable) -> Any:
        judged = bring.table(owner=owner(), deck_id=DeckId(path.id), table=body.table, keep=body.keep)
        return TableOut(**_summary(judged, kept=body.keep)).json_ready()

    @api.post("/decks/<uuid:id>/import/package", summary="Bring cards in from Anki", responses={200: PackageOut})
    def import_package(path: IdPath, form: PackageUpload) -> Any:
        require_one_file()
        judged, without_media = bring.package(
            owner=owner(), deck_id=DeckId(path.id), content=cast(Any, form.file.stream), keep=form.keep
        )
        return PackageOut(**_summary(judged, kept=form.keep), without_media=without_media).json_ready()

    return api
