"""Training: what attending meets for a coach, and who is a facilitator by completing a training of trainers."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import ProgrammeId
from courses.coaches.models import CoachQualification, RequirementKind
from courses.coaches.qualifying import qualifications_of, standing_of
from courses.coaches.requiring import RequirementDraft, put_requirement
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import EnrolmentId, EnrolmentState
from institute import clock
from institute.actors import Actor, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.meetings.conftest import AFTER, Cast
from tests.programmes import english

Enrol = Callable[..., tuple[Person, EnrolmentId]]


def _mark(visitor: Visitor, programme_id: ProgrammeId, done: str = "1") -> int:
    return visitor.post(f"/administrator/trainers/{programme_id}", {"done": done}).status_code


def test_completing_a_training_of_trainers_makes_a_facilitator_once(
    studied: Studied,
    system: Actor,
    make_enrolment: Enrol,
    make_person: Callable[..., Person],
    *,
    sign_in: Callable[..., Visitor],
    session: Session,
) -> None:
    administrator = sign_in(make_person(name="Grace"), roles=[Role.ADMINISTRATOR])
    early, early_id = make_enrolment(name="Before")
    change_state(early_id, EnrolmentState.COMPLETED, actor=system)
    assert [_mark(administrator, studied.programme_id) for _ in range(2)] == [303, 303]
    person, enrolment_id = make_enrolment()
    gone, gone_id = make_enrolment(name="Gone")
    change_state(enrolment_id, EnrolmentState.PAUSED, actor=system)
    assert qualifications_of(person.id) == []
    change_state(enrolment_id, EnrolmentState.COMPLETED, actor=system)
    change_state(gone_id, EnrolmentState.WITHDRAWN, actor=system)
    assert [(one.key, one.source) for one in qualifications_of(person.id)] == [
        ("facilitator", "programme/leadership")
    ]
    assert qualifications_of(gone.id) == qualifications_of(early.id) == []
    assert _mark(administrator, studied.programme_id, "") == 303
    another, another_id = make_enrolment(name="After")
    change_state(another_id, EnrolmentState.COMPLETED, actor=system)
    assert qualifications_of(another.id) == []
    assert session.scalar(select(func.count(CoachQualification.id))) == 1


def test_only_administrators_say_which_programme_trains_trainers(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    coordinator = sign_in(make_person(name="Felix"), roles=[Role.COORDINATOR])
    assert _mark(coordinator, studied.programme_id) == 403
    administrator = sign_in(make_person(name="Grace"), roles=[Role.ADMINISTRATOR])
    assert _mark(administrator, ProgrammeId(999_999)) == 404
    assert "Leadership" in administrator.get("/administrator/trainers/").text


def test_attending_a_training_meets_what_is_asked_of_coaches_until_it_is_corrected(
    cast: Cast,
    make_meeting: Callable[..., int],
    record: Callable[..., int],
    system: Actor,
) -> None:
    asked = RequirementDraft(
        key="initial", kind=RequirementKind.TRAINING, title=english("Training"), minutes=120
    )
    put_requirement(asked, actor=system)
    meeting_id = make_meeting(kind="training", requirement="initial")
    unasked = make_meeting(kind="training")

    def missing() -> int:
        db.session.rollback()
        with clock.frozen(AFTER):
            return len(standing_of(cast.coach_person.id).missing)

    assert missing() == 1
    with clock.frozen(AFTER):
        record(unasked, cast.coach_person)
        assert missing() == 1
        record(meeting_id, cast.coach_person, early="60")
        assert missing() == 1
        record(meeting_id, cast.coach_person, early="30")
        assert missing() == 0
        record(meeting_id, cast.coach_person, "absent")
        assert missing() == 1
