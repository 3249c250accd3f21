"""Making meetings, one or a series with one form; changing and cancelling them."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Programme
from courses.cohorts.models import Cohort
from courses.frameworks.queries import named
from courses.meetings import errors
from courses.meetings.audience import find_led, may_lead
from courses.meetings.letters import tell_cancelled, tell_changed
from courses.meetings.models import (
    TEXT_LENGTH,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingSeries,
    MeetingSeriesId,
    Presence,
)
from courses.meetings.registering import move_up
from courses.meetings.sheets import Checked, MeetingFacts, Sheet, check_sheet
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.people.models import Institute

CALENDAR: Final = ("starts", "ends", "title", "place", "link", "kind")


def make_meetings(sheet: Sheet, *, actor: Actor) -> tuple[Checked, list[MeetingId]]:
    """Make a meeting for each day of a sheet, a series where there are several; return what came of it.

    Times are read on the clock of the cohort, or of the institute. Raises NotFoundError for a cohort or programme
    that is not the actor's to make meetings for.
    """
    with transaction() as session:
        checked = _check(sheet, actor=actor, session=session)
        facts = checked.facts
        if facts is None:
            return checked, []
        series_id = _begin_series(session, actor) if len(facts.times) > 1 else None
        made = [
            _make(facts, number, series_id, session=session, actor=actor)
            for number in range(len(facts.times))
        ]
        return checked, made


def change_meeting(
    meeting_id: MeetingId, sheet: Sheet, *, version: int, actor: Actor
) -> dict[str, DomainError]:
    """Change a meeting; return what has to be mended, by field. Who is registered is told of another time or place.

    Raises NotFoundError, MeetingChangedError if it is not of ``version``, MeetingCancelledError, and MeetingHeldError
    where people attended and the times would become others.
    """
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        _refuse_settled(meeting, version)
        checked = _check(sheet, actor=actor, session=session, zone=meeting.zone)
        facts = checked.facts
        if facts is not None and len(facts.times) > 1:
            checked.refuse("day", errors.DayError())
        if facts is not None and facts.capacity is not None and facts.capacity < meeting.taken:
            checked.refuse("capacity", errors.CapacityTakenError(taken=meeting.taken))
        if facts is None or checked.problems:
            return checked.problems
        starts, ends = facts.times[0]
        moved = (starts, ends) != (meeting.starts, meeting.ends)
        if moved and was_held(meeting, session):
            raise errors.MeetingHeldError
        values = _values(facts) | {"starts": starts, "ends": ends}
        before = {name: getattr(meeting, name) for name in CALENDAR}
        told = any(before[name] != values[name] for name in ("starts", "ends", "place", "link"))
        for name, value in values.items():
            setattr(meeting, name, value)
        meeting.version += 1
        meeting.sequence += any(before[name] != values[name] for name in CALENDAR)
        session.flush()
        move_up(meeting, session=session)
        audit.record("meeting.changed", actor=actor, subject=("meeting", meeting_id))
        if told and meeting.ends > now():
            tell_changed(meeting, session=session)
        return {}


def cancel_meeting(
    meeting_id: MeetingId, reason: str, *, version: int, actor: Actor
) -> dict[str, DomainError]:
    """Cancel a meeting and tell everybody who has or waits for a place why; return what has to be mended.

    Raises as ``change_meeting``; what people attended is never cancelled.
    """
    with transaction() as session:
        meeting = find_led(meeting_id, actor=actor, session=session, lock=True)
        if meeting.cancelled_at is not None:
            return {}
        _refuse_settled(meeting, version)
        if was_held(meeting, session):
            raise errors.MeetingHeldError
        if not reason:
            return {"reason": errors.ReasonMissingError()}
        if len(reason) > TEXT_LENGTH:
            return {"reason": errors.TextLengthError(length=len(reason), most=TEXT_LENGTH)}
        meeting.cancelled_at, meeting.cancel_reason = now(), reason
        meeting.version += 1
        meeting.sequence += 1
        session.flush()
        audit.record("meeting.cancelled", actor=actor, subject=("meeting", meeting_id))
        tell_cancelled(meeting, session=session)
        return {}


def was_held(meeting: Meeting, session: Session) -> bool:
    """Tell whether somebody is recorded as having been there."""
    found = session.scalar(
        select(MeetingAttendance.id)
        .where(MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.presence == Presence.PRESENT)
        .limit(1)
    )
    return found is not None


def zone_for(sheet: Sheet, *, actor: Actor) -> str:
    """Return the zone on whose clock a sheet's times are read: that of its cohort, else the institute's."""
    what, _, number = sheet.scope.partition("-")
    if what == "cohort" and number.isascii() and number.isdigit() and len(number) < 10:  # noqa: PLR2004  (digits of an id)
        found = db.session.scalar(
            select(Cohort.timezone).where(Cohort.id == int(number), Cohort.institute_id == actor.institute_id)
        )
        if found is not None:
            return found
    return db.session.get_one(Institute, actor.institute_id).timezone


def _check(sheet: Sheet, *, actor: Actor, session: Session, zone: str | None = None) -> Checked:
    checked = check_sheet(sheet, zone=zone or zone_for(sheet, actor=actor))
    facts = checked.facts
    if facts is None:
        return checked
    _refuse_foreign(facts, actor=actor, session=session)
    for name, chosen in (("topic", facts.topics), ("competency", facts.competencies)):
        found = named(actor.institute_id, chosen)
        if not all(one.known for one in found.values()):
            checked.refuse(name, errors.UnknownChoiceError())
    if checked.problems:
        checked.facts = None
    return checked


def _refuse_foreign(facts: MeetingFacts, *, actor: Actor, session: Session) -> None:
    """Refuse a cohort or programme of somebody else's, and any but the open cohort for a facilitator."""
    if facts.cohort_id is not None:
        cohort = session.get(Cohort, facts.cohort_id)
        if cohort is None or cohort.institute_id != actor.institute_id:
            raise NotFoundError
    if facts.programme_id is not None:
        programme = session.get(Programme, facts.programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
    if not may_lead(facts.cohort_id, actor):
        raise NotFoundError


def _begin_series(session: Session, actor: Actor) -> MeetingSeriesId:
    series = MeetingSeries(institute_id=actor.institute_id)
    session.add(series)
    session.flush()
    return series.id


def _make(
    facts: MeetingFacts, number: int, series_id: MeetingSeriesId | None, *, session: Session, actor: Actor
) -> MeetingId:
    starts, ends = facts.times[number]
    meeting = Meeting(
        institute_id=actor.institute_id,
        series_id=series_id,
        key=_free_key(facts, number, actor=actor, session=session),
        starts=starts,
        ends=ends,
        zone=facts.zone,
        created_by=actor.person_id,
        **_values(facts),
    )
    session.add(meeting)
    session.flush()
    audit.record("meeting.made", actor=actor, subject=("meeting", meeting.id))
    return meeting.id


def _free_key(facts: MeetingFacts, number: int, *, actor: Actor, session: Session) -> str:
    """Return a key that a file can name, such as ``coach-2026-10-15``; a second one of that day is numbered."""
    day = facts.times[number][0].astimezone(ZoneInfo(facts.zone)).date()
    plain = f"{facts.kind.replace('_', '-')}-{day.isoformat()}"
    taken = set(
        session.scalars(
            select(Meeting.key).where(
                Meeting.institute_id == actor.institute_id, Meeting.key.startswith(plain)
            )
        )
    )
    count = 1
    while (key := plain if count == 1 else f"{plain}-{count}") in taken:
        count += 1
    return key


def _values(facts: MeetingFacts) -> dict[str, Any]:
    names = ("kind", "audience", "cohort_id", "programme_id", "title", "place", "link", "capacity")
    found: dict[str, Any] = {name: getattr(facts, name) for name in (*names, "description", "requirement")}
    return found | {"topics": list(facts.topics), "competencies": list(facts.competencies)}


def _refuse_settled(meeting: Meeting, version: int) -> None:
    if meeting.cancelled_at is not None:
        raise errors.MeetingCancelledError
    if meeting.version != version:
        raise errors.MeetingChangedError
