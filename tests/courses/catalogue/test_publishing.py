"""Publishing: a version that comes back exactly, never changes, and is made only where something differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ProgrammeContent,
    ScalePointDraft,
)
from courses.catalogue.models import PUBLISHED, Activity, Programme, ProgrammeVersion, Step
from courses.catalogue.publishing import ContentRefusedError, publish_version
from courses.catalogue.queries import list_programmes, load_outline, newest_version
from courses.catalogue.reviving import content_of, module_of, parts_of
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people.models import Institute
from tests.programmes import activity, english, module, programme, segment_draft


def scale() -> InstrumentDraft:
    """Return a valid instrument."""
    return InstrumentDraft(
        key="leading",
        title=english("How I lead"),
        scale=(ScalePointDraft(1, english("Not yet")), ScalePointDraft(2, english("Always"))),
        areas=(InstrumentAreaDraft("care", english("Care"), (ItemDraft("greets", english("Greets")),)),),
    )


def whole() -> ProgrammeContent:
    """Return a programme with a module, two segments and an instrument."""
    return replace(programme(), instruments=(scale(),))


def test_a_version_is_audited_and_becomes_what_the_programme_is(system: Actor, session: Session) -> None:
    version_id = publish_version(whole(), note="First", actor=system)
    (line,) = list_programmes(system.institute_id)
    assert (line.slug, line.version_id) == ("leadership", version_id)
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "version.published"))
    assert (event.subject_kind, event.subject_id, event.details["number"]) == (
        "programme_version",
        version_id,
        1,
    )
    (version,) = session.scalars(select(ProgrammeVersion).where(ProgrammeVersion.programme_id == line.id))
    assert (version.number, version.note, version.step_count) == (1, "First", 6)


def test_the_same_content_twice_is_one_version(system: Actor, session: Session) -> None:
    first = publish_version(whole(), actor=system)
    assert publish_version(whole(), actor=system) == first
    assert publish_version(whole(), parts=parts_of(first), actor=system) == first
    assert session.scalar(select(func.count(ProgrammeVersion.id))) == 1


def test_a_change_makes_the_next_version_and_leaves_the_first_as_it_was(
    system: Actor, session: Session
) -> None:
    first = publish_version(whole(), actor=system)
    changed = programme(module(segment_draft(title=english("Another title"))))
    second = publish_version(changed, actor=system)
    assert content_of(first) == whole()
    assert content_of(second) == changed
    newest_first = select(ProgrammeVersion.number).order_by(ProgrammeVersion.id.desc())
    assert list(session.scalars(newest_first)) == [2, 1]
    assert newest_version(system.institute_id, "leadership") == second


def test_parts_and_steps_keep_their_identities_through_versions(system: Actor) -> None:
    first = publish_version(whole(), actor=system)
    less = programme(module(segment_draft(activities=(activity("rank"),)), title=english("Changed")))
    second = publish_version(less, actor=system)
    third = publish_version(whole(), actor=system)
    assert parts_of(third) == parts_of(first)
    assert parts_of(second).items() <= parts_of(first).items()
    outlines = [load_outline(system.institute_id, one) for one in (first, second, third)]
    steps = [one.segments()[0][1].steps for one in outlines]
    assert steps[0] == steps[2]
    assert set(steps[1]) < set(steps[0])


def test_a_part_that_moves_keeps_its_identity_where_it_is_told(system: Actor) -> None:
    first = publish_version(whole(), actor=system)
    moved = programme(module(segment_draft(slug="renamed", number=1), segment_draft(number=2)))
    parts = parts_of(first)
    parts["module-1/renamed"] = parts.pop("module-1/segment-1")
    second = publish_version(moved, parts=parts, actor=system)
    assert parts_of(second)["module-1/renamed"] == parts_of(first)["module-1/segment-1"]
    taken = publish_version(whole(), actor=system)
    assert len(set(parts_of(taken).values())) == len(parts_of(taken))


def test_equal_content_of_other_parts_is_another_version(system: Actor) -> None:
    first = publish_version(whole(), actor=system)
    parts = parts_of(first)
    del parts["module-1/segment-2"]
    second = publish_version(whole(), parts=parts, actor=system)
    assert second != first
    assert parts_of(second)["module-1/segment-2"] != parts_of(first)["module-1/segment-2"]


def test_parts_of_another_programme_another_kind_or_twice_are_refused(
    system: Actor, make_institute: Callable[..., Institute]
) -> None:
    stranger = Actor(institute_id=make_institute().id, person_id=None)
    theirs = parts_of(publish_version(whole(), actor=stranger))
    mine = parts_of(publish_version(whole(), actor=system))
    twice = {**mine, "module-1/segment-2": mine["module-1/segment-1"]}
    for wrong in (theirs, {**mine, "module-1": mine["instrument:leading"]}, twice):
        with pytest.raises(NotFoundError):
            publish_version(programme(slug="leadership"), parts=wrong, actor=system)


def test_modules_and_segments_stand_by_their_numbers_whatever_order_they_come_in(system: Actor) -> None:
    later, sooner = module(number=2), module(segment_draft(number=2), segment_draft(number=1))
    found = content_of(publish_version(programme(later, sooner), actor=system))
    assert [one.draft.number for one in found.modules] == [1, 2]
    assert [one.number for one in found.modules[0].segments] == [1, 2]


def test_what_breaks_the_rules_is_refused_with_all_its_problems_and_nothing_is_made(
    system: Actor, session: Session
) -> None:
    wrong = programme(module(segment_draft(), segment_draft(slug="other")), slug="Not A Slug")
    with pytest.raises(ContentRefusedError) as refused:
        publish_version(wrong, actor=system)
    assert {one.code for one in refused.value.problems} == {"slug", "number-taken"}
    assert session.scalars(select(Programme)).all() == []


def test_one_module_is_read_alone_with_the_instruments(system: Actor) -> None:
    version_id = publish_version(whole(), actor=system)
    draft, one, instruments = module_of(version_id, "module-1")
    assert (draft, one, instruments) == (whole().programme, whole().modules[0], (scale(),))
    for nothing in ("module-9", "\0"):
        with pytest.raises(NotFoundError):
            module_of(version_id, nothing)


def test_a_version_of_another_institute_is_not_there(
    system: Actor, make_institute: Callable[..., Institute]
) -> None:
    version_id = publish_version(whole(), actor=system)
    with pytest.raises(NotFoundError):
        load_outline(make_institute().id, version_id)
    with pytest.raises(NotFoundError):
        newest_version(make_institute().id, "leadership")


@pytest.mark.every_value
@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: str(model.__tablename__))
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_rows_of_a_version_are_never_changed_or_deleted(
    system: Actor, model: type[Programme], statement: str
) -> None:
    publish_version(whole(), actor=system)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement.format(model.__tablename__)))


def test_an_outline_is_read_once_and_then_asks_one_question(system: Actor) -> None:
    version_id = publish_version(whole(), actor=system)
    first = load_outline(system.institute_id, version_id)
    assert load_outline(system.institute_id, version_id) is first


def test_what_is_taken_back_leaves_no_outline_behind(system: Actor) -> None:
    def publish_in_vain() -> None:
        with transaction():
            load_outline(system.institute_id, publish_version(whole(), actor=system))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_in_vain()
    again = publish_version(programme(module(title=english("Another"))), actor=system)
    assert load_outline(system.institute_id, again).modules[0].title == english("Another")


def test_a_step_stands_once_in_a_version(system: Actor, session: Session) -> None:
    publish_version(whole(), actor=system)
    publish_version(programme(), actor=system)
    assert session.scalar(select(func.count(Step.id))) == 6
    assert session.scalar(select(func.count(Activity.id))) == 12
    assert db.session.scalar(select(func.max(ProgrammeVersion.number))) == 2
