"""Commands of the messages: ``flask --app wsgi institute admin-link``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.messages.links import make_link
from institute.people.granting import grant_role
from institute.people.institutes import find_institute, put_person
from institute.people.models import Grant, Institute, Person
from institute.terminal import institute_option, sentences


@click.command("admin-link")
@institute_option
@click.option(
    "--email", default="", help="The administrator's address. A new administrator is made for an unknown one."
)
@with_appcontext
def admin_link(slug: str | None, email: str) -> None:
    """Print a one-time address that signs an administrator in."""
    with sentences():
        actor = Actor(institute_id=find_institute(slug).id, person_id=None)
        with transaction() as session:
            # Two of these at once make one administrator: the second waits here and finds who was made.
            session.get_one(Institute, actor.institute_id, with_for_update=True)
            address = make_link(_administrator(actor, email), institute_id=actor.institute_id)
    click.echo(address)
    click.echo("It works once, for 15 minutes.")


def _administrator(actor: Actor, email: str) -> PersonId:
    """Return the administrator of that address, or, without one, the first; make one if there is none.

    Somebody else who has the address is not made an administrator: many platforms let people choose theirs.
    """
    administrators = (
        select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.institute_id == actor.institute_id,
            Grant.role == Role.ADMINISTRATOR,
            Grant.ended_at.is_(None),
        )
        .order_by(Grant.id)
        .limit(1)
    )
    if email:
        administrators = administrators.where(Person.email == email.lower())
    found = db.session.scalar(administrators)
    if found is not None:
        return found
    key = f"administrator:{email.lower()}"[:60] if email else "administrator"
    person_id = put_person(key=key, name="", email=email, locale=None, actor=actor)
    grant_role(person_id, Role.ADMINISTRATOR, actor=actor)
    return person_id
