"""Logging a group session: one form, a log for each who took part, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching import errors
from courses.coaching.cases import Case, find_case
from courses.coaching.groups import flush_group, is_same_group, join_group, move_group
from courses.coaching.groups_checking import GroupChecked, GroupSheet, check_group
from courses.coaching.storing import add_log, rewrite_log, take_turns, void_log
from courses.cohorts.models import Cohort, EnrolmentId
from courses.schedule.holding import note_held
from courses.schedule.models import PlannedSessionId
from courses.sessions.models import (
    SessionGroup,
    SessionGroupId,
    SessionLog,
    SessionState,
)
from courses.sessions.states import OPEN
from institute.actors import Actor, PersonId
from institute.db import db, transaction
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class GroupWritten:
    """What came of it: the group, or what has to be mended; ``stale`` where a log was changed meanwhile."""

    checked: GroupChecked
    group_id: SessionGroupId | None = None
    stale: bool = False


def log_group(
    cohort: Cohort, typed: GroupSheet, *, actor: Actor, planned_id: int | None = None
) -> GroupWritten:
    """Log a group session of people whom the actor coaches, and ask each of them to confirm their own part.

    Raises NotFoundError, OverlapAtOnceError if another log took the time meanwhile.
    """
    with transaction() as session:
        cases = _take_turns(typed, actor, session)
        checked = check_group(cohort, typed, actor=actor, logs={}, session=session)
        if not checked.fine:
            return GroupWritten(checked)
        group_id = None
        for enrolment_id, facts in checked.facts.items():
            case = cases[enrolment_id]
            group_id = join_group(case, facts, session=session, title=typed.title)
            log_id = add_log(
                case, facts, group_id=group_id, send=True, imported=None, actor=actor, session=session
            )
            if planned_id is not None:
                note_held(PlannedSessionId(planned_id), enrolment_id, log_id, actor=actor)
        return GroupWritten(checked, group_id)


def revise_group(
    group_id: SessionGroupId, typed: GroupSheet, *, versions: Mapping[int, int], actor: Actor
) -> GroupWritten:
    """Change a group session: what all share, who took part and for how long.

    A member who confirmed stays as they confirmed it, and with the first of them the times stand. ``versions`` are
    those of the logs that the sheet was made from. Raises NotFoundError, OverlapAtOnceError.
    """
    with transaction() as session:
        group = own_group(group_id, actor=actor, session=session)
        cohort = session.get_one(Cohort, group.cohort_id)
        logs = standing_logs(group_id, session=session)
        settled = {one: log for one, log in logs.items() if log.state not in OPEN}
        joined = {one: attended for one, attended in typed.members.items() if one not in settled}
        cases = _take_turns(replace(typed, members=joined), actor, session)
        checked = check_group(cohort, replace(typed, members=joined), actor=actor, logs=logs, session=session)
        if settled:
            _keep_what_stands(checked, group, joined)
        if not checked.fine:
            return GroupWritten(checked)
        if any(versions.get(log.id) != log.version for log in logs.values()):
            return GroupWritten(checked, stale=True)
        if checked.facts:
            group.title = typed.title
            move_group(group, next(iter(checked.facts.values())))
            flush_group(session)
        _write_members(group_id, checked, cases, logs, actor, session)
        for enrolment_id, log in logs.items():
            if enrolment_id not in {*joined, *settled}:
                void_log(log, actor=actor, session=session)
        return GroupWritten(checked, group_id)


def void_group(group_id: SessionGroupId, *, versions: Mapping[int, int], actor: Actor) -> None:
    """Take a group session back from everybody who has not confirmed it; those who have keep theirs.

    Raises NotFoundError, SessionChangedError if a log is another than that of ``versions``.
    """
    with transaction() as session:
        own_group(group_id, actor=actor, session=session)
        open_ones = [log for log in standing_logs(group_id, session=session).values() if log.state in OPEN]
        if any(versions.get(log.id) != log.version for log in open_ones):
            raise errors.SessionChangedError
        for log in open_ones:
            void_log(log, actor=actor, session=session)


def _write_members(  # noqa: PLR0917  (one step of the use case above)
    group_id: SessionGroupId,
    checked: GroupChecked,
    cases: Mapping[EnrolmentId, Case],
    logs: Mapping[EnrolmentId, SessionLog],
    actor: Actor,
    session: Session,
) -> None:
    for enrolment_id, facts in checked.facts.items():
        case, log = cases[enrolment_id], logs.get(enrolment_id)
        if log is None:
            add_log(case, facts, group_id=group_id, send=True, imported=None, actor=actor, session=session)
        else:
            rewrite_log(log, facts, case, group_id=group_id, send=True, actor=actor, session=session)


def own_group(group_id: SessionGroupId, *, actor: Actor, session: Session) -> SessionGroup:
    """Return a group session that the actor led and that was not taken back. Raises NotFoundError."""
    group = session.scalar(
        select(SessionGroup).where(
            SessionGroup.id == group_id,
            SessionGroup.institute_id == actor.institute_id,
            SessionGroup.coach_id == actor.person_id,
            SessionGroup.voided_at.is_(None),
        )
    )
    if group is None or actor.place not in {None, group.cohort_id}:
        raise NotFoundError
    return group


def standing_logs(group_id: SessionGroupId, *, session: Session) -> dict[EnrolmentId, SessionLog]:
    """Return the logs of a group by their enrolments, those that were taken back left out."""
    found = session.scalars(
        select(SessionLog)
        .where(SessionLog.group_id == group_id, SessionLog.state != SessionState.VOIDED)
        .order_by(SessionLog.id)
        .with_for_update()
    )
    return {log.enrolment_id: log for log in found}


@dataclass(frozen=True, slots=True)
class InGroup:
    """The group that a log is part of, and how many members it has."""

    group_id: SessionGroupId
    members: int


def section_on_log(actor: Actor, log_id: int) -> InGroup | None:
    """Return the group of a log that the actor wrote, for its page; None for other logs and for one taken back."""
    group_id = db.session.scalar(
        select(SessionLog.group_id).where(
            SessionLog.id == log_id,
            SessionLog.institute_id == actor.institute_id,
            SessionLog.coach_id == actor.person_id,
            SessionLog.state != SessionState.VOIDED,
        )
    )
    if group_id is None:
        return None
    return InGroup(group_id, len(standing_logs(group_id, session=db.session())))


def _keep_what_stands(checked: GroupChecked, group: SessionGroup, joined: Mapping[EnrolmentId, str]) -> None:
    """Refuse other times where a member confirmed; a group whose open members all left needs nobody more."""
    facts = checked.shared.facts
    if facts is not None and (
        not is_same_group(facts, group.start_utc, group.end_utc) or facts.length != group.minutes
    ):
        zone = ZoneInfo(group.zone)
        begins, ends = (instant.astimezone(zone) for instant in (group.start_utc, group.end_utc))
        checked.shared.refuse(
            "begins", errors.GroupSettledError(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
        )
    if not joined:
        checked.shared.problems.pop("members", None)


def _take_turns(typed: GroupSheet, actor: Actor, session: Session) -> dict[EnrolmentId, Case]:
    cases = {one: find_case(one, actor=actor, session=session) for one in typed.members}
    people: set[PersonId] = {case.participant_id for case in cases.values()}
    if actor.person_id is not None:
        people.add(actor.person_id)
    take_turns(*people, session=session)
    return cases
