"""A coordinator, coaches with and without what is asked of them, and people who wait for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from courses.coaches.models import RequirementKind
from courses.coaches.profiles import ProfileDraft, put_profile
from courses.coaches.recording import RecordSheet, record_qualification
from courses.coaches.requiring import RequirementDraft, put_requirement
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import CoachAssignmentId, EnrolmentId, RecipientType, Setting
from courses.cohorts.recipients import RecipientDraft, record_recipient
from institute.actors import Actor, PersonId, Role
from institute.db import transaction
from institute.people.granting import grant_role
from institute.people.institutes import put_organisation
from institute.people.models import Organisation, OrganisationId, OrganisationKind, Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import english

Enrolled = Callable[..., tuple[Person, EnrolmentId]]


@dataclass(frozen=True, slots=True)
class Places:
    """Two regions with a site each."""

    valley: OrganisationId
    valley_site: OrganisationId
    coast: OrganisationId
    coast_site: OrganisationId


@pytest.fixture
def places(system: Actor) -> Places:
    """Make them."""
    for key, parent in (
        ("valley", None),
        ("valley-site", "valley"),
        ("coast", None),
        ("coast-site", "coast"),
    ):
        kind = OrganisationKind.SITE if parent else OrganisationKind.REGION
        put_organisation(key=key, kind=kind, name=english(key.title()), parent=parent, actor=system)
    with transaction() as session:
        ids = {row.key: row.id for row in session.query(Organisation)}
    return Places(ids["valley"], ids["valley-site"], ids["coast"], ids["coast-site"])


@pytest.fixture
def make_coordinator(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> Callable[..., tuple[Person, Visitor]]:
    """Grant the role, for the whole institute or at an organisation, and sign in."""

    def make(*, at: OrganisationId | None = None, name: str = "Marisol Vega") -> tuple[Person, Visitor]:
        person = make_person(name=name)
        grant_role(PersonId(person.id), Role.COORDINATOR, at=at, actor=system)
        return person, sign_in(person)

    return make


@pytest.fixture
def coordinator(make_coordinator: Callable[..., tuple[Person, Visitor]]) -> Visitor:
    """A coordinator of the whole institute."""
    return make_coordinator()[1]


@pytest.fixture
def make_coach(make_person: Callable[..., Person], system: Actor) -> Callable[..., Person]:
    """Enter somebody as a coach."""

    def make(name: str = "Amina Haddad", **draft: Any) -> Person:
        person = make_person(name=name)
        put_profile(PersonId(person.id), ProfileDraft(**draft), actor=system)
        return person

    return make


@pytest.fixture
def make_requirement(system: Actor) -> Callable[..., str]:
    """Ask something of coaches."""

    def make(key: str = "degree", **given: Any) -> str:
        given.setdefault("kind", RequirementKind.DEGREE)
        given.setdefault("title", english(key.title()))
        put_requirement(RequirementDraft(key=key, **given), actor=system)
        return key

    return make


@pytest.fixture
def verify(system: Actor) -> Callable[..., None]:
    """Write down that something was verified of a coach."""

    def write(person: Person, key: str = "degree", **given: str) -> None:
        sheet = RecordSheet(requirement=key, **{"on": "2026-01-15", **given})
        checked = record_qualification(PersonId(person.id), sheet, None, actor=system)
        assert checked.record_id is not None, checked.problems

    return write


@pytest.fixture
def place_at(system: Actor) -> Callable[..., None]:
    """Record where somebody works."""

    def record(enrolment_id: EnrolmentId, site_id: OrganisationId | None, **given: Any) -> None:
        since = given.pop("since", date(2026, 9, 1))
        given.setdefault("type", RecipientType.LEAD_TEACHER)
        given.setdefault("setting", Setting.CENTRE)
        record_recipient(enrolment_id, RecipientDraft(site_id=site_id, **given), since=since, actor=system)

    return record


@pytest.fixture
def make_coached(
    make_enrolment: Enrolled, make_coach: Callable[..., Person], system: Actor
) -> Callable[..., tuple[Person, Person, EnrolmentId, CoachAssignmentId]]:
    """Enrol somebody with a coach."""

    def make(
        since: date = date(2026, 9, 1), **given: Any
    ) -> tuple[Person, Person, EnrolmentId, CoachAssignmentId]:
        person, enrolment_id = make_enrolment(name=given.pop("name", "Lucía Ortega"))
        coach = given.pop("coach", None) or make_coach()
        made = assign_coach(enrolment_id, PersonId(coach.id), since=since, actor=system, **given)
        return person, coach, enrolment_id, made

    return make


@pytest.fixture
def side(studied: Studied, sign_in: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Sign somebody in as a participant, or as what they are by themselves."""

    def enter(person: Person, *roles: Role) -> Visitor:
        return sign_in(person, roles=list(roles), place=studied.cohort_id)

    return enter


@dataclass(frozen=True, slots=True)
class Desk:
    """A coordinator at work: the browser, and what the tests make."""

    visitor: Visitor
    enrol: Enrolled
    coach: Callable[..., Person]
    require: Callable[..., str]
    verify: Callable[..., None]
    system: Actor


@pytest.fixture
def desk(request: pytest.FixtureRequest, coordinator: Visitor, system: Actor) -> Desk:
    """The desk of a coordinator of the whole institute."""
    made = request.getfixturevalue
    return Desk(
        coordinator,
        made("make_enrolment"),
        made("make_coach"),
        made("make_requirement"),
        made("verify"),
        system,
    )
