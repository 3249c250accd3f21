"""What a coach adds to the plan of somebody whom they coach."""

from __future__ import annotations

from courses.cohorts.members import coached_today
from courses.cohorts.models import Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.wording import say_state
from courses.plans.errors import PlanClosedError
from courses.plans.models import PlanGoal, PlanGoalId
from courses.plans.sheets import ActionSheet
from courses.plans.writing import Written, put_action
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError


def advise(enrolment_id: EnrolmentId, goal_id: PlanGoalId, sheet: ActionSheet, *, actor: Actor) -> Written:
    """Add an action to a goal of somebody whom the actor coaches today.

    Raises NotFoundError if they do not, or the plan has no such goal; PlanClosedError if the enrolment is not
    active; PlanFullError.
    """
    with transaction() as session:
        coached_today(enrolment_id, actor=actor)
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=True)
        goal = session.get(PlanGoal, goal_id)
        if goal is None or goal.enrolment_id != enrolment_id or goal.removed_at is not None:
            raise NotFoundError
        if enrolment.state is not EnrolmentState.ACTIVE:
            raise PlanClosedError(state=say_state(enrolment.state))
        return put_action(goal, sheet, session=session, actor=actor)
