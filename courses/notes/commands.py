"""The command of private notes: ``flask --app wsgi institute rotate-notes-key``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from courses.notes.rotating import rewrap_keys
from institute.config import NOTES, current_settings
from institute.keys.secret import forget_former_secret, replace_secret
from institute.terminal import sentences


@click.command("rotate-notes-key")
@click.option("--new", "begin", is_flag=True, help="Begin: make a new NOTES_KEY beside the present one.")
@with_appcontext
def rotate_notes_key(begin: bool) -> None:
    """Wrap the keys of private notes anew with the present NOTES_KEY."""
    settings = current_settings()
    if begin:
        with sentences():
            replace_secret(settings, name=NOTES)
        click.echo("There is a new NOTES_KEY; the former one still opens what it wrapped.")
        click.echo("Restart the web processes and the workers, then run: institute rotate-notes-key")
        return
    done = rewrap_keys()
    click.echo(f"{done.anew} wrapped anew, {done.already} already, {done.lost} cannot be opened.")
    if done.lost:
        raise click.ClickException(
            "Some keys open with neither NOTES_KEY and were left as they are; the guide on keys says what to do."
        )
    if forget_former_secret(settings, name=NOTES):
        click.echo("The former NOTES_KEY was deleted: nothing needs it any more.")
    elif settings.former_notes_key:
        click.echo("Nothing needs FORMER_NOTES_KEY any more: take it out of the settings.")
