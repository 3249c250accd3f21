"""The group ``flask --app wsgi institute …``: collects what each capability has in its ``commands.py``.

Each command says in a sentence what it did or why it could not (``institute.terminal``).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import click
import flask_migrate
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from institute.audit import commands as audit
from institute.backup import commands as backup
from institute.backup.migrating import is_up_to_date
from institute.db import db
from institute.files import commands as files
from institute.jobs import commands as jobs
from institute.keys import commands as keys
from institute.messages import commands as messages
from institute.paths import MIGRATIONS
from institute.people import commands as people

COMMANDS: Final[tuple[click.Command, ...]] = (
    backup.migrate,
    backup.backup,
    backup.restore,
    jobs.work,
    messages.admin_link,
    audit.audit_check,
    keys.list_keys,
    keys.rotate_keys,
    keys.leaked_key,
    keys.rotate_secret,
    files.sweep_files,
    people.remove_sample_command,
)

# They bring the database up to date, or say themselves that there is none.
ON_ANY_DATABASE: Final = frozenset({backup.migrate.name, backup.backup.name, backup.restore.name})
MIGRATE_FIRST: Final = "The database is not up to date: run institute migrate first."


class ToolGroup(AppGroup):
    """Commands that are run on a database that is up to date; without one, each says so in a sentence.

    Those whose names stand in ``anywhere`` need none.
    """

    def __init__(self, name: str, *, help: str, anywhere: frozenset[str | None] = frozenset()) -> None:  # noqa: A002
        """Make a group without commands."""
        super().__init__(name, help=help)
        self.anywhere = anywhere

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command that looks at the database before it begins, and not before its help is shown."""
        found = super().get_command(ctx, cmd_name)
        if found is None or found.callback is None:
            return found
        careful = copy.copy(found)
        careful.callback = with_appcontext(_careful(found.callback, look=cmd_name not in self.anywhere))
        return careful


def _careful(callback: Callable[..., Any], *, look: bool) -> Callable[..., Any]:
    @click.pass_context
    def run(context: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        try:
            if look and not is_up_to_date():
                raise click.ClickException(MIGRATE_FIRST)
            return context.invoke(callback, *args, **kwargs)
        except OperationalError as error:
            reason = str(error.orig).partition("\n")[0]
            raise click.ClickException(f"The database does not answer: {reason}") from error

    return run


institute_group = ToolGroup(
    "institute", help="Run and look after the institute's tool.", anywhere=ON_ANY_DATABASE
)
for _command in COMMANDS:
    institute_group.add_command(_command)


def init_app(app: Flask) -> None:
    """Attach the commands and the migrations."""
    app.cli.add_command(institute_group)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
