"""A valid programme with two segments, a cohort that studies it, and people in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from courses.catalogue.drafts import (
    ActivityDraft,
    MaterialDraft,
    MinuteRange,
    ModuleDraft,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.models import (
    ActivityKind,
    Audience,
    MaterialKind,
    ModuleId,
    ProgrammeId,
    SegmentId,
    Timing,
)
from courses.catalogue.publishing import publish_module, publish_programme, publish_segment
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def segment_draft(**given: Any) -> SegmentDraft:
    """Return a valid segment with a session, a step for each time and a material."""
    given.setdefault("number", 1)
    given.setdefault("slug", f"segment-{given['number']}")
    given.setdefault("title", english(f"Segment about {given['slug']}"))
    given.setdefault("content", english("A practice model lives in what leaders do."))
    given.setdefault("reading", MinuteRange(0, 60))
    given.setdefault("coaching", MinuteRange(60, 60))
    given.setdefault(
        "session",
        SessionDraft(
            number=given["number"],
            minutes=MinuteRange(30, 45),
            opening=english("Open with a welcome."),
            wrap_up=english("Ask what was useful."),
            equity_prompt=english("Whose voice is missing?"),
            steps=(
                StepDraft(english("Look back together")),
                StepDraft(english("Do not assess today"), Audience.COACH),
            ),
            questions=(english("What made it possible?"),),
        ),
    )
    given.setdefault(
        "activities", (activity("read"), activity("rank"), activity("prepare", Timing.PREPARATION))
    )
    given.setdefault(
        "materials",
        (MaterialDraft("sheet", MaterialKind.TEMPLATE, english("Sheet"), body=english("Write *here*.")),),
    )
    return SegmentDraft(**given)


def activity(key: str, timing: Timing = Timing.BEFORE, **given: Any) -> ActivityDraft:
    """Return a valid activity."""
    return ActivityDraft(key, timing, ActivityKind.READING, english(f"Do {key}"), minutes=10, **given)


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
        programme_id = publish_programme(ProgrammeDraft("leadership", english("Leadership")), actor=actor)
        module_id = publish_module(
            ModuleDraft(
                number=1,
                slug="module-1",
                title=english("Core practice"),
                description=english("Where it comes from."),
                reading=MinuteRange(0, 120),
                coaching=MinuteRange(120, 120),
            ),
            programme_id=programme_id,
            actor=actor,
        )
        first = publish_segment(segment_draft(), module_id=module_id, actor=actor)
        second = publish_segment(segment_draft(number=2), module_id=module_id, actor=actor)
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
        return Studied(programme_id, module_id, (first, second), cohort_id)

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

    def make(person: Person | None = None, **given: Any) -> tuple[Person, EnrolmentId]:
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
