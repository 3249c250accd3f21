"""Areas of an instrument that somebody chose, as goals of their plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.codec import document_of, read_document
from courses.catalogue.models import StepId
from courses.cohorts.models import EnrolmentId
from courses.plans.models import PlanGoal
from courses.plans.writing import next_rank
from institute.actors import InstituteId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered to a question about an area."""

    question: Localised
    answer: str


@dataclass(frozen=True, slots=True)
class ChosenArea:
    """An area in the order of priority, with what was answered about it."""

    key: str
    title: Localised
    answers: tuple[Answered, ...] = field(default=())


def choose_areas(
    enrolment_id: EnrolmentId,
    step_id: StepId,
    areas: Sequence[ChosenArea],
    *,
    institute_id: InstituteId,
    session: Session,
) -> None:
    """Make the areas that were chosen in a step goals of the plan, in the caller's transaction.

    Chosen again, an area's goal is renewed: its title and its answers, never the person's own words or actions; it
    comes back if it had been removed. An area that is chosen no longer stays as it is: it may have actions by now.
    """
    standing: Mapping[str | None, PlanGoal] = {
        goal.area_key: goal
        for goal in session.scalars(
            select(PlanGoal).where(PlanGoal.enrolment_id == enrolment_id, PlanGoal.step_id == step_id)
        )
    }
    for area in areas:
        goal = standing.get(area.key)
        if goal is None:
            goal = PlanGoal(
                institute_id=institute_id,
                enrolment_id=enrolment_id,
                rank=next_rank(enrolment_id, session=session),
                text="",
                area_key=area.key,
                step_id=step_id,
            )
            session.add(goal)
        goal.area, goal.removed_at = area.title, None
        goal.answers = [document_of(one) for one in area.answers]
        session.flush()


def read_answers(documents: Sequence[Mapping[str, Any]]) -> tuple[Answered, ...]:
    """Return the answers that a goal holds."""
    return tuple(read_document(document, Answered) for document in documents)
