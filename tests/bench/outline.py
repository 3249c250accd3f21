"""A programme of 50 modules × 10 segments × 5 languages: its outline for authors, translators and participants.

Target: at most 5 queries, and three times the CPU of a page of thirty rows (2.5 ms on SQLite, 4 on PostgreSQL). That
page is measured beside them, so that a slow machine is seen as one.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from courses.catalogue.drafts import (
    ActivityDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
    ObjectiveDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import ActivityKind, ObjectiveKind, ProgrammeVersion, Timing
from courses.catalogue.publishing import publish_version
from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.db import db
from institute.i18n import LOCALES, Localised
from institute.people.institutes import put_person
from institute.people.models import Person
from tests.bench.measuring import cpu_ms, make_app, queries_of, spread
from tests.bench.page import MOST_MS, MOST_QUERIES, fill
from tests.bench.page import PAGE as THIRTY_ROWS
from tests.browsing import Visitor, visit

MODULES, SEGMENTS = 50, 10
ROUNDS, WARM_UP = 80, 8
TIMES = 3
PAGES = {
    "author's outline": (Role.AUTHOR, "/author/programmes/large"),
    "translator's list": (Role.TRANSLATOR, "/translator/texts/large/vi/"),
    "participant's modules": (Role.PARTICIPANT, "/participant/modules/"),
    "one module": (Role.PARTICIPANT, "/participant/modules/module-7"),
}


def text(words: str) -> Localised:
    """Return a text in all languages."""
    return Localised.of({locale: f"{words} ({locale})" for locale in LOCALES})


def large() -> ProgrammeContent:
    """Return the programme."""
    hour = MinuteRange(0, 60)
    segments = tuple(
        SegmentDraft(
            number=number,
            slug=f"segment-{number}",
            title=text(f"Segment {number}"),
            content=text("What leaders do when nobody is grading them. " * 40),
            reading=hour,
            coaching=hour,
            objectives=(ObjectiveDraft(ObjectiveKind.SKILL, text("Do it.")),),
            activities=tuple(
                ActivityDraft(f"do-{key}", Timing.BEFORE, ActivityKind.READING, text(f"Read {key}"))
                for key in range(3)
            ),
        )
        for number in range(1, SEGMENTS + 1)
    )
    span = MinuteRange(0, 60 * SEGMENTS)
    modules = (
        ModuleDraft(number, f"module-{number}", text(f"Module {number}"), text("About it."), span, span)
        for number in range(1, MODULES + 1)
    )
    return ProgrammeContent(
        ProgrammeDraft("large", text("Large")), tuple(ModuleContent(module, segments) for module in modules)
    )


def prepare(app: Flask) -> tuple[PersonId, CohortId, CohortId]:
    """Publish it; return somebody who studies it, their cohort, and a cohort of thirty of another programme."""
    with app.app_context():
        thirty = db.session.scalars(select(Cohort).order_by(Cohort.id)).first()
        assert thirty is not None
        actor = Actor(institute_id=InstituteId(thirty.institute_id), person_id=None)
        version = db.session.get_one(ProgrammeVersion, publish_version(large(), actor=actor))
        person_id = put_person(key="bench-reader", name="Ana", email="", locale=None, actor=actor)
        cohort_id = open_cohort(
            CohortDraft(
                slug="large",
                name=text("Large"),
                programme_id=version.programme_id,
                timezone="America/Los_Angeles",
                starts=date(2026, 9, 1),
            ),
            actor=actor,
        )
        enrol(cohort_id, person_id, actor=actor)
        fill(thirty, 30)
        return person_id, cohort_id, CohortId(thirty.id)


def measured(app: Flask, visitor: Visitor, address: str) -> tuple[list[float], int, int]:
    """Return the CPU of many views of a page, its queries, and its bytes."""
    answer = visitor.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} was answered with {answer.status_code}.")
    figures = [cpu_ms(visitor.get, address)[0] for _ in range(ROUNDS + WARM_UP)][WARM_UP:]
    return figures, queries_of(app, visitor, address), len(answer.data)


def main() -> None:
    """Measure each page and the page of thirty rows, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        person_id, cohort_id, thirty = prepare(app)
        with app.app_context():
            kind = db.engine.dialect.name
            person = db.session.get_one(Person, person_id)
            leader = visit(app, person, roles=[Role.FACILITATOR], place=thirty)
            visitors = {
                name: visit(app, person, roles=[role], place=cohort_id) for name, (role, _) in PAGES.items()
            }
        limit = TIMES * MOST_MS[kind]
        sys.stdout.write(f"{MODULES} modules x {SEGMENTS} segments x {len(LOCALES)} languages, CPU, {kind}\n")
        reference, _, _ = measured(app, leader, THIRTY_ROWS)
        usual = sorted(reference)[len(reference) // 2]
        sys.stdout.write(f"  {'a page of 30 rows':22} {spread(reference)}   (the reference)\n")
        for name, (_, address) in PAGES.items():
            figures, queries, size = measured(app, visitors[name], address)
            ratio = sorted(figures)[len(figures) // 2] / usual
            sys.stdout.write(
                f"  {name:22} {spread(figures)}, {ratio:.1f} x the reference, {queries} queries, {size // 1000} kB"
                f"   target: {limit} ms, {TIMES} x, {MOST_QUERIES} queries\n"
            )


if __name__ == "__main__":
    main()
