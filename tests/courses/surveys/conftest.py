"""A cohort that is asked in rounds: a reflection, both sides' relationship surveys, an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ProgrammeContent,
    ProgrammeDraft,
    ScalePointDraft,
)
from courses.catalogue.models import Instrument, PartId, Purpose
from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import Cohort, CohortId, EnrolmentId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import english, module, publish, segment_draft

STARTS = date(2026, 9, 1)
AREAS = ("listen", "ask", "plan")
ITEMS = [f"{area}-{number}" for area in AREAS for number in (1, 2)]


def on_day(days: int) -> datetime:
    """Return noon in Los Angeles, so many days after the cohort's first day."""
    return datetime.combine(STARTS, time(19), UTC) + timedelta(days=days)


def instrument(purpose: Purpose, **given: Any) -> InstrumentDraft:
    """Return an instrument with two statements in each of three areas, on a scale from 1 to 4."""
    return InstrumentDraft(
        key=purpose.value.replace("_", "-"),
        title=english(f"The {purpose.value}"),
        scale=tuple(
            ScalePointDraft(value, english(word))
            for value, word in enumerate(("Never", "Seldom", "Often", "Always"), 1)
        ),
        areas=tuple(
            InstrumentAreaDraft(
                area,
                english(f"Area {area}"),
                tuple(ItemDraft(f"{area}-{number}", english(f"I {area} {number}")) for number in (1, 2)),
            )
            for area in AREAS
        ),
        questions=(english("What else?"),),
        purpose=purpose,
        **given,
    )


def content() -> ProgrammeContent:
    """Return a programme with an instrument for each purpose that has rounds."""
    asked = [one for one in Purpose if one is not Purpose.SELF_ASSESSMENT]
    programme = ProgrammeDraft("leadership", english("Leadership"))
    return ProgrammeContent(programme, (module(segment_draft()),), tuple(map(instrument, asked)))


def answers(value: int = 3, /, **given: str) -> dict[str, str]:
    """Return a form in which every statement has one value."""
    return {**{f"item-{key}": str(value) for key in ITEMS}, **given}


@dataclass(frozen=True, slots=True)
class Pair:
    """A participant and their coach of today. Each use of a browser begins a visit: the clock is moved far."""

    enter_person: Callable[[], Visitor]
    enter_coach: Callable[[], Visitor]
    person_id: PersonId
    coach_id: PersonId
    enrolment_id: EnrolmentId

    @property
    def person(self) -> Visitor:
        """The participant's browser."""
        return self.enter_person()

    @property
    def coach(self) -> Visitor:
        """The coach's browser."""
        return self.enter_coach()

    def send(self, purpose: Purpose, stage: str, value: int = 3, /, **given: str) -> TestResponse:
        """Send answers as the participant does."""
        return self.person.post(self.url(purpose, stage), {"do": "send", **answers(value), **given})

    def url(self, purpose: Purpose, stage: str) -> str:
        """Return where the participant answers a round."""
        return f"/participant/surveys/{part(purpose)}-{stage}"

    def coach_url(self, purpose: Purpose, stage: str) -> str:
        """Return where the coach answers a round."""
        return f"/coach/surveys/{self.enrolment_id}/{part(purpose)}-{stage}"


def cohort() -> CohortId:
    """Return the cohort that is asked."""
    return db.session.scalars(select(Cohort.id)).one()


def part(purpose: Purpose) -> PartId:
    """Return the part of an instrument."""
    key = purpose.value.replace("_", "-")
    return db.session.scalars(select(Instrument.part_id).where(Instrument.key == key)).one()


@pytest.fixture(autouse=True)
def tenth_day() -> Iterator[None]:
    """Let it be the tenth day of the cohort, noon in Los Angeles."""
    with clock.frozen(on_day(10)):
        yield


@pytest.fixture
def cohort_id(system: Actor) -> CohortId:
    """A cohort that is asked."""
    draft = CohortDraft(
        slug="autumn",
        name=english("Autumn"),
        programme_id=publish(content(), actor=system),
        timezone="America/Los_Angeles",
        starts=STARTS,
    )
    return open_cohort(draft, actor=system)


@pytest.fixture
def make_pair(
    cohort_id: CohortId,
    system: Actor,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Callable[..., Pair]:
    """Enrol somebody on the cohort's first day, with a coach."""

    def make(name: str = "Lucía Ortega", coach: Person | None = None) -> Pair:
        person, coach = make_person(name=name), coach or make_person(name=f"Coach of {name}")
        with clock.frozen(on_day(0)):
            enrolment_id = enrol(cohort_id, PersonId(person.id), actor=system)
        assign_coach(enrolment_id, PersonId(coach.id), since=STARTS, actor=system)
        return Pair(
            lambda: sign_in(person, roles=[Role.PARTICIPANT], place=cohort_id),
            lambda: sign_in(coach, place=cohort_id),
            PersonId(person.id),
            PersonId(coach.id),
            enrolment_id,
        )

    return make


@pytest.fixture
def pair(make_pair: Callable[..., Pair]) -> Pair:
    """The two that a test is about."""
    return make_pair()


@pytest.fixture
def facilitate(
    cohort_id: CohortId, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Callable[[], Visitor]:
    """Begin a visit of who leads the cohort."""
    person = make_person(name="Frida")
    return lambda: sign_in(person, roles=[Role.FACILITATOR], place=cohort_id)


@pytest.fixture
def coordinate(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Callable[[], Visitor]:
    """Begin a visit of a coordinator of the institute."""
    person = make_person(name="Carmen")
    return lambda: sign_in(person, roles=[Role.COORDINATOR])
