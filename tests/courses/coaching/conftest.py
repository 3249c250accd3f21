"""A participant with a coach, both signed in, and sessions to log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.sessions.models import SessionLog, SessionLogId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied

NOW = datetime(2026, 10, 14, 19, tzinfo=UTC)  # noon in Los Angeles
NEW = "/coach/sessions/new"


def sheet(**given: Any) -> dict[str, Any]:
    """Return the fields of a valid log, 75 minutes on 13 October, sent to be confirmed."""
    fields = {
        "day": "2026-10-13",
        "begins": "15:30",
        "ends": "16:45",
        "mode": "in_person",
        "kind": "one_to_one",
        "notes": "The first priority area",
        "next_steps": "Answer three questions by Tuesday.",
        "wish": "send",
    }
    return {**fields, **given}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who coach and are coached, each in a browser, and their enrolment."""

    coach: Visitor
    participant: Visitor
    coach_person: Person
    participant_person: Person
    enrolment_id: EnrolmentId

    def log(self, **given: Any) -> int:
        """Log a session through the form and return its id."""
        answer = self.coach.post(f"{NEW}/{self.enrolment_id}", sheet(**given))
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2])

    def refused(self, **given: Any) -> str:
        """Send a form that has to be mended, and return the page."""
        answer = self.coach.post(f"{NEW}/{self.enrolment_id}", sheet(**given))
        assert answer.status_code == 422, answer.status_code
        return answer.text

    def answer(self, log_id: int, verb: str = "confirm", *, version: int = 1, **given: str) -> int:
        """Confirm or dispute, and return the status of the answer."""
        fields = {"version": str(version), **given}
        return self.participant.post(f"/participant/hours/{log_id}/{verb}", fields).status_code


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def make_pair(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> Callable[..., Pair]:
    """Make a participant with a coach since the cohort began; the coach may be given."""

    def make(
        *, coach: Person | None = None, name: str = "Lucía Ortega", since: date = date(2025, 9, 1)
    ) -> Pair:
        coaching = coach or make_person(name="Amina Haddad", email="amina@example.test")
        person, enrolment_id = make_enrolment(name=name, email=f"p{coaching.id}-{name[:2]}@example.test")
        assign_coach(enrolment_id, PersonId(coaching.id), since=since, actor=system)
        return Pair(
            sign_in(coaching, place=studied.cohort_id),
            sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id),
            coaching,
            person,
            enrolment_id,
        )

    return make


@pytest.fixture
def pair(make_pair: Callable[..., Pair]) -> Pair:
    """The two people a test is about."""
    return make_pair()


@pytest.fixture
def stored(session: Session) -> Callable[[int], SessionLog]:
    """Read a log as it is stored."""

    def read(log_id: int) -> SessionLog:
        statement = select(SessionLog).where(SessionLog.id == SessionLogId(log_id))
        return session.scalars(statement.execution_options(populate_existing=True)).one()

    return read
