"""Commands of the audit: ``flask --app wsgi institute audit-check``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from institute.audit.sealing import first_broken_position


@click.command("audit-check")
@with_appcontext
def audit_check() -> None:
    """Walk the audit chain and say whether it is whole."""
    broken = first_broken_position()
    if broken is not None:
        raise click.ClickException(f"The audit chain is broken at position {broken}.")
    click.echo("The audit chain is whole.")
