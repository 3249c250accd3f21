"""Everybody's scores of a link, or of a course, wished anew: in the background, some people at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, CohortId
from institute import events
from institute.clock import now
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome
from lti.launches.events import CourseBound
from lti.launches.models import ContextId, ResourceLink, ResourceLinkId
from lti.services.kinds import GradeKind, chosen_kind
from lti.services.learners import people_after
from lti.services.wishing import wish_for_link

LINK_JOB: Final = "lti.rewish"
COURSE_JOB: Final = "lti.rewish-course"
MONTH_JOB: Final = "lti.month"
PEOPLE_AT_ONCE: Final = 50
AFTER: Final = "after"


def init_app(app: Flask) -> None:
    """Let the worker do it, and hear of courses that are bound."""
    events.subscribe(app, CourseBound, note_binding)
    worker.handle(app, LINK_JOB, rewish_link)
    worker.handle(app, COURSE_JOB, rewish_course)
    worker.handle(app, MONTH_JOB, turn_month)


def want_link(link_id: ResourceLinkId) -> None:
    """Have everybody's scores in a link's column brought up to date, what was given up among them."""
    outbox.put(kind=LINK_JOB, key=str(link_id), payload={AFTER: 0})


def want_course(context_id: ContextId) -> None:
    """Have everybody's scores of a course brought up to date: its roster has changed, or its cohort."""
    outbox.put(kind=COURSE_JOB, key=str(context_id))


def note_binding(event: CourseBound) -> None:
    """Have the scores of a course worked out that was bound late, or to another cohort."""
    want_course(event.context_id)


def rewish_course(job: LeasedJob) -> Outcome:
    """Want each link of a course."""
    with transaction() as session:
        links = session.scalars(select(ResourceLink.id).where(ResourceLink.context_id == int(job.key)))
        for link_id in links.all():
            want_link(link_id)
    return Done()


def await_month(link: ResourceLink, cohort_id: CohortId) -> None:
    """Have the scores of a link that shows hours worked out again when the cohort's next month begins.

    The target of the months so far grows then, whether anybody does anything or not.
    """
    with transaction() as session:
        zone = ZoneInfo(session.get_one(Cohort, cohort_id).timezone)
        first = now().astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        begins = (first + timedelta(days=32)).replace(day=1)
        outbox.put(kind=MONTH_JOB, key=str(link.id), after=begins)


def turn_month(job: LeasedJob) -> Outcome:
    """Want a link whose month has turned, and wait for the next."""
    with transaction() as session:
        link = session.get(ResourceLink, int(job.key))
        if link is None or link.context is None or link.context.cohort_id is None:
            return Done()
        if chosen_kind(link.grade, link.target) is GradeKind.HOURS:
            want_link(link.id)
            await_month(link, link.context.cohort_id)
    return Done()


def rewish_link(job: LeasedJob) -> Outcome:
    """Wish for the scores of the next people, and for the job again while there are more."""
    after = job.payload.get(AFTER, 0)
    with transaction() as session:
        link = held_link(session, ResourceLinkId(int(job.key)))
        if link is None or link.context is None or link.context.cohort_id is None:
            return Done()
        kind = chosen_kind(link.grade, link.target)
        if kind is GradeKind.NONE:
            return Done()
        if kind is GradeKind.HOURS and not after:
            await_month(link, link.context.cohort_id)
        people = people_after(session, link.context.id, after, PEOPLE_AT_ONCE)
        for person_id in people:
            wish_for_link(session, link, person_id, again=True)
        if len(people) == PEOPLE_AT_ONCE:
            outbox.put(kind=LINK_JOB, key=job.key, payload={AFTER: people[-1]})
    return Done()


def held_link(session: Session, link_id: ResourceLinkId) -> ResourceLink | None:
    """Return a link as it is now, kept from being changed until the transaction ends."""
    return session.get(
        ResourceLink, link_id, with_for_update={"key_share": True, "of": ResourceLink}, populate_existing=True
    )
