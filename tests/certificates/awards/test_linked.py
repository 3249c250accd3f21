"""Levels and duties belong to people, whichever of their accounts they came by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from certificates.awards.applications.gathering import find_candidacy, gather
from certificates.awards.models import Award
from courses.cohorts.assigning import assign_coach
from institute.actors import Actor
from institute.people.linking import link_people
from institute.people.models import Person
from tests.certificates.awards.conftest import APPLICATIONS, Candidate, Office

MakePerson = Callable[..., Person]


def test_nobody_decides_about_their_own_other_account(
    candidate: Candidate, office: Office, system: Actor
) -> None:
    assert candidate.apply() == 303
    link_people(candidate.person.id, office.person.id, actor=system)
    assert office.issue(candidate.application) == 403
    assert candidate.awards == []


def test_nobody_decides_about_whom_their_other_account_coached(
    candidate: Candidate, office: Office, system: Actor, make_person: MakePerson
) -> None:
    assert candidate.apply() == 303
    coach = make_person(name="Ruth at the other platform")
    assign_coach(candidate.enrolment_id, coach.id, since=date(2026, 10, 14), actor=system)
    link_people(coach.id, office.person.id, actor=system)
    assert "Another issuer" in office.visitor.get(f"{APPLICATIONS}/").text
    assert office.issue(candidate.application) == 403


def test_a_level_that_the_other_account_holds_is_held(
    award: Award, make_candidate: Callable[..., Candidate], candidate: Candidate, system: Actor
) -> None:
    again = make_candidate()
    link_people(candidate.person.id, again.person.id, actor=system)
    facts = gather(find_candidacy(again.enrolment_id, again.person.institute_id)).facts
    assert set(facts.levels_held) == {"novice"}
    assert again.apply() == 409
    assert award.serial in again.visitor.get("/participant/certificates/").text
