"""Reading a plan: for the person whose it is, and for their coach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courses.cohorts.members import coached_today
from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from courses.cohorts.rosters import Member
from courses.frameworks.queries import ChoiceGroup, element_choices
from courses.plans.goals import ActionLine, GoalLine, Reader, load_goals, open_work, read_goals, urgency
from courses.plans.models import PlanActionId, PlanGoalId, PlanKind
from courses.plans.versions import VersionLine, versions_of
from institute.actors import Actor
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One of a participant's two plans: what is to be reached, and what is; the versions handed in, newest first."""

    enrolment: EnrolmentHere
    kind: PlanKind
    versions: tuple[VersionLine, ...]
    goals: tuple[GoalLine, ...]
    reached: tuple[GoalLine, ...]


@dataclass(frozen=True, slots=True)
class GoalPage:
    """One goal of the participant's own plan, and the competencies that it may be about."""

    enrolment: EnrolmentHere
    goal: GoalLine
    offered: tuple[ChoiceGroup, ...]


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action of the participant's own plan."""

    enrolment: EnrolmentHere
    goal: GoalLine
    action: ActionLine


@dataclass(frozen=True, slots=True)
class CoachedPlan:
    """A plan of somebody, as their coach of today reads it."""

    member: Member
    kind: PlanKind
    versions: tuple[VersionLine, ...]
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


def plan_page(actor: Actor, kind: PlanKind = PlanKind.PDP) -> PlanPage:
    """Return one of the participant's own plans. Raises NotFoundError without an enrolment."""
    enrolment = own_enrolment(actor)
    goals = load_goals(enrolment, kind)
    return PlanPage(enrolment, kind, versions_of(enrolment.id, kind), *_parted(goals))


def plan_panel(actor: Actor) -> PlanPanel | None:
    """Return what the home says of the participant's plan; None without an enrolment."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    goals, found = open_work(enrolment)
    return PlanPanel(goals, len(found), found[0] if found else None)


def goal_page(goal_id: PlanGoalId, *, actor: Actor) -> GoalPage:
    """Return one goal of the participant's own plan. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    for goal in load_goals(enrolment):
        if goal.id == goal_id:
            return GoalPage(enrolment, goal, tuple(element_choices(enrolment.institute_id)))
    raise NotFoundError


def action_page(action_id: PlanActionId, *, actor: Actor) -> ActionPage:
    """Return one action of the participant's own plan. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    for goal in load_goals(enrolment):
        for action in goal.actions:
            if action.id == action_id:
                return ActionPage(enrolment, goal, action)
    raise NotFoundError


def coached_plan(enrolment_id: EnrolmentId, kind: PlanKind = PlanKind.PDP, *, actor: Actor) -> CoachedPlan:
    """Return a plan of somebody whom the actor coaches today. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    reader = Reader(enrolment_id, actor.institute_id, None, member.timezone, actor.person_id)
    return CoachedPlan(member, kind, versions_of(enrolment_id, kind), *_parted(read_goals(reader, kind)))


def open_actions(actor: Actor, enrolment_id: int) -> OpenActions | None:
    """Return the open actions of somebody whom the actor coaches today, None where there are none."""
    try:
        member = coached_today(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None
    reader = Reader(member.enrolment_id, actor.institute_id, None, member.timezone, actor.person_id)
    found = _open_of(read_goals(reader))
    return OpenActions(member.enrolment_id, found) if found else None


def _open_of(goals: Iterable[GoalLine]) -> tuple[ActionLine, ...]:
    found = [action for goal in goals if not goal.reached_at for action in goal.actions if not action.done_at]
    return tuple(sorted(found, key=urgency))


def _parted(goals: list[GoalLine]) -> tuple[tuple[GoalLine, ...], tuple[GoalLine, ...]]:
    return tuple(goal for goal in goals if not goal.reached_at), tuple(
        goal for goal in goals if goal.reached_at
    )
