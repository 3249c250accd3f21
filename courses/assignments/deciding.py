"""A coordinator's decisions: who coaches whom from when, until when, and why that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from courses.assignments import concerns, errors, letters
from courses.assignments.models import ConcernId
from courses.assignments.staff import coach_lines
from courses.coaches.errors import CoachNotQualifiedError
from courses.coaches.periods import typed_day
from courses.cohorts.assigning import (
    assign_coach,
    assignment_from,
    end_assignment,
    find_assignment,
    local_day,
    move_end,
)
from courses.cohorts.coordinating import sees
from courses.cohorts.errors import (
    AssignmentEndError,
    AssignmentOrderError,
    CoachInConflictError,
    CoachIsParticipantError,
    CoachSupervisesError,
)
from courses.cohorts.models import CoachAssignment, CoachAssignmentId, Enrolment, EnrolmentId
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.web.forms import storable

REASON_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class AssignSheet:
    """The form of an assignment, as it was typed."""

    coach: str = ""
    since: str = ""
    ends_on: str = ""
    last_day: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> AssignSheet:
        """Take the fields of a form."""
        return cls(
            **{name: storable(form.get(name, "")).strip()[:20_000] for name in cls.__dataclass_fields__}
        )


@dataclass
class AssignChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: AssignSheet
    problems: dict[str, DomainError] = field(default_factory=dict)

    def day(self, name: str, *, needed: bool) -> date | None:
        """Return the day of a field, and note where it is none."""
        text: str = getattr(self.sheet, name)
        day = typed_day(text) if text else None
        if day is None and (text or needed):
            self.problems[name] = errors.DayError()
        return day

    def reason(self, *, needed: bool) -> str:
        """Return the reason, and note where it is none or too long."""
        text = self.sheet.reason
        if needed and not text:
            self.problems["reason"] = errors.ReasonMissingError()
        elif len(text) > REASON_LENGTH:
            self.problems["reason"] = errors.WordsTooLongError(length=len(text), most=REASON_LENGTH)
        return text

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def assign(
    enrolment_id: EnrolmentId, sheet: AssignSheet, *, concern_id: ConcernId | None = None, actor: Actor
) -> AssignChecked:
    """Assign a coach, or another one with a reason; nothing happens where something is wrong.

    Both are told by mail. ``concern_id`` is a concern that ends with this. Raises NotFoundError for what the
    coordinator does not see.
    """
    with transaction() as session:
        enrolment = _enrolment(enrolment_id, actor, session)
        checked = AssignChecked(sheet)
        since = checked.day("since", needed=True)
        ends_on = checked.day("ends_on", needed=False)
        present = assignment_from(enrolment_id, since, session=session) if since else None
        reason = checked.reason(needed=present is not None)
        coach_id = _chosen(sheet.coach, actor)
        if coach_id is None:
            checked.problems["coach"] = errors.CoachMissingError()
        if since and ends_on and ends_on < since:
            checked.problems["ends_on"] = AssignmentEndError(since=since)
        if checked.problems or since is None or coach_id is None:
            return checked
        try:
            assignment_id = assign_coach(
                enrolment_id, coach_id, since=since, ends_on=ends_on, reason=reason, actor=actor
            )
        except AssignmentOrderError as error:
            checked.problems["since"] = error
            return checked
        except (
            CoachNotQualifiedError,
            CoachInConflictError,
            CoachIsParticipantError,
            CoachSupervisesError,
        ) as error:
            checked.problems["coach"] = error
            return checked
        if ends_on is None:  # an empty field means no end, whatever the programme proposes
            move_end(assignment_id, None, actor=actor)
        if concern_id is not None:
            concerns.end_by_reassigning(concern_id, enrolment_id, reason, actor=actor)
        letters.tell_assigned(assignment_id, enrolment.person_id, coach_id, institute_id=actor.institute_id)
        return checked


def end(assignment_id: CoachAssignmentId, sheet: AssignSheet, *, actor: Actor) -> AssignChecked:
    """End an assignment with its last day and a reason. Raises NotFoundError, AssignmentEndedError."""
    with transaction() as session:
        assignment = _assignment(assignment_id, actor, session)
        checked = AssignChecked(sheet)
        last_day, reason = checked.day("last_day", needed=True), checked.reason(needed=True)
        if last_day is not None and last_day < assignment.since:
            checked.problems["last_day"] = AssignmentEndError(since=assignment.since)
        if not checked.problems:
            end_assignment(assignment_id, last_day=last_day, reason=reason, actor=actor)
        return checked


def extend(assignment_id: CoachAssignmentId, sheet: AssignSheet, *, actor: Actor) -> AssignChecked:
    """Agree on another end of the span, or on none. Raises NotFoundError, AssignmentEndedError."""
    with transaction() as session:
        assignment = _assignment(assignment_id, actor, session)
        checked = AssignChecked(sheet)
        ends_on = checked.day("ends_on", needed=False)
        if ends_on is not None and ends_on < assignment.since:
            checked.problems["ends_on"] = AssignmentEndError(since=assignment.since)
        if not checked.problems:
            move_end(assignment_id, ends_on, actor=actor)
        return checked


def today_of(enrolment: Enrolment) -> date:
    """Return the day it is in an enrolment's cohort."""
    return local_day(enrolment.cohort.timezone)


def enrolment_of_assignment(assignment_id: CoachAssignmentId, *, actor: Actor) -> EnrolmentId:
    """Return whose assignment it is. Raises NotFoundError for what the coordinator does not see."""
    return _assignment(assignment_id, actor, db.session()).enrolment_id


def _enrolment(enrolment_id: EnrolmentId, actor: Actor, session: Session) -> Enrolment:
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or not sees(enrolment_id, actor):
        raise NotFoundError
    return enrolment


def _assignment(assignment_id: CoachAssignmentId, actor: Actor, session: Session) -> CoachAssignment:
    assignment = find_assignment(assignment_id, actor=actor, session=session)
    if not sees(assignment.enrolment_id, actor):
        raise NotFoundError
    return assignment


def _chosen(text: str, actor: Actor) -> PersonId | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004  (fits a key)
        return None
    return next((line.person_id for line in coach_lines(actor) if line.person_id == int(text)), None)
