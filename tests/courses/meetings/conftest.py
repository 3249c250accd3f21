"""A coach and participants of a cohort, whoever leads its meetings, and meetings of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.meetings.models import Meeting, MeetingAttendance, MeetingId, MeetingMakeUp, MeetingRegistration
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied

NOON = datetime(2026, 10, 14, 19, tzinfo=UTC)  # noon in Los Angeles
STARTS = datetime(2026, 10, 15, 20, 30, tzinfo=UTC)  # 13:30 there, on the next day
ENDS = STARTS + timedelta(minutes=150)
AFTER = ENDS + timedelta(hours=1)
LATER = datetime(2027, 7, 1, tzinfo=UTC)


def sheet(**given: Any) -> dict[str, Any]:
    """Return the fields of a meeting of coaches on 15 October, 13:30 to 16:00."""
    fields: dict[str, Any] = {
        "kind": "coach",
        "audience": "coaches",
        "scope": "institute",
        "day": "2026-10-15",
        "begins": "13:30",
        "ends": "16:00",
        "place": "Room 12",
    }
    return {**fields, **given}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there: a coach and a participant, each in a browser, and whoever leads."""

    coach: Visitor
    coach_person: Person
    participant: Visitor
    participant_person: Person
    coordinator: Visitor
    facilitator: Visitor


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def sign_in(sign_in: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Open sessions that last through the year of a test."""

    def enter(person: Person, **given: Any) -> Visitor:
        with clock.frozen(LATER):
            return sign_in(person, **given)

    return enter


@pytest.fixture
def make_coach(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> Callable[..., tuple[Person, Visitor]]:
    """Make a coach with a participant of their own, in a browser."""

    def make(name: str = "Amina Haddad", email: str = "amina@example.test") -> tuple[Person, Visitor]:
        person = make_person(name=name, email=email)
        _, enrolment_id = make_enrolment(name=f"Participant of {name}")
        assign_coach(enrolment_id, PersonId(person.id), since=date(2025, 9, 1), actor=system)
        return person, sign_in(person, place=studied.cohort_id)

    return make


@pytest.fixture
def cast(
    make_coach: Callable[..., tuple[Person, Visitor]],
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    studied: Studied,
    sign_in: Callable[..., Visitor],
) -> Cast:
    """The people a test is about."""
    coach_person, coach = make_coach()
    person, _ = make_enrolment(email="lucia@example.test")
    place = studied.cohort_id
    return Cast(
        coach,
        coach_person,
        sign_in(person, roles=[Role.PARTICIPANT], place=place),
        person,
        sign_in(make_person(name="Grace"), roles=[Role.COORDINATOR]),
        sign_in(make_person(name="Felix"), roles=[Role.FACILITATOR], place=place),
    )


@pytest.fixture
def make_meeting(cast: Cast) -> Callable[..., int]:
    """Make a meeting through the coordinator's form and return its id."""

    def make(**given: Any) -> int:
        answer = cast.coordinator.post("/coordinator/meetings/new", sheet(**given))
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2])

    return make


@pytest.fixture
def cohort_meeting(make_meeting: Callable[..., int], studied: Studied) -> Callable[..., int]:
    """Make a meeting of the cohort's participants and return its id."""

    def make(**given: Any) -> int:
        own = {"kind": "cohort", "audience": "participants", "scope": f"cohort-{studied.cohort_id}"}
        return make_meeting(**{**own, **given})

    return make


class Stored:
    """What the database holds of meetings, read afresh."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def meeting(self, meeting_id: int) -> Meeting:
        """Return a meeting."""
        (found,) = self._fresh(select(Meeting).where(Meeting.id == MeetingId(meeting_id)))
        assert isinstance(found, Meeting)
        return found

    def meetings(self) -> list[Meeting]:
        """Return all of them, the first one first."""
        return self._fresh(select(Meeting).order_by(Meeting.starts))

    def places(self, meeting_id: int) -> list[MeetingRegistration]:
        """Return who has or waits for a place, in the order they came."""
        asked = select(MeetingRegistration).where(MeetingRegistration.meeting_id == meeting_id)
        return self._fresh(asked.order_by(MeetingRegistration.id))

    def attended(self, person: Person) -> list[MeetingAttendance]:
        """Return where somebody was."""
        return self._fresh(select(MeetingAttendance).where(MeetingAttendance.person_id == person.id))

    def make_ups(self) -> list[MeetingMakeUp]:
        """Return what was made up for."""
        return self._fresh(select(MeetingMakeUp).order_by(MeetingMakeUp.id))

    def _fresh(self, statement: Any) -> list[Any]:
        self.session.rollback()  # what other threads wrote meanwhile
        return list(self.session.scalars(statement.execution_options(populate_existing=True)))


@pytest.fixture
def stored(app: Flask, session: Session) -> Stored:
    """Read what is stored."""
    return Stored(session)


@pytest.fixture
def record(cast: Cast) -> Callable[..., int]:
    """Record somebody on the list of a meeting, as the coordinator; return the status of the answer."""

    def save(
        meeting_id: int, person: Person, presence: str = "present", late: str = "", early: str = ""
    ) -> int:
        row = {f"presence-{person.id}": presence, f"late-{person.id}": late, f"early-{person.id}": early}
        return cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/attendance", row).status_code

    return save
