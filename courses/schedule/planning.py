"""Planning a session, moving it, cancelling it, and asking for another time."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Module, ProgrammeVersion, Segment
from courses.cohorts.assigning import GONE, assigned_on
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment, EnrolmentId
from courses.schedule import errors, letters
from courses.schedule.clashes import clashes_of
from courses.schedule.models import (
    WORD_LENGTH,
    PlannedMember,
    PlannedSession,
    PlannedSessionId,
    PlanState,
)
from courses.schedule.queries import joined_planned, own_planned
from courses.schedule.sheets import CheckedPlan, PlanFacts, PlanSheet, chosen_members, read_sheet
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.people.models import Person
from institute.people.naming import name_or_number
from institute.web.forms import storable

SUBJECT: Final = "planned_session"


def uid_of(planned_id: PlannedSessionId) -> str:
    """Return the name of a planned session in calendars."""
    return f"session-{planned_id}"


def plan_session(sheet: PlanSheet, *, actor: Actor) -> tuple[PlannedSessionId | None, CheckedPlan]:
    """Plan a session with one or several whom the actor coaches; tell them.

    Returns its id, or None with what has to be mended or waved through.
    """
    with transaction() as session:
        checked = check_plan(sheet, actor=actor)
        if checked.facts is None or not checked.ready:
            return None, checked
        facts = checked.facts
        planned = PlannedSession(
            institute_id=actor.institute_id,
            cohort_id=_cohort_of(facts, session),
            coach_id=actor.person_id,
            state=PlanState.PLANNED,
            **_columns(facts),
        )
        session.add(planned)
        session.flush()
        for enrolment_id in facts.enrolment_ids:
            session.add(_member(planned, enrolment_id))
        session.flush()
        audit.record("session.planned", actor=actor, subject=(SUBJECT, planned.id))
        letters.tell_planned(planned.id, institute_id=actor.institute_id)
        return planned.id, checked


def move_session(
    planned_id: PlannedSessionId, sheet: PlanSheet, *, sequence: int, actor: Actor
) -> tuple[bool, CheckedPlan]:
    """Change a planned session; who asked for another time is answered by it.

    Returns whether it was changed, and otherwise what has to be mended. Raises NotFoundError, PlanClosedError,
    PlanStaleError if it is no longer the ``sequence`` that the form was made from.
    """
    with transaction() as session:
        planned = _own(planned_id, actor, session)
        if planned.sequence != sequence:
            raise errors.PlanStaleError
        checked = check_plan(sheet, actor=actor, but=planned_id)
        if checked.facts is None or not checked.ready:
            return False, checked
        facts = checked.facts
        before = {member.person_id for member in own_planned(planned_id, actor=actor).members}
        timed = (planned.start_utc, planned.end_utc) != (facts.starts, facts.ends)
        for name, value in _columns(facts).items():
            setattr(planned, name, value)
        planned.cohort_id = _cohort_of(facts, session)
        planned.sequence += 1
        planned.changed_at = now()
        _replace_members(planned, facts, session)
        audit.record("session.moved", actor=actor, subject=(SUBJECT, planned.id))
        letters.tell_moved(planned.id, before=before, timed=timed, institute_id=actor.institute_id)
        return True, checked


def cancel_session(planned_id: PlannedSessionId, reason: str, *, sequence: int, actor: Actor) -> None:
    """Cancel a planned session, with a word or without; tell who would come.

    Raises NotFoundError, PlanClosedError, PlanStaleError.
    """
    with transaction() as session:
        planned = _own(planned_id, actor, session)
        if planned.sequence != sequence:
            raise errors.PlanStaleError
        planned.state = PlanState.CANCELLED
        planned.sequence += 1
        planned.changed_at = now()
        planned.reason = storable(reason).strip()[:WORD_LENGTH]
        audit.record("session.cancelled", actor=actor, subject=(SUBJECT, planned.id))
        letters.tell_cancelled(planned.id, institute_id=actor.institute_id)


def keep_time(planned_id: PlannedSessionId, *, actor: Actor) -> None:
    """Answer those who asked for another time that it stays. Raises NotFoundError, PlanClosedError."""
    with transaction() as session:
        planned = _own(planned_id, actor, session)
        asking = session.scalars(
            select(PlannedMember).where(
                PlannedMember.planned_id == planned.id, PlannedMember.asked_at.is_not(None)
            )
        ).all()
        for member in asking:
            member.asked_at, member.asked = None, ""
        if asking:
            audit.record("session.kept", actor=actor, subject=(SUBJECT, planned.id))
            letters.tell_kept(
                planned.id, [member.enrolment_id for member in asking], institute_id=actor.institute_id
            )


def ask_for_another_time(planned_id: PlannedSessionId, word: str, *, actor: Actor) -> dict[str, DomainError]:
    """Let a participant ask for another time; the plan stays until the coach changes it.

    Returns what has to be mended, by field. Raises NotFoundError, PlanClosedError.
    """
    said = storable(word).strip()
    with transaction() as session:
        found = joined_planned(planned_id, actor=actor)
        if found.state is not PlanState.PLANNED or found.starts <= now():
            raise errors.PlanClosedError
        if not said:
            return {"word": errors.PlanWordError()}
        if len(said) > WORD_LENGTH:
            return {"word": errors.PlanTextError(length=len(said), most=WORD_LENGTH)}
        mine = next(one for one in found.members if one.person_id == actor.person_id)
        member = session.get_one(PlannedMember, (planned_id, mine.enrolment_id), with_for_update=True)
        member.asked_at, member.asked = now(), said
        audit.record("session.time-asked", actor=actor, subject=(SUBJECT, planned_id))
        letters.tell_asked(found, mine.enrolment_id)
        return {}


def check_plan(sheet: PlanSheet, *, actor: Actor, but: PlannedSessionId | None = None) -> CheckedPlan:
    """Return what came of a sheet, with what stands at that time already; ``but`` is the session that is moved."""
    members = chosen_members(sheet)
    people = _coached(members or (), actor)
    if members is None or set(members) - set(people):
        checked = read_sheet(sheet, (), "UTC")
        checked.refuse("members", errors.PlanMembersError())
        return checked
    zones = {(cohort.id, cohort.timezone) for _, _, cohort in people.values()}
    if len(zones) > 1:
        checked = read_sheet(sheet, members, "UTC")
        checked.refuse("members", errors.PlanCohortsError())
        return checked
    ((_, zone),) = zones
    checked = read_sheet(sheet, members, zone)
    if checked.facts is None:
        return checked
    if checked.facts.ends <= now():
        checked.refuse("day", errors.PlanPastError())
    elif set(_coached(members, actor, checked.facts.day)) != set(members):
        checked.refuse("members", errors.PlanMembersError())
    elif not _taught(checked.facts):
        checked.refuse("segment", errors.PlanSegmentError())
    else:
        named = {one: (person_id, name) for one, (person_id, name, _) in people.items()}
        own = uid_of(but) if but is not None else ""
        checked.clashes = tuple(clashes_of(checked.facts, named, but=own, actor=actor))
    return checked


def _coached(
    members: tuple[EnrolmentId, ...], actor: Actor, day: date | None = None
) -> dict[EnrolmentId, tuple[PersonId, str, Cohort]]:
    """Return those of ``members`` whom the actor coaches, ever or on a day."""
    query = (
        select(Enrolment.id, Enrolment.person_id, Person.name, Cohort)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            Enrolment.id.in_(members),
            Enrolment.institute_id == actor.institute_id,
            Enrolment.state.not_in(GONE),
            CoachAssignment.coach_id == actor.person_id,
        )
    )
    if actor.place is not None:
        query = query.where(Enrolment.cohort_id == actor.place)
    if day is not None:
        query = query.where(assigned_on(day))
    rows = db.session.execute(query)
    return {row[0]: (row[1], name_or_number(row[2], row[1]), row[3]) for row in rows}


def _taught(facts: PlanFacts) -> bool:
    if facts.segment_id is None:
        return True
    found = db.session.scalar(
        select(Segment.id)
        .join(Module, Module.id == Segment.module_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .join(Cohort, Cohort.programme_id == ProgrammeVersion.programme_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Segment.id == facts.segment_id, Enrolment.id == facts.enrolment_ids[0])
    )
    return found is not None


def _cohort_of(facts: PlanFacts, session: Session) -> CohortId:
    return session.scalars(select(Enrolment.cohort_id).where(Enrolment.id == facts.enrolment_ids[0])).one()


def _columns(facts: PlanFacts) -> dict[str, object]:
    return {
        "start_utc": facts.starts,
        "end_utc": facts.ends,
        "zone": facts.zone,
        "mode": facts.mode,
        "place": facts.place,
        "segment_id": facts.segment_id,
    }


def _member(planned: PlannedSession, enrolment_id: EnrolmentId) -> PlannedMember:
    return PlannedMember(planned_id=planned.id, enrolment_id=enrolment_id, institute_id=planned.institute_id)


def _replace_members(planned: PlannedSession, facts: PlanFacts, session: Session) -> None:
    present = {
        member.enrolment_id: member
        for member in session.scalars(select(PlannedMember).where(PlannedMember.planned_id == planned.id))
    }
    for enrolment_id, member in present.items():
        if enrolment_id in facts.enrolment_ids:
            member.asked_at, member.asked = None, ""
        else:
            session.delete(member)
    for enrolment_id in facts.enrolment_ids:
        if enrolment_id not in present:
            session.add(_member(planned, enrolment_id))
    session.flush()


def _own(planned_id: PlannedSessionId, actor: Actor, session: Session) -> PlannedSession:
    """Return a planned session of the actor's, held until the end of the transaction."""
    planned = session.get(PlannedSession, planned_id, with_for_update=True)
    mine = planned is not None and (planned.institute_id, planned.coach_id) == (
        actor.institute_id,
        actor.person_id,
    )
    if planned is None or not mine or actor.place not in {None, planned.cohort_id}:
        raise NotFoundError
    if planned.state is not PlanState.PLANNED:
        raise errors.PlanClosedError
    return planned
