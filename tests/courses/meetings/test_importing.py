"""Attendance as another system tells it, whoever leads only some cohorts, and the list filled in one tap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.meetings.attendance import minutes_of
from courses.meetings.attending import record_attendance
from courses.meetings.errors import ExternalTakenError, MinutesError
from courses.meetings.models import MeetingAttendance, MeetingId, Way
from institute import clock
from institute.actors import Actor, Role
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Grant, Institute, Organisation, OrganisationKind, Person
from tests.browsing import Visitor
from tests.courses.meetings.conftest import AFTER, Cast, Stored

Make = Callable[..., int]


def test_the_same_row_imported_twice_is_there_once_and_a_newer_one_brings_it_up_to_date(
    cast: Cast, make_meeting: Make, system: Actor, stored: Stored, session: Session
) -> None:
    meeting_id, person_id = MeetingId(make_meeting()), cast.coach_person.id
    with clock.frozen(AFTER):
        for minutes in (150, 150, 90):
            record_attendance(meeting_id, person_id, minutes, actor=system, external_id="row-1")
    (row,) = stored.attended(cast.coach_person)
    assert (row.minutes, row.way, row.external_id) == (90, Way.IMPORTED, "row-1")
    assert minutes_of(person_id) == 90
    assert session.scalar(select(func.count(MeetingAttendance.id))) == 1


def test_a_row_that_cannot_be_is_refused_in_words(
    cast: Cast, make_meeting: Make, system: Actor, make_institute: Callable[..., Institute]
) -> None:
    first, second = MeetingId(make_meeting()), MeetingId(make_meeting())
    person_id = cast.coach_person.id
    elsewhere = Actor(institute_id=make_institute(slug="other").id, person_id=None)
    with clock.frozen(AFTER):
        for minutes in (-1, 151, 10**30):
            with pytest.raises(MinutesError):
                record_attendance(first, person_id, minutes, actor=system)
        with pytest.raises(NotFoundError):
            record_attendance(first, person_id, 150, actor=elsewhere)
        with pytest.raises(NotFoundError):
            record_attendance(first, cast.participant_person.id, 150, actor=system)
        record_attendance(first, person_id, 150, actor=system, external_id="row-1")
        with pytest.raises(ExternalTakenError):
            record_attendance(second, person_id, 150, actor=system, external_id="row-1")


def test_everybody_of_whom_nothing_was_said_is_there_by_one_button(
    cast: Cast, make_meeting: Make, make_coach: Callable[..., tuple[Person, Visitor]], stored: Stored
) -> None:
    other, _ = make_coach("Nadia", "nadia@example.test")
    meeting_id = make_meeting()
    form = {
        f"presence-{cast.coach_person.id}": "absent",
        f"presence-{other.id}": "",
        f"late-{other.id}": "",
        "rest": "present",
    }
    with clock.frozen(AFTER):
        answer = cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/attendance", form)
    assert answer.status_code == 303
    assert stored.attended(other)[0].minutes == 150
    assert stored.attended(cast.coach_person)[0].minutes == 0


def test_a_coordinator_of_some_organisations_leads_no_meeting_of_others(
    cast: Cast,
    make_meeting: Make,
    cohort_meeting: Make,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    person = make_person(name="Region's coordinator")
    with transaction() as session:
        region = Organisation(
            institute_id=person.institute_id,
            key="north",
            kind=OrganisationKind.REGION,
            name=Localised.of({"en": "North"}),
        )
        session.add(region)
        session.flush()
        session.add(
            Grant(
                institute_id=person.institute_id,
                person_id=person.id,
                organisation_id=region.id,
                role=Role.COORDINATOR,
            )
        )
    visitor = sign_in(person)
    for meeting_id in (make_meeting(), cohort_meeting()):
        assert visitor.get(f"/coordinator/meetings/{meeting_id}").status_code == 404
    assert visitor.get("/coordinator/meetings/").status_code == 200
    assert visitor.get("/coordinator/meetings/new").status_code == 200
    assert cast.coordinator.get(f"/coordinator/meetings/{meeting_id}").status_code == 200
