"""Commands about stored files."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from institute.files.sweeping import sweep


@click.command("sweep-files")
@with_appcontext
def sweep_files() -> None:
    """Remove stored bytes that nobody refers to and that are more than a day old."""
    removed = sweep()
    click.echo(f"Files removed: {removed}.")
