"""An administrator who brings files in, a coach with three participants, and files of sessions."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from courses.sessions.models import SessionLog
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)
SESSIONS = "/administrator/exchange/sessions"
FORMATS = {"dates": "iso", "times": "24", "delimiter": "comma", "zone": "cohort"}


def row(number: int = 1, **given: str) -> dict[str, str]:
    """Return a valid row: an hour with Lucía at ten o'clock on a day of its own."""
    day = date.fromordinal(date(2026, 9, 1).toordinal() + number % 60)
    cells = {
        "external_id": f"log-{number}",
        "participant": "lucia@example.test",
        "coach": "amina@example.test",
        "date": day.isoformat(),
        "begins": f"{8 + number // 60:02}:00",
        "ends": f"{8 + number // 60:02}:30",
        "mode": "video",
        "kind": "one_to_one",
    }
    return cells | given


def paper(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    """Return a CSV file of these rows, with all of their columns."""
    names = list(dict.fromkeys(name for one in rows for name in one))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Desk:
    """An administrator's browser, and the people of the files."""

    visitor: Visitor
    enrolments: dict[str, EnrolmentId]
    session: Session

    def hand_in(self, data: bytes, *, name: str = "sessions.csv", **given: str) -> TestResponse:
        """Send the form with a file."""
        return self.visitor.post(SESSIONS, {**FORMATS, **given, "file": (io.BytesIO(data), name)})

    def waiting(self, data: bytes, **given: str) -> str:
        """Hand in a file with good rows, and return the address at which it waits."""
        answer = self.hand_in(data, **given)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def refused(self, data: bytes, **given: str) -> str:
        """Hand in a file without a good row, and return the page."""
        answer = self.hand_in(data, **given)
        assert answer.status_code == 422, answer.text
        return answer.text

    def bring_in(self, data: bytes, *, which: str = "all", **given: str) -> str:
        """Hand a file in, bring it in and return the page that says what became of it."""
        place = self.waiting(data, **given)
        answer = self.visitor.post(place, {"attested": "1", "which": which})
        assert answer.status_code == 303, answer.text
        return self.visitor.get(place).text

    def logs(self) -> int:
        """Return how many logs there are."""
        self.session.rollback()
        return self.session.scalar(select(func.count(SessionLog.id))) or 0


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """Let it be Friday 20 November 2026, eleven o'clock in Los Angeles."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def administrator(make_person: Callable[..., Person], system: Actor) -> Person:
    """Who brings files in."""
    person = make_person(name="Ruth Mensah", email="ruth@example.test")
    grant_role(PersonId(person.id), Role.ADMINISTRATOR, actor=system)
    return person


@pytest.fixture
def desk(  # noqa: PLR0917  (fixtures)
    administrator: Person,
    make_person: Callable[..., Person],
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
    session: Session,
) -> Desk:
    """The administrator's desk: Amina coaches Lucía, Mei and Hoa."""
    amina = make_person(name="Amina Haddad", email="amina@example.test")
    enrolments = {}
    for name in ("lucia", "mei", "hoa"):
        _, enrolments[name] = make_enrolment(name=name.title(), email=f"{name}@example.test")
        assign_coach(enrolments[name], PersonId(amina.id), since=date(2025, 9, 1), actor=system)
    return Desk(sign_in(administrator), enrolments, session)
