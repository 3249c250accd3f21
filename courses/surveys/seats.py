"""A seat: from which side somebody answers, about which enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import ProgrammeVersionId, Purpose
from courses.cohorts.assigning import local_day
from courses.cohorts.members import coached_today
from courses.cohorts.models import CohortId, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import EnrolmentHere, enrolment_here
from courses.cohorts.rosters import Member
from courses.cohorts.wording import say_state
from courses.surveys.errors import SurveyPausedError
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised

ANSWERING: Final = (EnrolmentState.ACTIVE, EnrolmentState.COMPLETED)


class Side(StrEnum):
    """From where somebody answers."""

    PARTICIPANT = "participant"
    COACH = "coach"


ASKED: Final[dict[Side, frozenset[Purpose]]] = {
    Side.PARTICIPANT: frozenset({Purpose.REFLECTION, Purpose.RELATIONSHIP_PARTICIPANT, Purpose.EVALUATION}),
    Side.COACH: frozenset({Purpose.RELATIONSHIP_COACH, Purpose.EVALUATION}),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """Who answers (``person_id``), about the enrolment of whom (``name``, empty for one's own).

    ``joined`` is the day of the enrolment and ``today`` this day, both in the zone of the cohort.
    """

    side: Side
    person_id: PersonId
    name: str
    institute_id: InstituteId
    enrolment_id: EnrolmentId
    state: EnrolmentState
    version_id: ProgrammeVersionId
    cohort_id: CohortId
    cohort_name: Localised
    timezone: str
    starts: date
    joined: date
    today: date

    def refuse_paused(self) -> None:
        """Raise SurveyPausedError unless the enrolment is active or completed."""
        if self.state not in ANSWERING:
            raise SurveyPausedError(state=say_state(self.state))


def own_seat(actor: Actor) -> Seat:
    """Return the participant's seat. Raises NotFoundError without an enrolment."""
    here = own_enrolment(actor)
    return _seat(here, Side.PARTICIPANT, here.person_id, "")


def coach_seat(enrolment_id: EnrolmentId, *, actor: Actor) -> Seat:
    """Return the seat of a coach beside somebody whom they coach today. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    if actor.person_id is None:
        raise NotFoundError
    enrolment = db.session.get_one(Enrolment, member.enrolment_id)
    return _seat(enrolment_here(enrolment), Side.COACH, actor.person_id, member.name)


def coach_seats(members: Sequence[Member], coach_id: PersonId) -> list[Seat]:
    """Return the seats of a coach beside those whom the caller found to be coached by them, in one query."""
    ids = [member.enrolment_id for member in members]
    rows = db.session.scalars(
        select(Enrolment).where(Enrolment.id.in_(ids)).options(joinedload(Enrolment.cohort))
    )
    enrolments = {row.id: enrolment_here(row) for row in rows}
    return [_seat(enrolments[member.enrolment_id], Side.COACH, coach_id, member.name) for member in members]


def _seat(enrolment: EnrolmentHere, side: Side, person_id: PersonId, name: str) -> Seat:
    return Seat(
        side=side,
        person_id=person_id,
        name=name,
        institute_id=enrolment.institute_id,
        enrolment_id=enrolment.id,
        state=enrolment.state,
        version_id=enrolment.version_id,
        cohort_id=enrolment.cohort_id,
        cohort_name=enrolment.cohort_name,
        timezone=enrolment.timezone,
        starts=enrolment.starts,
        joined=local_day(enrolment.timezone, enrolment.created_at),
        today=local_day(enrolment.timezone),
    )
