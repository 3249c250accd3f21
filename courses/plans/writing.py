"""What a participant does with their own plan."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.pages import own_enrolment
from courses.cohorts.wording import say_state
from courses.frameworks.queries import element_choices
from courses.plans.errors import PlanClosedError, PlanFullError
from courses.plans.models import PlanAction, PlanActionId, PlanGoal, PlanGoalId
from courses.plans.sheets import ActionSheet, GoalSheet
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError

MOST_GOALS: Final = 50
MOST_ACTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Written:
    """How writing went: what has to be mended by field, or what another window saved meanwhile, as it reads now."""

    problems: dict[str, DomainError] = field(default_factory=dict)
    other: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it was saved."""
        return not self.problems and self.other is None


def add_goal(sheet: GoalSheet, *, actor: Actor) -> Written:
    """Add a goal in the participant's own words, behind the others.

    Raises NotFoundError without an enrolment, PlanClosedError if it is not active, PlanFullError.
    """
    with transaction() as session:
        enrolment = open_plan(session, actor=actor)
        problems = sheet.problems(_offered(sheet, enrolment.institute_id, ()))
        if not problems:
            goal = PlanGoal(
                institute_id=enrolment.institute_id,
                enrolment_id=enrolment.id,
                rank=next_rank(enrolment.id, session=session),
                text=sheet.text,
                answers=[],
                kind=sheet.kind,
                due=sheet.day,
                elements=list(sheet.elements),
            )
            session.add(goal)
            session.flush()
            audit.record("plan_goal.added", actor=actor, subject=("plan_goal", goal.id))
        return Written(problems)


def word_goal(goal_id: PlanGoalId, sheet: GoalSheet, *, actor: Actor) -> Written:
    """Word a goal anew; a goal from an area may do without words of one's own. Raises as ``add_goal``."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor)
        offered = _offered(sheet, goal.institute_id, goal.elements)
        problems = sheet.problems(offered, may_be_empty=goal.area is not None)
        wanted = sheet.text, sheet.day, list(sheet.elements)
        if problems or (goal.text, goal.due, goal.elements) == wanted:
            return Written(problems)
        if goal.revision != sheet.revision:
            return Written(other=goal.text or str(goal.area or ""))
        goal.text, goal.due, goal.elements = wanted
        goal.revision += 1
        return Written()


def reach_goal(goal_id: PlanGoalId, *, reached: bool, actor: Actor) -> None:
    """Say that a goal is reached, or take that back. Raises as ``add_goal``."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor)
        if reached != (goal.reached_at is not None):
            goal.reached_at = now() if reached else None
            audit.record(
                "plan_goal.reached" if reached else "plan_goal.reopened",
                actor=actor,
                subject=("plan_goal", goal.id),
            )


def remove_goal(goal_id: PlanGoalId, *, actor: Actor) -> None:
    """Take a goal with its actions out of the plan; a second time changes nothing. Raises as ``add_goal``."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor, removed_too=True)
        if goal.removed_at is None:
            goal.removed_at = now()
            audit.record("plan_goal.removed", actor=actor, subject=("plan_goal", goal.id))


def add_action(goal_id: PlanGoalId, sheet: ActionSheet, *, actor: Actor) -> Written:
    """Add an action to one of the participant's goals. Raises as ``add_goal``."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor)
        return put_action(goal, sheet, session=session, actor=actor)


def word_action(action_id: PlanActionId, sheet: ActionSheet, *, actor: Actor) -> Written:
    """Change what an action says, or its day. Raises as ``add_goal``."""
    with transaction() as session:
        action = _own_action(action_id, session=session, actor=actor)
        problems = sheet.problems()
        if problems or (action.text, action.due) == (sheet.text, sheet.day):
            return Written(problems)
        if action.revision != sheet.revision:
            return Written(other=action.text)
        action.text, action.due, action.revision = sheet.text, sheet.day, action.revision + 1
        return Written()


def finish_action(action_id: PlanActionId, *, done: bool, actor: Actor) -> None:
    """Tick an action off, or take the tick back. Raises as ``add_goal``."""
    with transaction() as session:
        action = _own_action(action_id, session=session, actor=actor)
        if done != (action.done_at is not None):
            action.done_at = now() if done else None


def remove_action(action_id: PlanActionId, *, actor: Actor) -> None:
    """Take an action out of the plan. Raises as ``add_goal``."""
    with transaction() as session:
        action = _own_action(action_id, session=session, actor=actor)
        action.removed_at = now()


def put_action(goal: PlanGoal, sheet: ActionSheet, *, session: Session, actor: Actor) -> Written:
    """Add an action to a goal that the caller may write to, in the caller's transaction. Raises PlanFullError."""
    if actor.person_id is None:
        raise NotFoundError
    problems = sheet.problems()
    if problems:
        return Written(problems)
    standing = select(func.count(PlanAction.id)).where(
        PlanAction.goal_id == goal.id, PlanAction.removed_at.is_(None)
    )
    if (session.scalar(standing) or 0) >= MOST_ACTIONS:
        raise PlanFullError
    action = PlanAction(
        institute_id=goal.institute_id,
        goal_id=goal.id,
        added_by=PersonId(actor.person_id),
        text=sheet.text,
        due=sheet.day,
    )
    session.add(action)
    session.flush()
    audit.record("plan_action.added", actor=actor, subject=("plan_action", action.id))
    return Written()


def open_plan(session: Session, *, actor: Actor) -> Enrolment:
    """Lock the actor's enrolment, whose plan it is. Raises NotFoundError, PlanClosedError."""
    enrolment = session.get_one(Enrolment, own_enrolment(actor).id, with_for_update=True)
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise PlanClosedError(state=say_state(enrolment.state))
    return enrolment


def next_rank(enrolment_id: EnrolmentId, *, session: Session) -> int:
    """Return the rank of one more goal. Raises PlanFullError."""
    count, last = session.execute(
        select(func.count(PlanGoal.id), func.max(PlanGoal.rank)).where(
            PlanGoal.enrolment_id == enrolment_id, PlanGoal.removed_at.is_(None)
        )
    ).one()
    if count >= MOST_GOALS:
        raise PlanFullError
    return (last or 0) + 1


def own_goal(goal_id: PlanGoalId, *, session: Session, actor: Actor, removed_too: bool = False) -> PlanGoal:
    """Return a goal of the actor's own plan, with the enrolment locked. Raises NotFoundError, PlanClosedError."""
    enrolment = open_plan(session, actor=actor)
    goal = session.get(PlanGoal, goal_id)
    if goal is None or goal.enrolment_id != enrolment.id or (goal.removed_at and not removed_too):
        raise NotFoundError
    return goal


def _offered(sheet: GoalSheet, institute_id: InstituteId, was: Sequence[str]) -> Container[str]:
    """Return the competencies that a goal may have; they are read only where one is ticked."""
    if not set(sheet.elements) - set(was):
        return was
    groups = element_choices(institute_id)
    return {*was, *(choice.address for group in groups for choice in group.choices)}


def _own_action(action_id: PlanActionId, *, session: Session, actor: Actor) -> PlanAction:
    action = session.get(PlanAction, action_id)
    if action is None or action.removed_at is not None:
        raise NotFoundError
    own_goal(action.goal_id, session=session, actor=actor)
    session.refresh(action)
    return action
