"""A set at a meeting, with attendance and results together; evidence whose author agrees, and no longer does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.calibration.consenting import answer, ask
from certificates.calibration.models import AnchorConsent, AnchorPaper
from certificates.calibration.reading import packet_of
from certificates.evidence.models import Submission
from courses.meetings.models import Audience, Meeting, MeetingId, MeetingKind
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.db import transaction
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.calibration.conftest import Lead, MakeSet, in_session, take
from tests.certificates.scoring.conftest import CANDIDATE_NAME, Desk, Trainer

HOME = "/scoring-lead/calibration"


@pytest.fixture
def meeting(asked: Actor) -> MeetingId:
    """A calibration meeting of the institute that is going on."""
    with transaction() as session:
        made = Meeting(
            institute_id=asked.institute_id,
            key="calibration-1",
            kind=MeetingKind.CALIBRATION,
            audience=Audience.COACHES,
            title="Reading together",
            starts=now() - timedelta(minutes=30),
            ends=now() + timedelta(hours=1),
            zone="America/Los_Angeles",
        )
        session.add(made)
        session.flush()
        return made.id


@pytest.fixture
def coordinator(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], asked: Actor) -> Visitor:
    """A coordinator of the whole institute."""
    person = make_person(name="Marisol Vega")
    grant_role(PersonId(person.id), Role.COORDINATOR, actor=Actor(person.institute_id, None))
    return sign_in(person)


def test_attendance_and_result_stand_together_on_the_meeting_s_page(
    lead: Lead, trainer: Trainer, coordinator: Visitor, make_set: MakeSet, meeting: MeetingId
) -> None:
    set_id = make_set()
    make_set([(2, 2)])
    assert lead.visitor.post(f"{HOME}/sets/{set_id}/meetings", {"meeting": str(meeting)}).status_code == 303
    path = f"/coordinator/meetings/{meeting}"
    assert "Tomás Rivera" in coordinator.get(path).text
    form = {
        f"presence-{trainer.person.id}": "present",
        f"late-{trainer.person.id}": "",
        f"early-{trainer.person.id}": "",
    }
    assert coordinator.post(f"{path}/attendance", form).status_code in (200, 302, 303, 404)
    attempt = take(trainer)
    assert (attempt.set_id, attempt.meeting_id) == (set_id, meeting)
    page = coordinator.get(path).text
    assert "Calibration: First set" in page
    assert "Passed" in page
    assert "4 of 4 exact" in page


def test_only_meetings_of_calibration_take_a_set(
    lead: Lead, make_set: MakeSet, session: Session, meeting: MeetingId
) -> None:
    set_id = make_set()
    with transaction() as writing:
        writing.get_one(Meeting, meeting).kind = MeetingKind.COACH
    for number in (str(meeting), "999999", "x", ""):
        assert lead.visitor.post(f"{HOME}/sets/{set_id}/meetings", {"meeting": number}).status_code == 404


@pytest.fixture
def released(desk: Desk, trainer: Trainer) -> Desk:
    """Evidence that was scored and released."""
    trainer.visitor.post(f"{desk.path}/take")
    answered = trainer.visitor.post(f"{desk.path}/hand-in", desk.fields((3, "Good."), (3, "")))
    assert answered.status_code == 303, answered.text
    return desk


def author(desk: Desk) -> Actor:
    """Return the author of the evidence as somebody who acts."""
    return Actor(desk.person.institute_id, desk.person.id, frozenset({Role.PARTICIPANT}))


def test_evidence_becomes_a_paper_only_while_its_author_agrees(
    released: Desk, lead: Lead, make_set: MakeSet, session: Session
) -> None:
    set_id = make_set(publishing=False)
    path = f"{HOME}/sets/{set_id}"
    form = {"submission": str(released.submission_id)}
    page = lead.visitor.get(path).text
    assert CANDIDATE_NAME not in page
    assert lead.visitor.post(f"{path}/papers", form).status_code == 409
    assert lead.visitor.post(f"{path}/ask/{released.submission_id}").status_code == 303
    assert lead.visitor.post(f"{path}/papers", form).status_code == 409
    consent = session.scalars(select(AnchorConsent)).one()
    answer(consent.id, agrees=True, actor=author(released))
    answered = lead.visitor.post(f"{path}/papers", form)
    assert answered.status_code == 303
    paper = session.scalars(select(AnchorPaper).where(AnchorPaper.submission_id.is_not(None))).one()
    assert "My plan for the site." in lead.visitor.get(in_session(answered.location)).text
    assert not packet_of(paper.id, institute_id=paper.institute_id).withdrawn
    answer(consent.id, agrees=False, actor=author(released))
    shown = packet_of(paper.id, institute_id=paper.institute_id)
    assert (shown.withdrawn, shown.text, shown.files) == (True, None, ())
    assert "does not agree" in lead.visitor.post(f"{path}/publish").text


def test_nobody_answers_for_another(
    released: Desk, make_person: Callable[..., Person], sign_in: Callable[..., Visitor], session: Session
) -> None:
    ask(released.submission_id, actor=Actor(released.person.institute_id, None))
    consent_id = session.scalars(select(AnchorConsent.id)).one()
    stranger = sign_in(make_person(name="Somebody else"), roles=[Role.PARTICIPANT])
    assert stranger.post(f"/participant/calibration/{consent_id}", {"agrees": "yes"}).status_code == 404


def test_what_is_not_released_is_not_asked_for(
    desk: Desk, lead: Lead, make_set: MakeSet, session: Session
) -> None:
    set_id = make_set(publishing=False)
    path = f"{HOME}/sets/{set_id}/ask"
    assert lead.visitor.post(f"{path}/{desk.submission_id}").status_code == 404
    assert lead.visitor.post(f"{path}/999999").status_code == 404
    assert session.get(Submission, desk.submission_id) is not None
    assert session.scalars(select(AnchorConsent)).all() == []
