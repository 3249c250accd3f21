"""A desk: somebody's step, locked, with the work that stands there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.activities.errors import NothingToWriteError, WorkClosedError
from courses.activities.models import Work
from courses.activities.places import Place, find_place
from courses.catalogue.doing import Way
from courses.cohorts.errors import SegmentClosedError
from courses.cohorts.models import Enrolment, EnrolmentState
from courses.cohorts.pages import own_enrolment
from courses.cohorts.ticking import StepAddress
from courses.cohorts.wording import say_state
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.i18n import current_locale

WRITTEN: frozenset[Way] = frozenset({Way.WRITE, Way.DOCUMENT, Way.UPLOAD, Way.NOTE})


@dataclass(slots=True)
class Desk:
    """What is on it. ``work`` is None until something is saved."""

    place: Place
    enrolment: Enrolment
    work: Work | None
    session: Session
    actor: Actor

    @property
    def revision(self) -> int:
        """The revision that stands, 0 before the first."""
        return self.work.revision if self.work else 0

    def begin(self) -> Work:
        """Return the work, made now if this is its first saving."""
        if self.work is None:
            self.work = Work(
                institute_id=self.enrolment.institute_id,
                enrolment_id=self.enrolment.id,
                step_id=self.place.step.id,
                text="",
                revision=1,
                saved_at=now(),
            )
            self.session.add(self.work)
            self.session.flush()
            audit.record("work.begun", actor=self.actor, subject=("work", self.work.id))
        return self.work


def open_desk(address: StepAddress, *, session: Session, actor: Actor) -> Desk:
    """Lock the actor's enrolment and return their desk for a step.

    Raises NotFoundError, WorkClosedError if the enrolment is not active, NothingToWriteError for a plain tick,
    SegmentClosedError.
    """
    enrolment = session.get_one(Enrolment, own_enrolment(actor).id, with_for_update=True)
    place = find_place(address, actor=actor)
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise WorkClosedError(state=say_state(enrolment.state))
    if not place.way.has_page:
        raise NothingToWriteError
    if place.closed:
        raise SegmentClosedError
    return Desk(place, enrolment, find_work(place, session, lock=True), session, actor)


def find_work(place: Place, session: Session, *, lock: bool = False) -> Work | None:
    """Return the work that an enrolment has for a step, or None."""
    query = select(Work).where(Work.enrolment_id == place.enrolment.id, Work.step_id == place.step.id)
    if lock:
        query = query.with_for_update()
    return session.scalar(query)


def first_text(place: Place) -> str:
    """Return what a text begins with: the template's words in the reader's language, or nothing."""
    if place.way is Way.DOCUMENT and place.material and place.material.body:
        return place.material.body.in_(current_locale())
    return ""
