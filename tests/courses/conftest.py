"""A valid programme with two segments, a cohort that studies it, and people in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from courses.catalogue.models import ModuleId, ProgrammeId, SegmentId
from courses.catalogue.queries import load_outline, newest_version
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import english, programme, publish


@dataclass(frozen=True, slots=True)
class Studied:
    """A programme with one module and two segments of three steps each, and a cohort that studies it."""

    programme_id: ProgrammeId
    module_id: ModuleId
    segment_ids: tuple[SegmentId, SegmentId]
    cohort_id: CohortId


@pytest.fixture
def make_studied(app: object) -> Callable[[Actor], Studied]:
    """Make a programme and its cohort in the actor's institute."""

    def make(actor: Actor) -> Studied:
        programme_id = publish(programme(), actor=actor)
        outline = load_outline(actor.institute_id, newest_version(actor.institute_id, "leadership"))
        ((line, first), (_, second)) = outline.segments()
        cohort_id = open_cohort(
            CohortDraft(
                slug="autumn",
                name=english("Autumn"),
                programme_id=programme_id,
                timezone="America/Los_Angeles",
                starts=date(2026, 9, 1),
            ),
            actor=actor,
        )
        return Studied(programme_id, line.id, (first.id, second.id), cohort_id)

    return make


@pytest.fixture
def studied(make_studied: Callable[[Actor], Studied], system: Actor) -> Studied:
    """The programme and cohort that a test is about."""
    return make_studied(system)


@pytest.fixture
def make_enrolment(
    studied: Studied, system: Actor, make_person: Callable[..., Person]
) -> Callable[..., tuple[Person, EnrolmentId]]:
    """Enrol a new person, or the one given."""

    def make(person: Person | None = None, **given: str) -> tuple[Person, EnrolmentId]:
        found = person or make_person(**given)
        return found, enrol(studied.cohort_id, PersonId(found.id), actor=system)

    return make


@pytest.fixture
def participant(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    studied: Studied,
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """A browser of somebody enrolled, opened through the cohort's course."""
    person, _ = make_enrolment()
    return sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
