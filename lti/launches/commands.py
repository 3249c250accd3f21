"""``flask --app wsgi lti bind``: an operator connects a course to a cohort before anybody opens it."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from institute.db import transaction
from lti.launches.binding import bind_context
from lti.launches.claims import ContextClaim
from lti.launches.models import Context, ContextId
from lti.launches.places import note_context
from lti.platforms.commands import (
    acting_for,
    client_option,
    institute_option,
    issuer_option,
    lti_group,
    sentences,
)
from lti.platforms.models import Deployment
from lti.platforms.registering import find_deployment, find_registration


@lti_group.command("bind")
@issuer_option
@client_option
@click.option("--deployment-id", required=True, help="The deployment that the course is in.")
@click.option("--context-id", required=True, help="The course's id, as the platform sends it in a launch.")
@click.option("--cohort", required=True, help="The slug of the cohort.")
@click.option(
    "--enrol-learners/--no-enrol-learners",
    default=True,
    help="Whether learners are enrolled when they first come. On unless said.",
)
@institute_option
@with_appcontext
def bind(  # noqa: PLR0917  (click passes options by name)
    issuer: str,
    client_id: str,
    deployment_id: str,
    context_id: str,
    cohort: str,
    enrol_learners: bool,
    slug: str | None,
) -> None:
    """Connect a platform's course to a cohort, so that its learners find everything ready."""
    with sentences(), transaction() as session:
        actor = acting_for(slug)
        registration_id = find_registration(issuer, client_id, actor=actor)
        deployment = session.get_one(Deployment, find_deployment(registration_id, deployment_id))
        mine = select(Cohort.id).where(Cohort.institute_id == actor.institute_id, Cohort.slug == cohort)
        found = session.scalar(mine)
        if found is None:
            raise click.UsageError(f"The institute has no cohort {cohort}.")
        course_id = _course(context_id, deployment, session)
        bind_context(course_id, found, enrol_learners=enrol_learners, actor=actor)
    click.echo(f"The course {context_id} is connected to the cohort {cohort}.")


def _course(context_id: str, deployment: Deployment, session: Session) -> ContextId:
    """Return our id of the course of that id, made without a title where no launch has named it yet."""
    known = (Context.deployment_id == deployment.id, Context.context_id == context_id)
    course_id = session.scalar(select(Context.id).where(*known))
    if course_id is not None:
        return course_id
    unnamed = ContextClaim(id=context_id, title="", label="")
    return note_context(
        unnamed, None, deployment_id=deployment.id, institute_id=deployment.institute_id, session=session
    ).id


def init_app(app: Flask) -> None:
    """Attach the commands of platforms and launches."""
    app.cli.add_command(lti_group)
