"""What becomes of grades when two accounts are found to be one person's, or are told apart again.

A cell of a gradebook belongs to an account, what is shown in it to a row of a person. When it changes which rows are
one person, nothing more is sent in the name of any of them until it was worked out anew whose work each cell shows.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from sqlalchemy import CompoundSelect, func, or_, select, union, update

from institute import events
from institute.actors import PersonId
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome
from institute.people.events import RowsChanged
from lti.launches.models import Context, LtiIdentity, LtiLaunch, ResourceLink
from lti.services.evidence import wish_grades
from lti.services.models import LineItem, LtiScore
from lti.services.wishing import SILENT, wish_for_link

PERSON_JOB: Final = "lti.rewish-person"
LINKS_AT_ONCE: Final = 50
AFTER: Final = "after"


def init_app(app: Flask) -> None:
    """Hear of it, and let the worker do the rest."""
    events.subscribe(app, RowsChanged, note_rows)
    worker.handle(app, PERSON_JOB, rewish_person)


def note_rows(event: RowsChanged) -> None:
    """Send nothing more of these rows' scores, and have all of them worked out anew."""
    with transaction() as session:
        held = session.scalars(
            select(LtiScore.id)
            .join(LineItem, LineItem.id == LtiScore.line_item_id)
            .where(LtiScore.institute_id == event.institute_id, LtiScore.person_id.in_(event.rows))
            .order_by(LineItem.resource_link_id, LineItem.id, LtiScore.person_id)
            .with_for_update(of=LtiScore)
        ).all()
        session.execute(
            update(LtiScore)
            .where(LtiScore.id.in_(held))
            .values(SILENT)
            .execution_options(synchronize_session=False)
        )
        outbox.put_several(kind=PERSON_JOB, keys=[str(row) for row in sorted(event.rows)], payload={AFTER: 0})


def rewish_person(job: LeasedJob) -> Outcome:
    """Wish for what the cells of a row's accounts show: those of the next links, at last those of the courses."""
    person_id, after = PersonId(int(job.key)), job.payload.get(AFTER, 0)
    theirs = _courses(person_id)
    with transaction() as session:
        links = session.scalars(
            select(ResourceLink)
            .where(ResourceLink.context_id.in_(theirs), ResourceLink.id > after)
            .order_by(ResourceLink.id)
            .limit(LINKS_AT_ONCE)
        ).all()
        for link in links:
            wish_for_link(session, link, person_id, again=True, anew=True)
        if len(links) == LINKS_AT_ONCE:
            outbox.put(kind=PERSON_JOB, key=job.key, payload={AFTER: links[-1].id})
            return Done()
        for context in session.scalars(select(Context).where(Context.id.in_(theirs)).order_by(Context.id)):
            wish_grades(session, context, person_id)
    return Done()


def _courses(person_id: PersonId) -> CompoundSelect[Any]:
    """Select the courses that a row's accounts came to, or have scores in."""
    came = (
        select(LtiLaunch.context_id)
        .join(LtiIdentity, LtiIdentity.id == LtiLaunch.identity_id)
        .where(LtiIdentity.person_id == person_id)
    )
    graded = (
        select(func.coalesce(ResourceLink.context_id, LineItem.context_id))
        .select_from(LtiScore)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .join(LtiIdentity, LtiIdentity.id == LtiScore.identity_id)
        .where(or_(LtiIdentity.person_id == person_id, LtiScore.person_id == person_id))
    )
    return union(came, graded)
