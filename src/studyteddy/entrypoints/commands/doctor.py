"""``doctor``."""

from __future__ import annotations

from typing import Annotated

import typer


def doctor(
    port: Annotated[int | None, typer.Option(help="Port to try; that of the settings by default.")] = None,
) -> None:
    """Try everything that Study Teddy needs, and say what to do about what is wrong."""
    from studyteddy.entrypoints.doctor.examination import examine
    from studyteddy.entrypoints.logging import configure_logging

    configure_logging("error")
    well = True
    for finding in examine(port):
        well = well and finding.well
        typer.echo(f"{'ok   ' if finding.well else 'WRONG'}  {finding.part}: {finding.words}")
    if not well:
        raise typer.Exit(1)
