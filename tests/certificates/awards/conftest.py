"""A participant who has met every rule of the first level, an administrator, and trainers where a test needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.waiting import preview
from certificates.awards.models import Application, Award
from certificates.levels.defining import LevelDraft, define_levels
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from courses.cohorts.models import EnrolmentId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NOW, Pair, make_pair  # noqa: F401  (a fixture)
from tests.courses.conftest import (  # noqa: F401  (fixtures)
    Studied,
    make_enrolment,
    make_studied,
    studied,
)
from tests.programmes import english

LEVEL = "/participant/level/"
APPLICATIONS = "/administrator/applications"
AWARDS = "/administrator/awards"
HOUR = (Rule(RuleKind.HOURS, 60, within_months=6), Rule(RuleKind.DISPUTE_FREE))
NEXT = (Rule(RuleKind.LEVEL, key="novice"), Rule(RuleKind.HOURS, 60))


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOW):
        yield


def define_ladder(actor: Actor, session: Session) -> None:
    """Let an institute have two levels, the first for an hour of coaching."""
    drafts = [
        LevelDraft("novice", english("Novice"), english("First"), english("Certified Coach")),
        LevelDraft("career", english("Career"), english("Second")),
    ]
    define_levels(drafts, actor=actor)
    for level in session.scalars(select(Level).where(Level.institute_id == actor.institute_id)).all():
        publish_rules(level.id, HOUR if level.key == "novice" else NEXT, actor=actor)


@pytest.fixture
def ladder(system: Actor, studied: Studied, session: Session) -> None:  # noqa: F811
    """The levels of the test's institute."""
    define_ladder(system, session)


@dataclass
class Candidate:
    """Somebody on the way to the first level, at a browser."""

    pair: Pair
    session: Session

    @property
    def visitor(self) -> Visitor:
        """Their browser."""
        return self.pair.participant

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.pair.participant_person

    @property
    def enrolment_id(self) -> EnrolmentId:
        """What they are enrolled in."""
        return self.pair.enrolment_id

    def coached(self, **given: str) -> None:
        """Have 75 confirmed minutes."""
        log_id = self.pair.log(**given)
        assert self.pair.answer(log_id) == 303

    def apply(self, level: str = "novice") -> int:
        """Apply through the form and return the status."""
        return self.visitor.post(f"{LEVEL}apply", {"level": level}).status_code

    @property
    def application(self) -> Application:
        """Their latest application."""
        self.session.rollback()
        query = select(Application).where(Application.person_id == self.person.id)
        return self.session.scalars(query.order_by(Application.id.desc()).limit(1)).one()

    @property
    def awards(self) -> list[Award]:
        """What they were awarded, oldest first."""
        self.session.rollback()
        query = select(Award).where(Award.person_id == self.person.id).order_by(Award.id)
        return list(self.session.scalars(query))


@pytest.fixture
def make_candidate(
    ladder: None,
    make_pair: Callable[..., Pair],  # noqa: F811
    session: Session,
) -> Callable[..., Candidate]:
    """Make somebody who has met every rule of the first level, or has not."""

    def make(*, met: bool = True, **given: str) -> Candidate:
        candidate = Candidate(make_pair(**given), session)
        if met:
            candidate.coached()
        return candidate

    return make


@pytest.fixture
def candidate(make_candidate: Callable[..., Candidate]) -> Candidate:
    """The person a test is about."""
    return make_candidate()


@dataclass
class Office:
    """An administrator at a browser."""

    visitor: Visitor
    person: Person

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor(
            institute_id=self.person.institute_id,
            person_id=PersonId(self.person.id),
            roles=frozenset({Role.ADMINISTRATOR}),
        )

    def seen(self, application: Application) -> str:
        """Return the mark of the preview, as its form carries it."""
        return preview(application.id, self.actor).mark

    def issue(self, application: Application) -> int:
        """Look at the preview, then issue; return the status."""
        address = f"{APPLICATIONS}/{application.id}/issue"
        seen = {"seen": self.seen(application)}
        return self.visitor.post(address, seen).status_code


@pytest.fixture
def make_office(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> Callable[..., Office]:
    """Make an administrator of the test's institute."""

    def make(person: Person | None = None, name: str = "Ruth Mensah") -> Office:
        found = person or make_person(name=name, email=f"{name[:4].lower()}@example.test")
        grant_role(PersonId(found.id), Role.ADMINISTRATOR, actor=system)
        return Office(sign_in(found), found)

    return make


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """The administrator a test is about."""
    return make_office()


@pytest.fixture
def award(candidate: Candidate, office: Office) -> Award:
    """An award that was issued to the candidate, its document not made yet."""
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    (issued,) = candidate.awards
    return issued
