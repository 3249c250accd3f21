"""Reading a plan: for the person whose it is, and for their coach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from courses.cohorts.assigning import local_day
from courses.cohorts.members import coached_today
from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from courses.cohorts.rosters import Member
from courses.plans.areas import Answered, read_answers
from courses.plans.models import PlanAction, PlanActionId, PlanGoal, PlanGoalId
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


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
class GoalLine:
    """A goal with its actions: open ones first, by their day."""

    id: PlanGoalId
    text: str
    area: Localised | None
    answers: tuple[Answered, ...]
    revision: int
    reached_at: datetime | None
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A participant's own plan: what is to be reached, and what is."""

    enrolment: EnrolmentHere
    goals: tuple[GoalLine, ...]
    reached: tuple[GoalLine, ...]


@dataclass(frozen=True, slots=True)
class GoalPage:
    """One goal of the participant's own plan."""

    enrolment: EnrolmentHere
    goal: GoalLine


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action of the participant's own plan."""

    enrolment: EnrolmentHere
    goal: GoalLine
    action: ActionLine


@dataclass(frozen=True, slots=True)
class CoachedPlan:
    """The plan of somebody, as their coach of today reads it."""

    member: Member
    goals: tuple[GoalLine, ...]
    reached: tuple[GoalLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPanel:
    """What a participant's home says of their plan."""

    goals: int
    open_actions: int
    next_action: ActionLine | None


@dataclass(frozen=True, slots=True)
class OpenActions:
    """The open actions of a plan, the most urgent first."""

    enrolment_id: EnrolmentId
    actions: tuple[ActionLine, ...]


def plan_page(actor: Actor) -> PlanPage:
    """Return the participant's own plan. Raises NotFoundError without an enrolment."""
    enrolment = own_enrolment(actor)
    goals = _load_goals(enrolment.id, enrolment.person_id, enrolment.timezone)
    return PlanPage(enrolment, *_parted(goals))


def plan_panel(actor: Actor) -> PlanPanel | None:
    """Return what the home says of the participant's plan; None without an enrolment."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    goals, _ = _parted(_load_goals(enrolment.id, enrolment.person_id, enrolment.timezone))
    found = _open_of(goals)
    return PlanPanel(len(goals), len(found), found[0] if found else None)


def goal_page(goal_id: PlanGoalId, *, actor: Actor) -> GoalPage:
    """Return one goal of the participant's own plan. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    for goal in _load_goals(enrolment.id, enrolment.person_id, enrolment.timezone):
        if goal.id == goal_id:
            return GoalPage(enrolment, goal)
    raise NotFoundError


def action_page(action_id: PlanActionId, *, actor: Actor) -> ActionPage:
    """Return one action of the participant's own plan. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    for goal in _load_goals(enrolment.id, enrolment.person_id, enrolment.timezone):
        for action in goal.actions:
            if action.id == action_id:
                return ActionPage(enrolment, goal, action)
    raise NotFoundError


def coached_plan(enrolment_id: EnrolmentId, *, actor: Actor) -> CoachedPlan:
    """Return the plan of somebody whom the actor coaches today. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    goals = _load_goals(enrolment_id, None, member.timezone, coach_id=actor.person_id)
    return CoachedPlan(member, *_parted(goals))


def open_actions(actor: Actor, enrolment_id: int) -> OpenActions | None:
    """Return the open actions of somebody whom the actor coaches today, None where there are none."""
    try:
        member = coached_today(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None
    found = _open_of(_load_goals(member.enrolment_id, None, member.timezone, coach_id=actor.person_id))
    return OpenActions(member.enrolment_id, found) if found else None


def _open_of(goals: Iterable[GoalLine]) -> tuple[ActionLine, ...]:
    found = [action for goal in goals if not goal.reached_at for action in goal.actions if not action.done_at]
    return tuple(sorted(found, key=_urgency))


def _parted(goals: list[GoalLine]) -> tuple[tuple[GoalLine, ...], tuple[GoalLine, ...]]:
    return tuple(goal for goal in goals if not goal.reached_at), tuple(
        goal for goal in goals if goal.reached_at
    )


def _load_goals(
    enrolment_id: EnrolmentId, person_id: PersonId | None, timezone: str, coach_id: int | None = None
) -> list[GoalLine]:
    """Return the goals of an enrolment that the caller may read, in two queries.

    ``by_coach`` is read from who added an action: for the person, everybody else; for the coach, themselves.
    """
    goals = db.session.scalars(
        select(PlanGoal)
        .where(PlanGoal.enrolment_id == enrolment_id, PlanGoal.removed_at.is_(None))
        .order_by(PlanGoal.rank, PlanGoal.id)
    ).all()
    rows = db.session.scalars(
        select(PlanAction)
        .join(PlanGoal, PlanGoal.id == PlanAction.goal_id)
        .where(PlanGoal.enrolment_id == enrolment_id, PlanAction.removed_at.is_(None))
    )
    today = local_day(timezone)
    actions: dict[PlanGoalId, list[ActionLine]] = defaultdict(list)
    for row in rows:
        by_coach = row.added_by != person_id if person_id is not None else row.added_by == coach_id
        late = row.done_at is None and row.due is not None and row.due < today
        actions[row.goal_id].append(
            ActionLine(row.id, row.goal_id, row.text, row.due, row.done_at, row.revision, by_coach, late)
        )
    return [
        GoalLine(
            id=goal.id,
            text=goal.text,
            area=goal.area,
            answers=read_answers(goal.answers),
            revision=goal.revision,
            reached_at=goal.reached_at,
            actions=tuple(sorted(actions[goal.id], key=_urgency)),
        )
        for goal in goals
    ]


def _urgency(action: ActionLine) -> tuple[bool, date, int]:
    return action.done_at is not None, action.due or date.max, action.id
