"""Somebody who studies, their coach, and a programme with everything that a guide can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ModuleContent,
    ObjectiveDraft,
    OnboardingDraft,
    ProgrammeContent,
    ScalePointDraft,
    SegmentDraft,
)
from courses.catalogue.models import ActivityKind, ObjectiveKind, Timing
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import Change, activity, english, module, renew, segment_draft, with_modules

PARTICIPANT = "/participant/guides/leadership/module-1"
COACH = "/coach/guides/leadership/module-1"
# What the coach's script says, and nobody else reads.
SECRETS = ("Do not assess today", "What made it possible?", "Open with a welcome.", "Ask what was useful.")
FIVE = Localised.of(
    {
        "en": "What leaders do",
        "es": "Lo que hacen quienes dirigen",
        "zh_Hant": "領導者的作為",
        "vi": "Việc người lãnh đạo làm",
        "ar": "ما يفعله القادة",
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people in their browsers, and the enrolment of the one who studies."""

    participant: Visitor
    coach: Visitor
    enrolment_id: EnrolmentId


@pytest.fixture
def make_pair(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    make_person: Callable[..., Person],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> Callable[..., Pair]:
    """Make somebody who studies, with a coach of their own."""
    count = 0

    def make(name: str = "Lucía Ortega") -> Pair:
        nonlocal count
        count += 1
        coach = make_person(name="Amina Haddad", email=f"coach-{count}@example.test")
        person, enrolment_id = make_enrolment(name=name, email=f"person-{count}@example.test")
        assign_coach(enrolment_id, PersonId(coach.id), since=date(2025, 9, 1), actor=system)
        return Pair(
            sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id),
            sign_in(coach, place=studied.cohort_id),
            enrolment_id,
        )

    return make


@pytest.fixture
def pair(make_pair: Callable[..., Pair]) -> Pair:
    """The two people a test is about."""
    return make_pair()


@pytest.fixture
def author(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], studied: Studied) -> Visitor:
    """Somebody who writes."""
    return sign_in(make_person(name="Noor", email="noor@example.test"), roles=[Role.AUTHOR])


@pytest.fixture
def make_version(studied: Studied, system: Actor) -> Callable[[Change], object]:
    """Publish a changed programme and move everybody there."""
    return lambda change: renew(change, actor=system)


@pytest.fixture
def full(make_version: Callable[[Change], object]) -> ProgrammeContent:
    """A programme with all that a guide can hold: onboarding, prompts, an instrument, a note of the institute."""
    made: list[ProgrammeContent] = []

    def change(content: ProgrammeContent) -> ProgrammeContent:
        changed = with_modules(full_module())(content)
        made.append(replace(changed, instruments=(INSTRUMENT,)))
        return made[0]

    make_version(change)
    return made[0]


ITEMS = tuple(
    ItemDraft(f"item-{place}", english(text))
    for place, text in enumerate(("I listen first.", "I ask before I answer.", "I say what I heard."))
)
INSTRUMENT = InstrumentDraft(
    "look-at-yourself",
    english("Look at yourself"),
    tuple(
        ScalePointDraft(value, english(label))
        for value, label in enumerate(("never", "sometimes", "often", "always"), start=1)
    ),
    (InstrumentAreaDraft("listening", english("Listening"), ITEMS),),
    intro=english("Think of the *last month*."),
    priorities=1,
    questions=(english("What surprised you?"),),
)


def full_module() -> ModuleContent:
    """Return a module of two segments with everything in it."""
    first = segment_draft(
        title=FIVE,
        objectives=(ObjectiveDraft(ObjectiveKind.SKILL, english("Tell the story.")),),
        local_note=english("Our office opens at **nine**."),
        activities=(
            replace(activity("read"), kind=ActivityKind.ACKNOWLEDGEMENT, material="sheet"),
            replace(
                activity("look", Timing.AFTER),
                kind=ActivityKind.ASSESSMENT,
                instrument="look-at-yourself",
                prompt=english("Answer *each* statement."),
            ),
            activity("prepare", Timing.PREPARATION),
        ),
    )
    return module(with_onboarding(first), segment_draft(number=2), description=FIVE)


def with_onboarding(segment: SegmentDraft) -> SegmentDraft:
    """Return a segment whose session goes through an overview and gives a first assignment."""
    assert segment.session is not None
    return replace(segment, session=replace(segment.session, onboarding=OnboardingDraft("sheet", ("look",))))
