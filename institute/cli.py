"""The group ``flask --app wsgi institute …``: collects what each capability has in its ``commands.py``.

Each command says in a sentence what it did or why it could not (``institute.terminal``).
"""

from __future__ import annotations

from typing import Final

import click
import flask_migrate
from flask import Flask
from flask.cli import AppGroup

from institute.audit import commands as audit
from institute.backup import commands as backup
from institute.db import db
from institute.files import commands as files
from institute.jobs import commands as jobs
from institute.keys import commands as keys
from institute.messages import commands as messages
from institute.paths import MIGRATIONS

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
)

institute_group = AppGroup("institute", help="Run and look after the institute's tool.")
for _command in COMMANDS:
    institute_group.add_command(_command)


def init_app(app: Flask) -> None:
    """Attach the commands and the migrations."""
    app.cli.add_command(institute_group)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
