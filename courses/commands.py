"""Commands of the courses: ``flask --app wsgi institute load-sample``, and the group ``courses``."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from courses.exchange.commands import import_attendance, import_sessions
from courses.loading.history import tell_history
from courses.loading.institutes import load_institute, open_folder
from courses.packages.commands import export_package, import_package
from courses.translating.commands import export_po, import_po
from institute.cli import ToolGroup, institute_group
from institute.db import transaction
from institute.paths import ROOT
from institute.terminal import sentences

SAMPLE = ROOT / "courses" / "sample"

courses_group = ToolGroup(
    "courses", help="Carry programmes, translations, sessions and attendance in and out."
)
courses_group.add_command(export_package)
courses_group.add_command(import_package)
courses_group.add_command(export_po)
courses_group.add_command(import_po)
courses_group.add_command(import_sessions)
courses_group.add_command(import_attendance)


@click.command("load-sample")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SAMPLE)
@with_appcontext
def load_sample(folder: Path) -> None:
    """Load an institute from FOLDER, or the sample institute; a second time brings it up to date.

    A folder with a history gives its people a past, unless they have begun.
    """
    with sentences():
        opened = open_folder(folder.absolute())
        with transaction():
            tell_history(opened.path, load_institute(opened))
    click.echo("The institute is loaded.")


def init_app(app: Flask) -> None:
    """Add the command to the institute's group, and the group of the courses."""
    institute_group.add_command(load_sample)
    app.cli.add_command(courses_group)
