"""When a roster is read: at launches now and then, and at a wish. Otherwise it schedules itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, cast

from flask import Flask
from sqlalchemy import Table, bindparam, select

from institute import audit, events
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.jobs import outbox
from lti.launches.events import CourseBound, LinkLaunched
from lti.launches.models import Context, ContextId, ResourceLink
from lti.roster.errors import LeftAloneError, NoCourseHereError
from lti.roster.models import Roster, RosterState
from lti.roster.passes import JOB_KIND, hold_roster

LAUNCH_ASKS_EVERY: Final = timedelta(hours=4)
_ROSTER: Final = cast("Table", Roster.__table__)
# One statement at each launch that names a roster, found by its key.
_DUE: Final = select(_ROSTER.c.due_at).where(_ROSTER.c.context_id == bindparam("context"))


def init_app(app: Flask) -> None:
    """Hear of launches and bindings."""
    events.subscribe(app, LinkLaunched, note_launch)
    events.subscribe(app, CourseBound, note_binding)


def note_launch(event: LinkLaunched) -> None:
    """Let the roster be read at the first launch of a bound course, and again where that is some hours ago."""
    if not event.offers_roster:
        return
    due_at = db.session.connection().scalar(_DUE, {"context": event.context_id})
    if due_at is None or due_at <= now():
        _put(event.institute_id, event.context_id)


def note_binding(event: CourseBound) -> None:
    """Let the roster of a course be read when it is bound, where a launch has brought the service already."""
    offered = select(ResourceLink.id).where(
        ResourceLink.context_id == event.context_id, ResourceLink.nrps_url.is_not(None)
    )
    if db.session.scalar(offered.limit(1)) is not None:
        _put(event.institute_id, event.context_id)


def _put(institute_id: InstituteId, context_id: ContextId) -> None:
    due = {"due_at": now() + LAUNCH_ASKS_EVERY}
    with transaction() as session:
        session.execute(
            insert_into(session, Roster)
            .values(institute_id=institute_id, context_id=context_id, **due)
            .on_conflict_do_update(index_elements=["context_id"], set_=due)
        )
        _wish(context_id)


def wish_reading(context_id: ContextId, *, actor: Actor) -> None:
    """Let a course's roster be read now.

    Raises NoCourseHereError, or LeftAloneError while the platform wants a pause.
    """
    with transaction() as session:
        context = session.get(Context, context_id)
        if context is None or context.institute_id != actor.institute_id or context.cohort_id is None:
            raise NoCourseHereError
        roster = hold_roster(session, context)
        if roster.paused_until is not None and roster.paused_until > now():
            raise LeftAloneError
        if roster.state is not RosterState.READING:
            roster.state, roster.reason = RosterState.WAITING, ""
        roster.due_at = now() + LAUNCH_ASKS_EVERY
        audit.record("roster.wished", actor=actor, subject=("lti_context", context_id))
        _wish(context_id)


def wish_readings(actor: Actor) -> None:
    """Let the rosters of all courses of the open cohort be read now. Raises NoCourseHereError or LeftAloneError."""
    with transaction() as session:
        mine = select(Context.id).where(
            Context.cohort_id == actor.place, Context.institute_id == actor.institute_id
        )
        courses = list(session.scalars(mine))
        if not courses:
            raise NoCourseHereError
        waiting = []
        for context_id in courses:
            try:
                wish_reading(context_id, actor=actor)
            except LeftAloneError:
                waiting.append(context_id)
        if len(waiting) == len(courses):
            raise LeftAloneError


def _wish(context_id: ContextId) -> None:
    outbox.put(kind=JOB_KIND, key=str(context_id))
