"""A segment with something to do of every kind, a participant at work on it, and their coach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from courses.activities.models import Work, WorkRevision
from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    MaterialDraft,
    ProgrammeContent,
    ProgrammeDraft,
    ScalePointDraft,
)
from courses.catalogue.models import ActivityKind, MaterialKind, Step, Timing
from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import ActivityCompletion, CohortId, EnrolmentId
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import english, module, publish, segment_draft

NOW = datetime(2026, 10, 14, 19, tzinfo=UTC)
AREAS = ("listen", "ask", "plan")
ITEMS = [f"{area}-{number}" for area in AREAS for number in (1, 2)]
INSTRUMENT = InstrumentDraft(
    key="start",
    title=english("Where I start"),
    intro=english("Answer *honestly*."),
    scale=tuple(
        ScalePointDraft(value, english(word)) for value, word in enumerate(("Never", "Seldom", "Often"), 1)
    ),
    areas=tuple(
        InstrumentAreaDraft(
            area,
            english(f"Area {area}"),
            tuple(ItemDraft(f"{area}-{number}", english(f"I {area} {number}")) for number in (1, 2)),
        )
        for area in AREAS
    ),
    priorities=2,
    questions=(english("Why now?"), english("Who helps?")),
)


def doing(key: str, kind: ActivityKind, **given: Any) -> ActivityDraft:
    """Return an activity of a kind."""
    return ActivityDraft(key, Timing.BEFORE, kind, english(f"Do {key}"), **given)


ACTIVITIES = (
    doing("reflect", ActivityKind.REFLECTION, prompt=english("What did you **notice**?")),
    doing("old", ActivityKind.REFLECTION),
    doing("assess", ActivityKind.ASSESSMENT, instrument="start"),
    doing("write", ActivityKind.DOCUMENT, material="sheet"),
    doing("hand-in", ActivityKind.UPLOAD, prompt=english("Hand in your plan.")),
    doing("accept", ActivityKind.ACKNOWLEDGEMENT, material="overview"),
    doing("read", ActivityKind.READING, material="overview"),
    doing("practise", ActivityKind.PRACTICE),
    doing("meet", ActivityKind.ATTEND, session_number=1),
)
MATERIALS = (
    MaterialDraft(
        "sheet", MaterialKind.TEMPLATE, english("Sheet"), body=english("# My plan\n\nWrite *here*.")
    ),
    MaterialDraft(
        "overview", MaterialKind.DOCUMENT, english("Overview"), body=english("All **nine** modules.")
    ),
)


def everything(slug: str = "leadership") -> ProgrammeContent:
    """Return a programme with one segment that has something of every kind."""
    segment = segment_draft(activities=ACTIVITIES, materials=MATERIALS)
    return ProgrammeContent(ProgrammeDraft(slug, english("Leadership")), (module(segment),), (INSTRUMENT,))


def filled(**given: str) -> dict[str, Any]:
    """Return a form with every statement answered."""
    return {**{f"item-{key}": str(1 + at % 3) for at, key in enumerate(ITEMS)}, **given}


@dataclass(frozen=True, slots=True)
class Working:
    """Somebody at work, and their coach of today."""

    person: Visitor
    coach: Visitor
    enrolment_id: EnrolmentId

    def url(self, key: str, more: str = "") -> str:
        """Return where a step is worked on."""
        return f"/participant/activities/module-1/segment-1/{key}{more}"

    def page(self, key: str) -> str:
        """Open a step."""
        answer = self.person.get(self.url(key))
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def send(self, key: str, more: str = "", *, revision: int | None = None, **fields: Any) -> TestResponse:
        """Send a step's form as a page with the newest revision does, or with the one given."""
        known = self.revision(key) if revision is None else revision
        return self.person.post(self.url(key, more), {"_revision": str(known), **fields})

    def revision(self, key: str) -> int:
        """Return the revision that stands for a step."""
        work = self.work(key)
        return work.revision if work else 0

    def work(self, key: str) -> Work | None:
        """Return what stands for a step."""
        step = select(Step.id).where(Step.key == key).scalar_subquery()
        return db.session.scalar(
            select(Work).where(Work.enrolment_id == self.enrolment_id, Work.step_id == step)
        )

    def kept(self, key: str) -> list[str]:
        """Return the texts in the history of a step, with what became of each."""
        step = select(Step.id).where(Step.key == key).scalar_subquery()
        rows = db.session.scalars(
            select(WorkRevision)
            .join(Work, Work.id == WorkRevision.work_id)
            .where(Work.enrolment_id == self.enrolment_id, Work.step_id == step)
            .order_by(WorkRevision.id)
        )
        return [f"{row.outcome}: {row.text}" for row in rows]

    def ticked(self, key: str) -> bool:
        """Tell whether a step is ticked."""
        standing = (
            select(ActivityCompletion.id)
            .join(Step, Step.id == ActivityCompletion.step_id)
            .where(
                Step.key == key,
                ActivityCompletion.enrolment_id == self.enrolment_id,
                ActivityCompletion.undone_at.is_(None),
            )
        )
        return db.session.scalar(standing) is not None


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def cohort_id(system: Actor) -> CohortId:
    """A cohort that studies everything."""
    return open_cohort(
        CohortDraft(
            slug="autumn",
            name=english("Autumn"),
            programme_id=publish(everything(), actor=system),
            timezone="America/Los_Angeles",
            starts=date(2026, 9, 1),
        ),
        actor=system,
    )


@pytest.fixture
def make_working(
    cohort_id: CohortId,
    system: Actor,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Callable[..., Working]:
    """Make a participant with a coach since September."""

    def make(name: str = "Lucía Ortega") -> Working:
        person, coach = make_person(name=name), make_person(name=f"Coach of {name}")
        enrolment_id = enrol(cohort_id, PersonId(person.id), actor=system)
        assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
        return Working(
            sign_in(person, roles=[Role.PARTICIPANT], place=cohort_id),
            sign_in(coach, place=cohort_id),
            enrolment_id,
        )

    return make


@pytest.fixture
def working(make_working: Callable[..., Working]) -> Working:
    """The participant and the coach that a test is about."""
    return make_working()
