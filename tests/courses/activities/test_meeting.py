"""Meetings are ticked by a session that both confirmed; work stays with whoever moves to another version."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import Segment
from institute.actors import Actor
from tests.courses.activities.conftest import Working
from tests.programmes import Change, renew


def log_session(working: Working, session: Session) -> str:
    """Let the coach log a session about the segment; return where the participant answers it."""
    segment_id = session.scalars(select(Segment.id).order_by(Segment.id.desc())).first()
    fields = {
        "day": "2026-10-13", "begins": "15:30", "ends": "16:45", "mode": "in_person", "kind": "one_to_one",
        "segment": str(segment_id), "notes": "The first area", "next_steps": "Three questions.", "wish": "send",
    }  # fmt: skip
    answer = working.coach.post(f"/coach/sessions/new/{working.enrolment_id}", fields)
    assert answer.status_code == 303, answer.text
    return f"/participant/hours/{answer.location.rpartition('/')[2]}/confirm"


def without(*keys: str) -> Change:
    """Return the change that takes steps out of a programme."""

    def change(content: ProgrammeContent) -> ProgrammeContent:
        (module,) = content.modules
        (segment,) = module.segments
        kept = tuple(one for one in segment.activities if one.key not in keys)
        return replace(content, modules=(replace(module, segments=(replace(segment, activities=kept),)),))

    return change


def test_a_meeting_is_ticked_by_a_session_that_both_confirmed(working: Working, session: Session) -> None:
    confirm = log_session(working, session)
    assert not working.ticked("meet")
    assert working.person.post(confirm, {"version": "1"}).status_code == 303
    assert working.ticked("meet")
    assert not working.ticked("reflect")


def test_a_tick_that_was_taken_back_stays_back(working: Working, session: Session) -> None:
    working.person.post(log_session(working, session), {"version": "1"})
    working.person.post("/participant/modules/module-1/segment-1/steps/meet")
    assert not working.ticked("meet")
    fields = {
        "day": "2026-10-12",
        "begins": "09:00",
        "ends": "10:00",
        "mode": "video",
        "kind": "one_to_one",
        "wish": "send",
    }
    answer = working.coach.post(f"/coach/sessions/new/{working.enrolment_id}", {**fields, "next_steps": "x"})
    working.person.post(f"/participant/hours/{answer.location.rpartition('/')[2]}/confirm", {"version": "1"})
    assert not working.ticked("meet")


def test_work_stays_through_a_move_to_another_version(working: Working, system: Actor) -> None:
    working.send("reflect", "/done", text="Of the first version", share="coach")
    renew(without("old"), actor=system)
    assert "Of the first version" in working.page("reflect")
    assert working.ticked("reflect")


def test_what_is_shared_of_a_step_that_is_gone_can_still_be_read(working: Working, system: Actor) -> None:
    working.send("reflect", "/done", text="Of the first version", share="coach")
    work = working.work("reflect")
    assert work is not None
    renew(without("reflect"), actor=system)
    assert working.person.get(working.url("reflect")).status_code == 404
    url = f"/coach/activities/{working.enrolment_id}"
    assert "Do reflect" in working.coach.get(url).text
    assert "Of the first version" in working.coach.get(f"{url}/{work.id}").text
