"""What only some rules ask for: gathered where the rules at hand do, a query or two for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from certificates.calibration.qualified import until_of
from certificates.levels.eligibility import is_narrowed
from certificates.levels.facts import SessionFact
from certificates.levels.rules import Rule, RuleKind
from certificates.rubrics.models import Criterion
from certificates.scoring.outcomes.queries import results_of
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease
from courses.coaches.qualifying import standings_of
from courses.coaches.standings import Met
from courses.cohorts.assigning import local_day
from courses.cohorts.models import CoachAssignment, EnrolmentId
from courses.hours.explaining import explain_enrolment
from courses.meetings.attendance import counted_of
from courses.meetings.models import Meeting, MeetingKind
from courses.plans.models import PlanGoal
from courses.sessions.models import SessionGroup, SessionLog, SessionState
from courses.surveys.models import SurveyResponse
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.linking import rows_of, same_people, same_person
from institute.people.models import Supervision

_SUMMED: Final = frozenset({RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS})
CONFIRMED: Final = (SessionState.CONFIRMED, SessionState.LOCKED)
IN_FORCE: Final = frozenset({Met.MET, Met.WAIVED, Met.EXPIRING})


def gather_further(
    rules: Iterable[Rule],
    *,
    institute_id: InstituteId,
    person_id: PersonId,
    enrolment_id: EnrolmentId | None,
    today: date,
    zone: str,
) -> dict[str, Any]:
    """Return what these rules ask for beyond hours, modules and evidence, as ``Facts`` takes it.

    ``today`` is the day in the ``zone`` of the candidacy.
    """
    asked = _flat(rules)
    kinds = {rule.kind for rule in asked}
    gathered: dict[str, Any] = {}
    if enrolment_id is not None:
        gathered = _of_enrolment(asked, kinds, enrolment_id, person_id, today)
    else:
        gathered = _of_coach(kinds, institute_id, person_id)
    if kinds & {RuleKind.COACHED_HOURS, RuleKind.COACHED_PEOPLE}:
        gathered["coached"] = _coached(institute_id, person_id)
    if RuleKind.MEETINGS in kinds:
        gathered["meetings"] = _meetings(institute_id, person_id, zone)
    if RuleKind.QUALIFICATION in kinds:
        lines = standings_of([person_id], institute_id=institute_id, on=today)[person_id].lines
        gathered["qualifications"] = frozenset(line.requirement.key for line in lines if line.met in IN_FORCE)
    if RuleKind.CALIBRATION in kinds:
        rubrics = {rule.key for rule in asked if rule.kind is RuleKind.CALIBRATION}
        untils = {key: until_of(person_id, key, on=today) for key in rubrics}
        gathered["calibrations"] = {key: until for key, until in untils.items() if until is not None}
    return gathered


def _flat(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules and those that are hidden in a choice between several."""
    return [one for rule in rules for one in (rule, *rule.one_of)]


def _of_enrolment(
    asked: list[Rule], kinds: set[RuleKind], enrolment_id: EnrolmentId, person_id: PersonId, today: date
) -> dict[str, Any]:
    """Return what is asked of somebody who takes part in a cohort."""
    gathered: dict[str, Any] = {}
    if any(_picks_sessions(rule) for rule in asked):
        gathered["sessions"] = _sessions(enrolment_id)
    if RuleKind.SCORE in kinds:
        gathered["scores"] = _scores(enrolment_id)
    if RuleKind.COMPETENCY in kinds:
        gathered["competencies"] = _competencies(enrolment_id)
    wanted: Mapping[RuleKind, tuple[str, Callable[[], Any]]] = {
        RuleKind.INSTRUMENT: ("stages", lambda: _stages(enrolment_id, person_id)),
        RuleKind.PLAN: ("goals_reached", lambda: _goals_reached(enrolment_id)),
        RuleKind.NOT_SUPERVISED: ("supervised", lambda: _is_supervised(enrolment_id, person_id, today)),
    }
    return gathered | {name: find() for kind, (name, find) in wanted.items() if kind in kinds}


def _of_coach(kinds: set[RuleKind], institute_id: InstituteId, person_id: PersonId) -> dict[str, Any]:
    """Return what is asked of somebody in the role of a coach: their sessions are those that they gave."""
    gathered: dict[str, Any] = {}
    if RuleKind.SESSIONS in kinds:
        gathered["sessions"] = _coached(institute_id, person_id)
    if RuleKind.DISPUTE_FREE in kinds:
        gathered["disputed"] = _disputed_of_coach(institute_id, person_id)
    return gathered


def _picks_sessions(rule: Rule) -> bool:
    """Tell whether a rule asks for single sessions that were had, which sums do not tell of."""
    return rule.kind is RuleKind.SESSIONS or (is_narrowed(rule) and rule.kind in _SUMMED)


def _sessions(enrolment_id: EnrolmentId) -> tuple[SessionFact, ...]:
    """Return the confirmed sessions with what counts of each: limits hold as they do for all hours."""
    explained = explain_enrolment(enrolment_id)
    rows = db.session.execute(
        select(SessionLog.id, SessionLog.local_day, SessionLog.kind, SessionLog.mode, SessionLog.coach_id)
        .where(SessionLog.enrolment_id == enrolment_id, SessionLog.state.in_(CONFIRMED))
        .order_by(SessionLog.local_day, SessionLog.id)
    )
    return tuple(
        SessionFact(
            row.local_day, explained[row.id].counted, row.kind, row.mode, frozenset({int(row.coach_id)})
        )
        for row in rows
        if row.id in explained
    )


def _coached(institute_id: InstituteId, person_id: PersonId) -> tuple[SessionFact, ...]:
    """Return what somebody gave as a coach: a group's time once, with all who confirmed that they were there."""
    rows = db.session.execute(
        select(
            SessionLog.id,
            SessionLog.group_id,
            SessionLog.local_day,
            func.coalesce(SessionGroup.minutes, SessionLog.minutes).label("minutes"),
            SessionLog.kind,
            SessionLog.mode,
            SessionLog.participant_id,
        )
        .outerjoin(SessionGroup, SessionGroup.id == SessionLog.group_id)
        .where(
            SessionLog.institute_id == institute_id,
            SessionLog.coach_id.in_(same_person(person_id)),
            SessionLog.state.in_(CONFIRMED),
        )
        .order_by(SessionLog.local_day, SessionLog.id)
    ).all()
    accounts = same_people({row.participant_id for row in rows})
    together: dict[tuple[bool, int], list[Any]] = defaultdict(list)
    for row in rows:
        together[row.group_id is not None, row.group_id or row.id].append(row)
    return tuple(
        SessionFact(
            logs[0].local_day,
            logs[0].minutes,
            logs[0].kind,
            logs[0].mode,
            frozenset(min(accounts[log.participant_id]) for log in logs),
        )
        for logs in together.values()
    )


def _disputed_of_coach(institute_id: InstituteId, person_id: PersonId) -> int:
    disputed = select(func.count(SessionLog.id)).where(
        SessionLog.institute_id == institute_id,
        SessionLog.coach_id.in_(same_person(person_id)),
        SessionLog.state == SessionState.DISPUTED,
    )
    return db.session.scalar(disputed) or 0


def _meetings(
    institute_id: InstituteId, person_id: PersonId, zone: str
) -> dict[MeetingKind, tuple[date, ...]]:
    """Return the days of meetings that were attended or made up for, at least in half, by kind; each meeting once."""
    found: dict[MeetingKind, list[date]] = defaultdict(list)
    for one in counted_of(person_id, Meeting.institute_id == institute_id).values():
        if one.minutes * 2 >= one.length:
            found[one.kind].append(local_day(zone, one.starts))
    return {kind: tuple(days) for kind, days in found.items()}


def _scores(enrolment_id: EnrolmentId) -> dict[str, Fraction]:
    scores: dict[str, Fraction] = {}
    for key, result in results_of(enrolment_id).items():
        scores[key] = result.score
        scores |= {f"{key}/{criterion}": level for criterion, level in result.criteria.items()}
    return scores


def _competencies(enrolment_id: EnrolmentId) -> dict[str, Fraction]:
    """Return the lowest level of each element that a criterion of the latest released scores belongs to."""
    submissions = [one.submission_id for one in results_of(enrolment_id).values()]
    latest = (
        select(func.max(ScoreRelease.id))
        .where(ScoreRelease.submission_id.in_(submissions))
        .group_by(ScoreRelease.submission_id)
    )
    rows = db.session.execute(
        select(Criterion.element, CriterionScore.level_numerator, CriterionScore.level_denominator)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .where(
            CriterionScore.release_id.in_(latest),
        )
    )
    # What was given a condition instead of a level has no number.
    lowest: dict[str, Fraction] = {}
    for element, numerator, denominator in rows:
        if element is not None and numerator is not None:
            level = Fraction(numerator, denominator)
            lowest[element] = min(level, lowest.get(element, level))
    return lowest


def _stages(enrolment_id: EnrolmentId, person_id: PersonId) -> frozenset[str]:
    rows = db.session.scalars(
        select(SurveyResponse.stage).where(
            SurveyResponse.enrolment_id == enrolment_id,
            SurveyResponse.respondent_id.in_(same_person(person_id)),
            SurveyResponse.sent_at.is_not(None),
        )
    )
    return frozenset(str(stage) for stage in rows)


def _goals_reached(enrolment_id: EnrolmentId) -> int:
    reached = select(func.count(PlanGoal.id)).where(
        PlanGoal.enrolment_id == enrolment_id,
        PlanGoal.reached_at.is_not(None),
        PlanGoal.removed_at.is_(None),
    )
    return db.session.scalar(reached) or 0


def _is_supervised(enrolment_id: EnrolmentId, person_id: PersonId, today: date) -> bool:
    """Tell whether a coach of this enrolment, of today or of before, directs the person's work today."""
    coaches = db.session.scalars(
        select(CoachAssignment.coach_id).where(CoachAssignment.enrolment_id == enrolment_id)
    )
    directing = rows_of(coaches)
    stands: tuple[ColumnElement[bool], ...] = (
        Supervision.supervisor_id.in_(directing),
        Supervision.subordinate_id.in_(same_person(person_id)),
        Supervision.since <= today,
        or_(Supervision.until.is_(None), Supervision.until >= today),
    )
    return db.session.scalar(select(Supervision.id).where(*stands).limit(1)) is not None
