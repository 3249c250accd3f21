"""The goals of a plan with all that belongs to them, as the person or their coach reads them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from courses.cohorts.assigning import local_day
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.cohorts.queries import EnrolmentHere
from courses.frameworks.queries import Named, named
from courses.plans.areas import Answered, read_answers
from courses.plans.models import (
    PlanAction,
    PlanActionId,
    PlanEvidence,
    PlanEvidenceId,
    PlanGoal,
    PlanGoalId,
    PlanKind,
)
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.i18n import Localised, current_locale


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action. ``late`` is one that is open after its day."""

    id: PlanActionId
    goal_id: PlanGoalId
    text: str
    due: date | None
    done_at: datetime | None
    revision: int
    by_coach: bool
    late: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Evidence of a goal: an address, or a file where ``url`` is empty."""

    id: PlanEvidenceId
    goal_id: PlanGoalId
    label: str
    url: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with its actions: open ones first, by their day; its competencies, and what shows it."""

    id: PlanGoalId
    text: str
    area: Localised | None
    answers: tuple[Answered, ...]
    revision: int
    reached_at: datetime | None
    actions: tuple[ActionLine, ...]
    kind: PlanKind = PlanKind.PDP
    due: date | None = None
    late: bool = False
    competencies: tuple[Named, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose goals are read by whom: ``person_id`` is set for the person themselves, ``coach_id`` for their coach."""

    enrolment_id: EnrolmentId
    institute_id: InstituteId
    person_id: PersonId | None
    timezone: str
    coach_id: int | None = None

    def is_by_coach(self, added_by: PersonId) -> bool:
        """Tell whether the other side added something: for the person, everybody else; for the coach, themselves."""
        return added_by != self.person_id if self.person_id is not None else added_by == self.coach_id


def load_goals(enrolment: EnrolmentHere | Enrolment, kind: PlanKind | None = None) -> list[GoalLine]:
    """Return the goals of a person's own plan, or of both for None, in a few queries."""
    zone = enrolment.cohort.timezone if isinstance(enrolment, Enrolment) else enrolment.timezone
    reader = Reader(enrolment.id, enrolment.institute_id, enrolment.person_id, zone)
    return read_goals(reader, kind)


def goals_for_log(enrolment_id: EnrolmentId, institute_id: InstituteId) -> list[str]:
    """Return the open goals of somebody, as the form of a log offers them."""
    rows = db.session.execute(
        select(PlanGoal.text, PlanGoal.area)
        .where(
            PlanGoal.enrolment_id == enrolment_id,
            PlanGoal.institute_id == institute_id,
            PlanGoal.removed_at.is_(None),
            PlanGoal.reached_at.is_(None),
        )
        .order_by(PlanGoal.rank, PlanGoal.id)
    )
    return [text or (area.in_(current_locale()) if area else "") for text, area in rows]


def read_goals(reader: Reader, kind: PlanKind | None = None) -> list[GoalLine]:
    """Return the goals that a reader sees, of one plan or of both for None."""
    query = select(PlanGoal).where(
        PlanGoal.enrolment_id == reader.enrolment_id, PlanGoal.removed_at.is_(None)
    )
    if kind is not None:
        query = query.where(PlanGoal.kind == kind)
    goals = db.session.scalars(query.order_by(PlanGoal.rank, PlanGoal.id)).all()
    today = local_day(reader.timezone)
    actions = _actions(reader, today)
    evidence = _evidence(reader.enrolment_id)
    names = named(reader.institute_id, [address for goal in goals for address in goal.elements])
    return [
        GoalLine(
            id=goal.id,
            text=goal.text,
            area=goal.area,
            answers=read_answers(goal.answers),
            revision=goal.revision,
            reached_at=goal.reached_at,
            actions=tuple(sorted(actions[goal.id], key=urgency)),
            kind=goal.kind,
            due=goal.due,
            late=goal.reached_at is None and goal.due is not None and goal.due < today,
            competencies=tuple(names[address] for address in goal.elements),
            evidence=tuple(evidence[goal.id]),
        )
        for goal in goals
    ]


def open_work(enrolment: EnrolmentHere) -> tuple[int, list[ActionLine]]:
    """Return how many goals of a person's own plans are not reached yet, and their open actions, in one query."""
    query: Select[*tuple[Any, ...]] = (
        select(PlanGoal.id, PlanAction)
        .outerjoin(
            PlanAction,
            (PlanAction.goal_id == PlanGoal.id)
            & PlanAction.removed_at.is_(None)
            & PlanAction.done_at.is_(None),
        )
        .where(
            PlanGoal.enrolment_id == enrolment.id,
            PlanGoal.removed_at.is_(None),
            PlanGoal.reached_at.is_(None),
        )
    )
    rows = db.session.execute(query).all()
    reader = Reader(enrolment.id, enrolment.institute_id, enrolment.person_id, enrolment.timezone)
    today = local_day(enrolment.timezone)
    found = [_action(action, reader, today) for _, action in rows if action is not None]
    return len({goal_id for goal_id, _ in rows}), sorted(found, key=urgency)


def _actions(reader: Reader, today: date) -> dict[PlanGoalId, list[ActionLine]]:
    rows = db.session.scalars(
        select(PlanAction)
        .join(PlanGoal, PlanGoal.id == PlanAction.goal_id)
        .where(PlanGoal.enrolment_id == reader.enrolment_id, PlanAction.removed_at.is_(None))
    )
    found: dict[PlanGoalId, list[ActionLine]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(_action(row, reader, today))
    return found


def _action(row: PlanAction, reader: Reader, today: date) -> ActionLine:
    by_coach = reader.is_by_coach(row.added_by)
    late = row.done_at is None and row.due is not None and row.due < today
    return ActionLine(row.id, row.goal_id, row.text, row.due, row.done_at, row.revision, by_coach, late)


def _evidence(enrolment_id: EnrolmentId) -> dict[PlanGoalId, list[EvidenceLine]]:
    rows = db.session.scalars(
        select(PlanEvidence)
        .join(PlanGoal, PlanGoal.id == PlanEvidence.goal_id)
        .where(PlanGoal.enrolment_id == enrolment_id, PlanEvidence.removed_at.is_(None))
        .order_by(PlanEvidence.id)
    )
    found: dict[PlanGoalId, list[EvidenceLine]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(EvidenceLine(row.id, row.goal_id, row.label, row.url or "", row.created_at))
    return found


def urgency(action: ActionLine) -> tuple[bool, date, int]:
    """Return by what actions are ordered: open ones first, by their day."""
    return action.done_at is not None, action.due or date.max, action.id
