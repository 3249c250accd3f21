"""Commands about institutes: ``institute remove-sample``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from institute.actors import Actor, InstituteId
from institute.people.institutes import find_institute
from institute.people.removing import remove_sample
from institute.terminal import institute_option, sentences


@click.command("remove-sample")
@institute_option
@with_appcontext
def remove_sample_command(slug: str | None) -> None:
    """Remove a sample institute with everything in it. Real institutes are refused."""
    with sentences():
        institute_id = InstituteId(find_institute(slug).id)
        remove_sample(institute_id, actor=Actor(institute_id=institute_id, person_id=None))
    click.echo("The sample institute is removed.")
