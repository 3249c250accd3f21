"""What every command says alike: a refusal is its sentence and exit status 1, never a stack of calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from institute.errors import DomainError

institute_option = click.option(
    "--institute", "slug", help="The institute's slug; not needed where there is one."
)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn a refusal inside the block into its sentence and exit status 1."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.text) from error
