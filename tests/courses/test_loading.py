"""An institute is loaded from a folder, as a whole or not at all, and refusals say where to look."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Activity, Module, Programme, ProgrammeVersion, Segment
from courses.catalogue.queries import load_outline, newest_version
from courses.cohorts.assigning import end_assignment
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentState
from courses.commands import SAMPLE
from institute.actors import Actor, Role
from institute.audit.models import AuditEvent
from institute.db import Base
from institute.people.granting import end_grant
from institute.people.models import Grant, Institute, Person

MODULE = "programmes/leadership/module-1/module.toml"
SEGMENT = "programmes/leadership/module-1/segment-1/segment.toml"


def load(app: Flask, folder: Path | None = None) -> tuple[int, str]:
    """Run the command; return its exit status and what it said."""
    arguments = ["institute", "load-sample", *([str(folder)] if folder else [])]
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample that a test may spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "institute"))


def spoil(folder: Path, name: str, before: str, after: str) -> None:
    """Change the first place of a file where ``before`` stands."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def counts(session: Session) -> dict[str, int]:
    """Return how many rows each table has."""
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_the_sample_has_module_one_with_the_hours_of_its_two_segments(app: Flask, session: Session) -> None:
    assert load(app) == (0, "The institute is loaded.\n")
    institute = session.scalars(select(Institute)).one()
    outline = load_outline(institute.id, newest_version(institute.id, "leadership"))
    assert [one.number for one in outline.modules] == list(range(1, 10))
    module = outline.modules[0]
    assert (module.reading.least, module.reading.most, module.coaching.least, module.coaching.most) == (
        60,
        180,
        0,
        120,
    )
    ranges = [
        (one.reading.least, one.reading.most, one.coaching.least, one.coaching.most)
        for one in module.segments
    ]
    assert ranges == [(0, 60, 0, 60), (60, 120, 60, 60)]
    assert session.scalars(select(Enrolment.state)).all() == [EnrolmentState.ACTIVE] * 2
    assert session.scalar(select(func.count(CoachAssignment.id))) == 2
    assert session.scalar(select(func.count(Grant.id))) == 4
    assert session.scalars(select(Cohort.timezone)).all() == [institute.timezone]


def test_loading_twice_changes_nothing(app: Flask, session: Session) -> None:
    load(app)
    before = counts(session)
    assert load(app)[0] == 0
    assert counts(session) == before


def test_a_second_load_brings_texts_up_to_date_and_writes_that_down(
    app: Flask, session: Session, folder: Path
) -> None:
    load(app, folder)
    events = counts(session)["audit_event"]
    spoil(folder, MODULE, 'title.en = "California Core Practice Model"', 'title.en = "A new title"')
    assert load(app, folder)[0] == 0
    session.rollback()
    numbers = select(ProgrammeVersion.number).order_by(ProgrammeVersion.number)
    assert session.scalars(numbers).all() == [1, 2]
    newest = select(Module.title).where(Module.slug == "module-1").order_by(Module.id.desc())
    assert session.scalars(newest).first().in_("en") == "A new title"  # type: ignore[union-attr]
    assert counts(session)["audit_event"] == events + 1
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert last is not None
    assert last.action == "version.published"


def test_a_second_load_leaves_alone_what_people_decided_since(app: Flask, session: Session) -> None:
    load(app)
    institute = session.scalars(select(Institute)).one()
    actor = Actor(institute.id, None)
    coached = session.scalars(select(CoachAssignment.id).order_by(CoachAssignment.id)).first()
    assert coached is not None
    end_assignment(coached, reason="Both agreed.", actor=actor)
    trainer = session.scalars(select(Grant.person_id).where(Grant.role == Role.TRAINER)).first()
    assert trainer is not None
    end_grant(trainer, Role.TRAINER, actor=actor)
    before = counts(session)
    assert load(app)[0] == 0
    assert counts(session) == before


def test_an_activity_that_left_the_folder_is_in_the_new_version_no_more(
    app: Flask, session: Session, folder: Path
) -> None:
    load(app, folder)
    spoil(folder, SEGMENT, 'key = "first-reflection"', 'key = "another"')
    load(app, folder)
    session.rollback()
    keys = session.scalars(select(Activity.version_id).where(Activity.key == "first-reflection")).all()
    newest = session.scalars(select(Programme.current_version_id)).one()
    assert (len(keys), newest in keys) == (1, False)


@pytest.mark.parametrize(
    "case",
    [
        ("institute.toml", 'slug = "valley"', "slug = ", "institute.toml: this is not TOML"),
        ("institute.toml", 'slug = "valley"', "", "institute.toml: “slug” is missing"),
        ("institute.toml", 'slug = "valley"', 'slug = "Not A Slug"', "“slug” must be lower-case letters"),
        ("institute.toml", 'slug = "valley"', 'slug = "valley"\nslgu = 1', "“slgu” is not a key that is known"),
        ("institute.toml", 'timezone = "America/Los_Angeles"', 'timezone = "Mars/Base"', "timezone” must be a time"),
        ("institute.toml", 'source_language = "en"', 'source_language = "fr"', "“source_language” must be"),
        ("institute.toml", 'languages = ["en"', 'languages = ["en", "tlh"', "“languages” must be en, es"),
        ("institute.toml", 'programme = "leadership"', 'programme = "other"', "“cohort[1].programme” names “other”"),
        ("institute.toml", "starts = 2026-09-01", 'starts = "soon"', "“cohort[1].starts” must be a date"),
        ("institute.toml", 'coach = "amina"', 'coach = "nobody"', "“assignment[1].coach” names “nobody”"),
        ("institute.toml", 'grants = ["administrator"]', 'grants = ["king"]', "grants” must be trainer, scoring_lead"),
        ("institute.toml", 'locale = "en"', 'locale = "xx"', "locale” must be en, es"),
        ("institute.toml", 'parent = "central-valley"', 'parent = "moon"', "“organisation[2].parent” names “moon”"),
        ("institute.toml", 'kind = "region"', 'kind = "planet"', "“organisation[1].kind” must be region, agency, site"),
        ("institute.toml", 'email = "', 'email = "' + "x" * 254, "email” must be 254 characters at most"),
        ("institute.toml", 'email = "', 'email = "\\u0000', "email” must be a text"),
        (MODULE, "number = 1", "number = true", f"{MODULE}:1: “number” must be a whole number"),
        (MODULE, "number = 1", "number = 0", "“number” must be a whole number from 1"),
        (MODULE, "{ min = 60, max = 180 }", "{ min = 190, max = 180 }", "“reading_minutes” must be a range"),
        (MODULE, "{ min = 60, max = 180 }", "{ min = -1, max = 180 }", "“reading_minutes.min” must be a whole number"),
        (MODULE, "{ min = 60, max = 180 }", "7", "“reading_minutes” must be a table"),
        (MODULE, "title.en = ", "title.fr = ", "“title.fr” is not one of the languages"),
        (MODULE, "title.en = ", "title.vi2 = ", "“title.vi2” is not one of the languages"),
        (MODULE, 'title.en = "California Core Practice Model"\n', "", f"{MODULE}:6: “title.en” is missing"),
        (MODULE, 'kind = "knowledge"', 'kind = "wish"', "“objective[1].kind” must be one of knowledge, skill"),
        (SEGMENT, 'timing = "before"', 'timing = "someday"', "“activity[1].timing” must be one of before, between"),
        (SEGMENT, 'key = "read-history"', 'key = "attend-session"', "The key “attend-session” stands twice"),
        (SEGMENT, 'slug = "segment-1"', 'slug = "segment-3"\nextra = 1', "“extra” is not a key"),
    ],
)  # fmt: skip
def test_a_spoilt_folder_is_refused_with_file_and_key_and_nothing_is_stored(
    app: Flask, session: Session, folder: Path, case: tuple[str, str, str, str]
) -> None:
    name, before, after, said = case
    spoil(folder, name, before, after)
    nothing = counts(session)
    status, output = load(app, folder)
    assert status == 1
    assert said in output
    assert "Traceback" not in output
    assert counts(session) == nothing


def test_a_missing_or_unreadable_text_is_named(app: Flask, folder: Path) -> None:
    content = folder / "programmes/leadership/module-1/segment-1/content.en.md"
    content.write_bytes(b"One.\n\xff\xfe\xff")
    assert "module-1/segment-1/content.en.md:2: The file is not UTF-8" in load(app, folder)[1]
    content.unlink()
    assert "module-1/segment-1/segment.toml:1: “content.en” is missing" in load(app, folder)[1]
    shutil.rmtree(folder / "programmes/leadership/module-1/segment-1/materials")
    for path in content.parent.glob("content.*.md"):
        path.unlink()
    assert "content.en.md: The file is missing" in load(app, folder)[1]


def test_everything_that_is_wrong_in_a_programme_is_told_at_once(app: Flask, folder: Path) -> None:
    spoil(folder, MODULE, 'kind = "knowledge"', 'kind = "wish"')
    spoil(folder, SEGMENT, 'timing = "before"', 'timing = "someday"')
    spoil(folder, "programmes/leadership/programme.toml", "one_to_one/video", "one_to_one/tv")
    output = load(app, folder)[1]
    assert f"{MODULE}:19: “objective[1].kind” must be one of knowledge, skill" in output
    assert f"{SEGMENT}:" in output


def test_a_folder_without_an_institute_is_refused(app: Flask, tmp_path: Path) -> None:
    assert load(app, tmp_path) == (1, "Error: institute.toml: the file is missing or cannot be read.\n")


def test_two_segments_never_share_a_number(app: Flask, session: Session, folder: Path) -> None:
    second = "programmes/leadership/module-1/segment-2/segment.toml"
    spoil(folder, second, "number = 2", "number = 1")
    assert "The number 1 already belongs to “segment-1”" in load(app, folder)[1]
    session.rollback()
    assert session.scalars(select(Segment)).all() == []
    assert session.scalars(select(Programme)).all() == []
    assert session.scalars(select(Person)).all() == []
