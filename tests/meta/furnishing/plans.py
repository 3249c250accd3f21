"""What the routes of plans name besides goals: a version that Lucía handed in, and a file that shows a goal."""

from __future__ import annotations

from sqlalchemy import select

from courses.plans.handing import submit_plan
from courses.plans.models import PlanEvidence, PlanGoal, PlanKind, PlanVersion
from courses.plans.sheets import GoalSheet
from courses.plans.writing import add_goal
from institute.actors import Role
from institute.db import db, transaction
from institute.files.storing import store
from tests.meta.furnishing.room import Room

FORM = {"plan": "pdp", "outcome": "agreed", "words": "A plan to work with.", "label": "Agenda"}


def furnish(room: Room) -> dict[str, object]:
    """Write a goal, put a file beside it, and hand the plan in."""
    lucia = room.actor("lucia", Role.PARTICIPANT)
    add_goal(GoalSheet("Decide together"), actor=lucia)
    goal = db.session.scalars(
        select(PlanGoal).where(PlanGoal.enrolment_id == room.enrolment_id).order_by(PlanGoal.id.desc())
    ).first()
    assert goal is not None
    file_id = store(
        b"Agenda",
        institute_id=goal.institute_id,
        name="agenda.txt",
        media_type="text/plain",
        owner_id=lucia.person_id,
    )
    with transaction() as session:
        evidence = PlanEvidence(
            institute_id=goal.institute_id, goal_id=goal.id, label="Agenda", file_id=file_id
        )
        session.add(evidence)
        session.flush()
        evidence_id = evidence.id
    submit_plan(PlanKind.PDP, "", actor=lucia)
    version = db.session.scalars(
        select(PlanVersion.id).where(PlanVersion.enrolment_id == room.enrolment_id)
    ).one()
    return {"plan_evidence_id": evidence_id, "plan_version_id": version}
