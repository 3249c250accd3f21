"""What a participant leaves behind in a segment: ticks, and the place where they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from courses.catalogue.models import (
    Activity,
    Module,
    ModuleId,
    PartId,
    ProgrammeId,
    Segment,
    SegmentId,
    StepId,
)
from courses.catalogue.naming import is_slug
from courses.catalogue.queries import load_segment
from courses.cohorts.errors import DoneOnItsPageError, EnrolmentNotActiveError, SegmentClosedError
from courses.cohorts.events import ProgressChanged
from courses.cohorts.models import (
    ActivityCompletion,
    Cohort,
    CohortOpening,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from courses.cohorts.queries import enrolment_here, load_standing
from courses.cohorts.wording import say_state
from institute import events
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class StepAddress:
    """Where a step stands in the programme of an enrolment: two slugs and a key."""

    module: str
    segment: str
    key: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A step as the enrolment's version has it, with what its segment waits for and whether the cohort set its day."""

    id: StepId
    part_id: PartId
    opens: Mapping[str, Any]
    has_day: bool
    segment_id: SegmentId
    module_id: ModuleId
    programme_id: ProgrammeId


def tick(enrolment_id: EnrolmentId, step: StepAddress, *, actor: Actor) -> None:
    """Note a step as done. Changes nothing if it is done already.

    Raises NotFoundError if the enrolment is not the actor's own or its programme has no such step,
    EnrolmentNotActiveError if it is not active, SegmentClosedError if the segment is not open yet.
    """
    with transaction() as session:
        enrolment, found = _own_step(enrolment_id, step, session=session, actor=actor)
        _put_tick(enrolment, found, session)


def mark(enrolment_id: EnrolmentId, step: StepAddress, *, done: bool, actor: Actor) -> None:
    """Tick a step off by hand, or take the tick back.

    Raises as ``tick``, DoneOnItsPageError for a step that something has to be written, answered or handed in for.
    """
    with transaction() as session:
        enrolment, found = _own_step(enrolment_id, step, session=session, actor=actor)
        ways = {one.id: one.way for one in load_segment(found.segment_id).steps}
        if ways[found.id].done_there:
            raise DoneOnItsPageError
        change = _put_tick if done else _take_tick
        change(enrolment, found, session)


def tick_by_fact(enrolment_id: EnrolmentId, step_id: StepId) -> None:
    """Note a step as done because something else shows it, such as a session that both confirmed.

    Whether the enrolment is active or the segment open does not matter any more. Changes nothing if it is done
    already, or the enrolment's version has no such step.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        if enrolment is None:
            return
        row = session.execute(_steps_of(enrolment).where(Activity.step_id == step_id)).one_or_none()
        if row is None:
            return
        _put_tick(enrolment, _Found(*row), session, by_fact=True)


def untick(enrolment_id: EnrolmentId, step: StepAddress, *, actor: Actor) -> None:
    """Take a tick back; that it was there stays known. Changes nothing if there is none. Raises as ``tick``."""
    with transaction() as session:
        enrolment, found = _own_step(enrolment_id, step, session=session, actor=actor)
        _take_tick(enrolment, found, session)


def remember_place(enrolment_id: EnrolmentId, segment_id: SegmentId, *, actor: Actor) -> None:
    """Remember the segment that a participant opened, so that they come back to it.

    Writes only where the segment is another than last time. Raises NotFoundError if the enrolment is not the
    actor's own or its programme has no such segment.
    """
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.person_id != actor.person_id:
        raise NotFoundError
    if enrolment.last_segment_id == segment_id or enrolment.state is not EnrolmentState.ACTIVE:
        return
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        taught = session.scalar(
            select(Segment.id)
            .join(Module, Module.id == Segment.module_id)
            .where(Segment.id == segment_id, Module.version_id == enrolment.version_id)
        )
        if taught is None:
            raise NotFoundError
        enrolment.last_segment_id, enrolment.last_visit_at = segment_id, now()


def _own_step(
    enrolment_id: EnrolmentId, step: StepAddress, *, session: Session, actor: Actor
) -> tuple[Enrolment, _Found]:
    enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
    if enrolment is None or actor.person_id is None or enrolment.person_id != actor.person_id:
        raise NotFoundError
    if not all(is_slug(name) for name in (step.module, step.segment, step.key)):
        raise NotFoundError
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise EnrolmentNotActiveError(state=say_state(enrolment.state))
    row = session.execute(
        _steps_of(enrolment).where(
            Module.slug == step.module, Segment.slug == step.segment, Activity.key == step.key
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return enrolment, _Found(*row)


def _steps_of(enrolment: Enrolment) -> Select[*tuple[Any, ...]]:
    """Return the query of the steps of an enrolment's version, as ``_Found`` has them."""
    own = exists().where(CohortOpening.cohort_id == Cohort.id, CohortOpening.part_id == Segment.part_id)
    return (
        select(
            Activity.step_id,
            Segment.part_id,
            Segment.opens,
            own,
            Segment.id,
            Module.id,
            Cohort.programme_id,
        )
        .join(Segment, Segment.id == Activity.segment_id)
        .join(Module, Module.id == Segment.module_id)
        .join(Cohort, Cohort.id == enrolment.cohort_id)
        .where(Activity.version_id == enrolment.version_id)
    )


def _put_tick(enrolment: Enrolment, found: _Found, session: Session, *, by_fact: bool = False) -> None:
    if _standing(enrolment, found, session) is None:
        if not by_fact:
            _refuse_closed(enrolment, found)
        session.add(ActivityCompletion(enrolment_id=enrolment.id, step_id=found.id, done_at=now()))
        _tell(enrolment, found, session)


def _take_tick(enrolment: Enrolment, found: _Found, session: Session) -> None:
    standing = _standing(enrolment, found, session)
    if standing is not None:
        standing.undone_at = now()
        _tell(enrolment, found, session)


def _refuse_closed(enrolment: Enrolment, found: _Found) -> None:
    if (found.opens or found.has_day) and found.part_id in load_standing(enrolment_here(enrolment)).gates:
        raise SegmentClosedError


def _standing(enrolment: Enrolment, found: _Found, session: Session) -> ActivityCompletion | None:
    return session.scalar(
        select(ActivityCompletion).where(
            ActivityCompletion.enrolment_id == enrolment.id,
            ActivityCompletion.step_id == found.id,
            ActivityCompletion.undone_at.is_(None),
        )
    )


def _tell(enrolment: Enrolment, found: _Found, session: Session) -> None:
    session.flush()
    events.publish(
        ProgressChanged(
            institute_id=enrolment.institute_id,
            cohort_id=enrolment.cohort_id,
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            segment_id=found.segment_id,
            module_id=found.module_id,
            programme_id=found.programme_id,
        )
    )
