"""What the sample's people wrote, answered, planned and shared, and the library that its programme carries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.activities.models import Work, WorkRevision
from courses.authoring.missing import gaps_of
from courses.catalogue.models import Activity
from courses.cohorts.models import Enrolment
from courses.commands import SAMPLE
from courses.library.drafts import ResourceDraft
from courses.library.keeping import put_resource
from courses.library.models import Collection, Resource, ResourceKind
from courses.packages.papers import FolderPapers
from courses.packages.reading import read_papers
from courses.plans.models import PlanAction, PlanGoal
from institute.actors import Actor, Role
from institute.i18n import LOCALES, Localised
from institute.people.models import Person
from tests.browsing import Visitor

KEPT = (Work, WorkRevision, PlanGoal, PlanAction, Resource, Collection)


def load(app: Flask, folder: Path = SAMPLE) -> tuple[int, str]:
    """Run the command that `make run` runs."""
    result = app.test_cli_runner().invoke(args=["institute", "load-sample", str(folder)])
    return result.exit_code, result.output


def person(session: Session, key: str) -> Person:
    """Return a person of the sample."""
    session.rollback()
    return session.scalars(select(Person).where(Person.key == key)).one()


def works(session: Session, key: str) -> dict[str, Work]:
    """Return what somebody wrote, by the keys of its steps."""
    rows = session.execute(
        select(Activity.key, Work)
        .join(Work, Work.step_id == Activity.step_id)
        .join(Enrolment, Enrolment.id == Work.enrolment_id)
        .where(Enrolment.person_id == person(session, key).id)
    )
    return {str(step): work for step, work in rows}


def test_each_text_of_the_past_has_its_own_time_and_only_some_are_shared(
    app: Flask, session: Session
) -> None:
    assert load(app)[0] == 0
    lucia = works(session, "lucia")
    assert {key for key, work in lucia.items() if work.shared_at} == {
        "note-one-principle",
        "complete-self-assessment",
        "start-plan",
    }
    assert "abuela" in lucia["first-reflection"].text
    assert lucia["first-reflection"].saved_at.date().isoformat() == "2026-09-08"
    answered = lucia["complete-self-assessment"].filled
    assert answered is not None
    assert (answered["order"], len(answered["ratings"]), len(answered["answers"])) == (
        ["workforce", "engagement"],
        12,
        3,
    )
    assert "爸爸" in works(session, "meiling")["first-reflection"].text


def test_the_coach_reads_what_is_shared_and_sees_the_plan(
    app: Flask, session: Session, sign_in: Callable[..., Visitor]
) -> None:
    load(app)
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.person_id == person(session, "lucia").id)
    ).one()
    coach = sign_in(person(session, "amina"), place=enrolment.cohort_id)
    shared = coach.get(f"/coach/activities/{enrolment.id}").text
    assert "Choose one principle" in shared
    assert "Write five sentences" not in shared
    plan = coach.get(f"/coach/plans/{enrolment.id}").text
    assert "Que el equipo prepare las reuniones sin mí" in plan
    assert "Preparar dos preguntas" in plan
    states = session.scalars(select(PlanAction.done_at)).all()
    assert (len(states), sum(one is not None for one in states)) == (4, 1)


def test_a_second_load_writes_nothing_anew(app: Flask, session: Session) -> None:
    load(app)
    before = [session.scalar(select(func.count()).select_from(one)) for one in KEPT]
    session.rollback()
    assert load(app)[0] == 0
    assert [session.scalar(select(func.count()).select_from(one)) for one in KEPT] == before
    assert min(count or 0 for count in before) > 0


@pytest.mark.parametrize(
    "case",
    [
        ("readiness-1 = 3", "readiness-1 = 9", "item-readiness-1"),
        ('order = ["workforce", "engagement"]', 'order = ["workforce"]\nsharde = true', "sharde"),
        ('area = "workforce"', 'area = "weather"', "weather"),
        ("due = 2026-11-05", 'due = "soon"', "due"),
        ('coach = "amina"\ntext = "Preparar', 'coach = "nobody"\ntext = "Preparar', "coach"),
        ('key = "first-reflection"\ntext = """\nUn', 'key = "first-reflection"\ntxt = """\nUn', "txt"),
    ],
)
def test_work_and_plans_are_read_strictly(
    app: Flask, session: Session, tmp_path: Path, case: tuple[str, str, str]
) -> None:
    said, instead, wrong = case
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "sample"))
    history = folder / "history.toml"
    before = history.read_text(encoding="utf-8")
    assert said in before
    history.write_text(before.replace(said, instead, 1), encoding="utf-8")
    status, output = load(app, folder)
    assert (status, "Traceback" in output, wrong in output) == (1, False, True)
    assert session.scalar(select(func.count(Work.id))) == 0


def test_resources_of_the_folder_are_there_and_those_that_an_author_changed_stay(
    app: Flask, session: Session, sign_in: Callable[..., Visitor]
) -> None:
    load(app)
    kinds = set(session.scalars(select(Resource.kind).where(Resource.ready)))
    assert {ResourceKind.VIDEO, ResourceKind.IMAGE, ResourceKind.RUBRIC, ResourceKind.PROTOCOL} <= kinds
    ruth = person(session, "ruth")
    author = Actor(ruth.institute_id, ruth.id, frozenset({Role.AUTHOR}))
    words = Localised.of({"en": "My own round"})
    put_resource(ResourceDraft("listening-round", ResourceKind.PROTOCOL, words, body=words), actor=author)
    session.rollback()
    assert load(app)[0] == 0
    session.rollback()
    title = session.scalars(select(Resource.title).where(Resource.key == "listening-round")).one()
    assert title.in_("en") == "My own round"
    page = sign_in(person(session, "lucia"), roles=[Role.PARTICIPANT]).get(
        "/participant/library/listening-round-film"
    )
    assert (page.status_code, "<video" in page.text) == (200, True)


def test_module_one_and_its_instrument_lack_nothing_in_any_language() -> None:
    content = read_papers(FolderPapers(SAMPLE / "programmes" / "leadership")).content
    gaps = gaps_of(content, LOCALES)
    complete = (
        "module-1",
        "module-1/segment-1",
        "module-1/segment-2",
        "instrument:leadership-self-assessment",
    )
    assert [gap for gap in gaps if gap.address in complete] == []
    assert [gap for gap in gaps if gap.locale in ("", "es")] == []


def test_every_area_of_module_one_names_resources_that_are_there() -> None:
    package = read_papers(FolderPapers(SAMPLE / "programmes" / "leadership"))
    there = {one.draft.key for one in package.carried.resources}
    areas = package.content.modules[0].draft.areas
    assert [bool(area.resources) and set(area.resources) <= there for area in areas] == [True] * 4
