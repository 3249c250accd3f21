"""The command ``flask --app wsgi certificates agreement FILE.csv``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from certificates.agreement.documents import document_of
from certificates.agreement.figures import figures_of
from certificates.agreement.files import read_ratings
from courses.exchange.errors import FileTooLargeError
from institute.terminal import sentences

LARGEST_FILE: Final = 32 * 1024 * 1024
MOST_TOLD: Final = 50
_ISOLATES: Final = str.maketrans("", "", "\u2068\u2069")


@click.command("agreement")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def agreement(file: Path) -> None:
    """Print how far the raters of FILE.csv agree, as JSON: columns unit, rater, rating; a row for each rating."""
    with sentences():
        if file.stat().st_size > LARGEST_FILE:
            raise FileTooLargeError(file=file.name, most=LARGEST_FILE // (1024 * 1024))
        ratings, faults = read_ratings(file.read_bytes())
    for fault in faults[:MOST_TOLD]:
        where = ", ".join(word for word in (f"line {fault.line}" if fault.line else "", fault.column) if word)
        said = fault.error.text.translate(_ISOLATES)
        click.echo(f"{where}: {said}" if where else said, err=True)
    if len(faults) > MOST_TOLD:
        click.echo(f"And {len(faults) - MOST_TOLD} more.", err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(json.dumps(document_of(figures_of(ratings)), indent=2, ensure_ascii=False))
