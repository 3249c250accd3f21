"""What the routes of work and plans name: a step that Lucía worked on and shares, with a file, and a goal of hers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from courses.activities.handing import Handed
from courses.activities.models import Work, WorkFile
from courses.activities.writing import save_work
from courses.catalogue.models import Module, Segment
from courses.catalogue.queries import load_segment
from courses.cohorts.models import Enrolment
from courses.cohorts.ticking import StepAddress
from courses.plans.models import PlanAction, PlanGoal
from courses.plans.sheets import ActionSheet, GoalSheet
from courses.plans.writing import add_action, add_goal
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.files.storing import store
from tests.meta.furnishing.room import Room

FORM = {
    "_revision": "0",
    "share": "coach",
    "goal": "Listen more",
    "action": "Ask three questions",
    "due": date(2027, 3, 31).isoformat(),
}


def furnish(room: Room) -> dict[str, object]:
    """Work on the first step of the first segment that has a page, and plan."""
    lucia = room.actor("lucia", Role.PARTICIPANT)
    address = _first_step(room)
    save_work(address, Handed({"text": "A note.", "share": "coach", "_revision": "0"}), actor=lucia)
    work = db.session.scalars(select(Work).where(Work.enrolment_id == room.enrolment_id)).one()
    return {
        "step_key": address.key,
        "work_id": work.id,
        "work_file_id": _attached(work, lucia),
        **_planned(room, lucia),
    }


def _first_step(room: Room) -> StepAddress:
    version_id = db.session.get_one(Enrolment, room.enrolment_id).version_id
    module = db.session.scalars(
        select(Module).where(Module.version_id == version_id).order_by(Module.number)
    ).first()
    assert module is not None
    segment = db.session.scalars(
        select(Segment).where(Segment.module_id == module.id).order_by(Segment.number)
    ).first()
    assert segment is not None
    key = next(step.key for step in load_segment(segment.id).steps if step.way.has_page)
    return StepAddress(module.slug, segment.slug, key)


def _attached(work: Work, lucia: Actor) -> int:
    file_id = store(
        b"Notes",
        institute_id=work.institute_id,
        name="notes.txt",
        media_type="text/plain",
        owner_id=lucia.person_id,
    )
    with transaction() as session:
        session.add(WorkFile(work_id=work.id, file_id=file_id, institute_id=work.institute_id, position=1))
    return file_id


def _planned(room: Room, lucia: Actor) -> dict[str, object]:
    add_goal(GoalSheet("Listen more"), actor=lucia)
    goal_id = db.session.scalars(select(PlanGoal.id).where(PlanGoal.enrolment_id == room.enrolment_id)).one()
    add_action(goal_id, ActionSheet("Ask three questions"), actor=lucia)
    action_id = db.session.scalars(select(PlanAction.id).where(PlanAction.goal_id == goal_id)).one()
    return {"plan_goal_id": goal_id, "plan_action_id": action_id}
