"""A programme, its draft, a resource, a framework and a vocabulary in which every text is an attack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

import pytest

from courses.authoring.replacing import put_content
from courses.catalogue.drafts import (
    ActivityDraft,
    AreaDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    MaterialDraft,
    ObjectiveDraft,
    OnboardingDraft,
    ProgrammeContent,
    ScalePointDraft,
)
from courses.catalogue.fields import texts_of, with_texts
from courses.catalogue.models import ActivityKind, MaterialKind, ObjectiveKind, Timing
from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CohortId
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.library.drafts import ResourceDraft
from courses.library.keeping import put_resource
from courses.library.models import ResourceKind
from institute.actors import Actor, PersonId, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.courses.catalogue.attacks import every_attack, own_attacks, public_attacks
from tests.courses.frameworks.conftest import framework_draft, vocabulary_draft
from tests.programmes import english, module, programme, publish, segment_draft

Draft = TypeVar("Draft")

LONG: Final = ("content", "body", "prompt", "toolkit", "local_note", "description", "summary")
# No page takes a NUL from anybody, and PostgreSQL keeps none.
IN_MARKDOWN: Final = "\n\n".join(f"### {name}\n\n{attack}" for name, attack in every_attack()).replace(
    "\x00", ""
)
# Titles stand on a page many times over.
IN_A_LINE: Final = " ".join(
    attack for _, attack in [*public_attacks(), *own_attacks()] if len(attack) < 100
).replace("\x00", "")
HERE: Final = "/leadership/module-1"


@dataclass(frozen=True, slots=True)
class Attacked:
    """An institute whose authors wrote nothing but attacks, and people of each role in it."""

    cohort_id: CohortId
    participant: Person
    coach: Person
    author: Person

    @property
    def pages(self) -> list[tuple[Person, Role, str]]:
        """Who opens which page: every page that shows what authors wrote."""
        works = ("reflect", "assess", "fill-in", "hand-in", "acknowledge")
        segment = "/participant/modules/module-1/segment-1"
        participant = [
            "/participant/modules/",
            "/participant/modules/module-1",
            segment,
            f"{segment}/materials/sheet",
            *(f"/participant/activities/module-1/segment-1/{key}" for key in works),
            f"/participant/guides{HERE}",
            "/participant/library/",
            "/participant/library/attack",
            "/participant/frameworks/",
            "/participant/frameworks/practice",
            "/participant/frameworks/vocabularies/values",
        ]
        coach = [
            f"/coach/programmes{HERE}/segment-1",
            f"/coach/programmes{HERE}/segment-1/materials/sheet",
            f"/coach/guides{HERE}",
            f"/coach/guides{HERE}/coach",
            f"/coach/guides{HERE}/quick",
            "/coach/library/attack",
        ]
        preview = f"/author/preview{HERE}"
        author = [
            "/author/programmes/leadership",
            preview,
            f"{preview}/segment-1",
            f"{preview}/segment-1/materials/sheet",
            *(f"{preview}/segment-1?who={who}" for who in ("guide", "coach", "quick")),
            "/author/library/attack/edit",
            "/author/frameworks/practice",
            "/author/frameworks/practice/elements/listening",
            "/author/frameworks/practice/history",
        ]
        return [
            *((self.participant, Role.PARTICIPANT, path) for path in participant),
            *((self.coach, Role.COACH, path) for path in coach),
            *((self.author, Role.AUTHOR, path) for path in author),
        ]


def spoilt(draft: Draft) -> Draft:
    """Return a draft of any kind with an attack in place of each of its texts."""
    texts = {
        path: english(IN_MARKDOWN if path.rpartition("/")[2] in LONG else IN_A_LINE)
        for path in texts_of(draft)
    }
    return with_texts(draft, texts)


def attacked_content() -> ProgrammeContent:
    """Return a programme with everything that a programme may have, all of it attacks."""
    plain = english("x")
    activities = (
        ActivityDraft("reflect", Timing.BEFORE, ActivityKind.REFLECTION, plain, plain, prompt=plain),
        ActivityDraft(
            "assess", Timing.BEFORE, ActivityKind.ASSESSMENT, plain, prompt=plain, instrument="own"
        ),
        ActivityDraft("fill-in", Timing.BEFORE, ActivityKind.DOCUMENT, plain, prompt=plain, material="sheet"),
        ActivityDraft("hand-in", Timing.BETWEEN, ActivityKind.UPLOAD, plain, plain, prompt=plain),
        ActivityDraft("acknowledge", Timing.AFTER, ActivityKind.ACKNOWLEDGEMENT, plain, material="sheet"),
    )
    materials = (
        MaterialDraft("sheet", MaterialKind.TEMPLATE, plain, plain, body=plain),
        MaterialDraft("kept", MaterialKind.DOCUMENT, plain, resource="attack"),
        MaterialDraft("away", MaterialKind.LINK, plain, url="https://example.org/"),
    )
    first = segment_draft(activities=activities, materials=materials, local_note=plain)
    assert first.session is not None
    first = replace(
        first,
        objectives=(ObjectiveDraft(ObjectiveKind.SKILL, plain),),
        session=replace(first.session, onboarding=OnboardingDraft("sheet", ("reflect",))),
    )
    instrument = InstrumentDraft(
        "own",
        plain,
        (ScalePointDraft(1, plain), ScalePointDraft(2, plain)),
        (InstrumentAreaDraft("one", plain, (ItemDraft("first", plain),)),),
        intro=plain,
        priorities=1,
        questions=(plain,),
    )
    area = AreaDraft("area", plain, plain, ("attack",))
    whole = programme(
        module(first, objectives=(ObjectiveDraft(ObjectiveKind.ATTITUDE, plain),), areas=(area,))
    )
    content = spoilt(replace(whole, instruments=(instrument,)))
    ((one,),) = ([*each.segments] for each in content.modules)
    with_media = Localised.of(
        {"en": f"{IN_MARKDOWN}\n\n![look](resource:attack)\n\nSee [it](resource:attack)."}
    )
    changed = replace(content.modules[0], segments=(replace(one, content=with_media),))
    return replace(content, modules=(changed,))


@pytest.fixture
def attacked(system: Actor, make_person: Callable[..., Person]) -> Attacked:
    """The institute in which every text is an attack, published and as drafts."""
    lines = english(IN_A_LINE)
    put_framework(spoilt(framework_draft()), actor=system)
    put_vocabulary(spoilt(vocabulary_draft()), actor=system)
    resource = ResourceDraft(
        "attack",
        ResourceKind.PROTOCOL,
        english("x"),
        summary=english(IN_A_LINE[:2000]),
        body=english(IN_MARKDOWN),
    )
    put_resource(resource, actor=system)
    content = attacked_content()
    programme_id = publish(content, actor=system)
    put_content(content, actor=system)
    cohort = CohortDraft(
        slug="autumn",
        name=lines,
        programme_id=programme_id,
        timezone="America/Los_Angeles",
        starts=date(2026, 9, 1),
    )
    cohort_id = open_cohort(cohort, actor=system)
    participant, coach, author = (make_person(name=f'"><script>alert("{name}")</script>') for name in "abc")
    enrolment_id = enrol(cohort_id, PersonId(participant.id), actor=system)
    assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
    return Attacked(cohort_id, participant, coach, author)
