"""Versions come to a database that has people in it, and go again: what was done, read and retired is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flask_migrate
from sqlalchemy import select, text

from courses.catalogue.models import ProgrammeVersion
from courses.catalogue.publishing import publish_version
from courses.catalogue.reviving import content_of
from courses.cohorts.models import EnrolmentId
from courses.cohorts.queries import progress_of
from courses.cohorts.ticking import StepAddress, remember_place, tick
from institute.actors import Actor, PersonId
from institute.db import db
from institute.paths import MIGRATIONS
from institute.people.models import Person
from tests.courses.conftest import Studied
from tests.programmes import activity, english, module, programme, renew, segment_draft, with_segment

KEPT = (
    "SELECT id, slug, title, summary FROM programme ORDER BY id",
    "SELECT id, programme_id, number, slug, title, description, reading_max FROM module ORDER BY id",
    "SELECT id, module_id, slug, title, content, coaching_min FROM segment ORDER BY id",
    "SELECT id, segment_id, position, key, timing, kind, minutes, title, note FROM activity ORDER BY id",
    "SELECT segment_id, position, key, kind, title, detail, body, url FROM material ORDER BY segment_id, position",
    "SELECT segment_id, number, minutes_min, opening, wrap_up, equity_prompt FROM session_plan ORDER BY segment_id",
    "SELECT session_plan_id, position, text, audience FROM plan_step ORDER BY session_plan_id, position",
    "SELECT session_plan_id, position, text FROM reflective_question ORDER BY session_plan_id, position",
    "SELECT id, enrolment_id, activity_id, undone_at FROM activity_completion ORDER BY id",
    "SELECT id, cohort_id, person_id, last_segment_id FROM enrolment ORDER BY id",
    "SELECT key FROM activity WHERE retired_at IS NOT NULL ORDER BY id",
)


@dataclass(frozen=True)
class Learner:
    """Somebody who has done something."""

    person: PersonId
    enrolment: EnrolmentId


def learner(
    studied: Studied, make_enrolment: Callable[..., tuple[Person, EnrolmentId]], system: Actor
) -> Learner:
    """Enrol somebody who opens the first segment and ticks its first step off."""
    person, enrolment_id = make_enrolment()
    actor = Actor(institute_id=system.institute_id, person_id=person.id)
    remember_place(enrolment_id, studied.segment_ids[0], actor=actor)
    tick(enrolment_id, StepAddress("module-1", "segment-1", "read"), actor=actor)
    return Learner(person.id, enrolment_id)


def migrate(revision: str) -> None:
    """Bring the database to a revision, whichever way that is."""
    db.session.remove()
    if revision == "head":
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    else:
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)


def rows() -> list[list[tuple[str, ...]]]:
    """Return what the old tables hold, JSON and times as text."""
    with db.engine.connect() as connection:
        return [[tuple(map(str, row)) for row in connection.execute(text(statement))] for statement in KEPT]


def test_what_was_done_read_and_retired_is_kept_both_ways(
    studied: Studied, make_enrolment: Callable[..., tuple[Person, EnrolmentId]], system: Actor
) -> None:
    first = programme()
    somebody = learner(studied, make_enrolment, system)
    renew(with_segment(segment_draft(activities=(activity("rank"),))), actor=system)
    newest = programme(module(segment_draft(activities=(activity("rank"),)), segment_draft(number=2)))
    migrate("0023")
    try:
        before = rows()
        assert before[-1] == [("read",), ("prepare",)]
        assert [len(one) for one in before[:4]] == [1, 1, 2, 6]
        assert len(before[8]) == 1
        migrate("head")
        migrate("0023")
        assert rows() == before
    finally:
        migrate("head")
    versions = db.session.scalars(select(ProgrammeVersion.id).order_by(ProgrammeVersion.number)).all()
    assert [content_of(one) for one in versions] == [first, newest]
    assert publish_version(newest, actor=system) == versions[-1]
    assert progress_of(somebody.person, studied.cohort_id) == (0, 4)
    renew(lambda _content: first, actor=system)
    assert progress_of(somebody.person, studied.cohort_id) == (1, 6)


def test_what_points_at_an_older_version_points_at_the_newest_afterwards(
    studied: Studied, make_enrolment: Callable[..., tuple[Person, EnrolmentId]], system: Actor
) -> None:
    somebody = learner(studied, make_enrolment, system)
    publish_version(
        programme(module(segment_draft(title=english("Anew")), title=english("Anew"))), actor=system
    )
    migrate("0023")
    migrate("head")
    outline_title = "SELECT module.title FROM module JOIN segment ON module.id = module_id JOIN enrolment ON "
    assert "Anew" in str(db.session.scalar(text(outline_title + "last_segment_id = segment.id")))
    assert progress_of(somebody.person, studied.cohort_id) == (1, 3)


def test_a_database_without_programmes_is_migrated_too(system: Actor) -> None:
    migrate("0023")
    migrate("head")
    assert publish_version(programme(), actor=system)
