"""``flask --app wsgi lti read-roster``: an operator reads lists of people now, and sees what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select

from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.jobs import outbox
from lti.launches.models import Context
from lti.platforms.commands import acting_for, institute_option, lti_group, sentences
from lti.roster.errors import NoCourseHereError
from lti.roster.models import Roster, RosterState
from lti.roster.passes import JOB_KIND
from lti.roster.reading import read_roster
from lti.roster.reasons import explain

WORKER_TAKES_OVER: Final = timedelta(minutes=2)


@click.command("read-roster")
@click.option("--context-id", help="The course's id, as the platform sends it. All courses unless given.")
@institute_option
@with_appcontext
def read(slug: str | None, context_id: str | None) -> None:
    """Read the lists of people of the courses that are connected to a cohort."""
    with sentences():
        courses = _courses(acting_for(slug), context_id)
        if not courses:
            raise NoCourseHereError
    whole = [_read(course) for course in courses]
    if not all(whole):
        raise SystemExit(1)


def _courses(actor: Actor, context_id: str | None) -> list[Context]:
    wanted = select(Context).where(Context.institute_id == actor.institute_id, Context.cohort_id.is_not(None))
    if context_id is not None:
        wanted = wanted.where(Context.context_id == context_id)
    return list(db.session.scalars(wanted.order_by(Context.id)))


def _read(course: Context) -> bool:
    """Read one course's list; should this process die, the worker goes on. Tell whether it was read."""
    key, name = course.id, course.title or course.context_id
    outbox.put(kind=JOB_KIND, key=str(key), after=now() + WORKER_TAKES_OVER)
    read_roster(key)
    roster = db.session.scalars(
        select(Roster).where(Roster.context_id == key).execution_options(populate_existing=True)
    ).one()
    if roster.state is RosterState.READ:
        click.echo(f"{name}: {roster.members} people.")
        return True
    if roster.state is RosterState.FAILED:
        click.echo(f"{name}: {' '.join(explain(roster.reason))}")
    else:
        click.echo(f"{name}: the worker is reading it.")
    return False


def init_app(app: Flask) -> None:
    """Add the command to those of the door."""
    lti_group.add_command(read)
