"""A participant with a plan and a coach, both signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.plans.models import PlanAction, PlanGoal
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied

NOW = datetime(2026, 10, 14, 19, tzinfo=UTC)
PLAN = "/participant/plan"


@dataclass(frozen=True, slots=True)
class Planning:
    """Somebody with a plan, and their coach of today."""

    person: Visitor
    coach: Visitor
    enrolment_id: EnrolmentId

    def goal(self, text: str = "Listen more than I speak") -> int:
        """Write a goal and return its id."""
        assert self.person.post(f"{PLAN}/goals", {"goal": text}).status_code == 303
        return max(db.session.scalars(select(PlanGoal.id)))

    def action(self, goal_id: int, text: str = "Ask three open questions", due: str = "") -> int:
        """Add an action and return its id."""
        answer = self.person.post(f"{PLAN}/goals/{goal_id}/actions", {"action": text, "due": due})
        assert answer.status_code == 303, answer.text
        return max(db.session.scalars(select(PlanAction.id)))

    @property
    def coach_page(self) -> str:
        """Where the coach reads the plan."""
        return f"/coach/plans/{self.enrolment_id}"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def make_planning(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> Callable[..., Planning]:
    """Make a participant with a coach since September."""

    def make(name: str = "Lucía Ortega") -> Planning:
        coach = make_person(name=f"Coach of {name}")
        person, enrolment_id = make_enrolment(name=name)
        assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
        return Planning(
            person=sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id),
            coach=sign_in(coach, place=studied.cohort_id),
            enrolment_id=enrolment_id,
        )

    return make


@pytest.fixture
def planning(make_planning: Callable[..., Planning]) -> Planning:
    """The participant and the coach that a test is about."""
    return make_planning()
