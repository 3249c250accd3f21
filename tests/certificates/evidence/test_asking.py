"""What an institute asks for: taken from its folder, listed for the participant, opened by a link."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.defining import define_requirements
from certificates.evidence.models import Owner, Requirement
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from courses.loading.institutes import load_institute
from courses.loading.tables import FolderError
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import LOCALES
from institute.people.models import Person
from institute.web import openables
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import HOME, KEY, PATH, Author, ask_for, requirement_draft
from tests.samples import SAMPLE, copy_sample

WRONG = {
    "files = 3": ["files = 11", "files = -1", 'files = "three"', "files = 3\nfile = 2"],
    '[[level.requirement]]\nkey = "leadership-plan"': [
        '[[level.requirement]]\nkey = "Leadership plan"',
        '[[level.requirement]]\nkey = "reflection-assessment"',
        "[[level.requirement]]\nkey = 3",
        "[[level.requirement]]",
    ],
    'rubric = "leadership-plan"': ['rubric = ""', "rubric = 1"],
}


def accept(author: Author, actor: Actor) -> None:
    """Let the latest submission of an author be scored and accepted."""
    for state in ("screening", "in_scoring", "scored", "released", "accepted"):
        move(author.submissions()[-1].id, SubmissionState(state), actor=actor)


def test_sample_asks_for_evidence_in_five_languages(app: Flask, session: Session) -> None:
    load_institute(SAMPLE)
    found = session.scalars(select(Requirement).order_by(Requirement.position)).all()
    assert [one.key for one in found if one.scored] == [
        KEY,
        "reflection-assessment",
        "practice-change",
        "portfolio-presentation",
    ]
    assert [one.key for one in found if one.owner is not Owner.CANDIDATE] == [
        "collaborative-coaching-log",
        "completion-verification",
    ]
    assert [one.key for one in found if one.choice] == ["job-shadow-summary", "distinguished-school-summary"]
    assert [one.key for one in found if one.attended_minutes] == [
        "cohort-attendance",
        "professional-learning-summary",
    ]
    for one in found:
        assert set(one.title.texts) == set(one.instructions.texts) == set(LOCALES)


def test_loading_again_changes_nothing_and_brings_texts_up_to_date(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    load_institute(SAMPLE)
    before = session.scalars(select(Requirement.id).order_by(Requirement.id)).all()
    copy = shutil.copytree(SAMPLE, tmp_path / "sample")
    levels = copy / "levels.toml"
    levels.write_text(levels.read_text().replace('title.en = "Leadership plan"', 'title.en = "Plan"'))
    load_institute(copy)
    session.rollback()
    assert session.scalars(select(Requirement.id).order_by(Requirement.id)).all() == before
    assert session.scalars(select(Requirement).where(Requirement.key == KEY)).one().title.in_("en") == "Plan"


@pytest.mark.parametrize(
    ("right", "wrong"), [(right, wrong) for right, wrongs in WRONG.items() for wrong in wrongs]
)
def test_slip_in_the_file_is_named(app: Flask, tmp_path: Path, right: str, wrong: str) -> None:
    copy = copy_sample(tmp_path / "sample")
    levels = copy / "levels.toml"
    assert right in levels.read_text()
    levels.write_text(levels.read_text().replace(right, wrong, 1))
    with pytest.raises(FolderError) as caught:
        load_institute(copy)
    assert caught.value.facts["file"] == "levels.toml"
    assert "“level[1]." in caught.value.text
    assert db.session.scalars(select(Requirement)).all() == []


def test_requirement_that_somebody_began_is_retired_and_any_other_removed(
    author: Author, asked: Actor, session: Session, make_author: Callable[..., Author]
) -> None:
    ask_for(requirement_draft(), requirement_draft("unused"), actor=asked)
    author.send("Begun")
    ask_for(requirement_draft("another"), actor=asked)
    session.rollback()
    left = {one.key: one.retired_at for one in session.scalars(select(Requirement))}
    assert set(left) == {KEY, "another"}
    assert left[KEY] is not None
    assert "Title of leadership-plan" in author.open(f"{HOME}/")
    assert author.send("Finished", {"notes.txt": b"Notes"}).status_code == 303
    assert author.submit("Finished").status_code == 303
    newcomer = make_author(name="Meiling Chen")
    assert "Title of leadership-plan" not in newcomer.open(f"{HOME}/")
    assert newcomer.visitor.get(PATH).status_code == 404
    assert newcomer.send("Too late").status_code == 409
    ask_for(requirement_draft(), actor=asked)
    assert newcomer.visitor.get(PATH).status_code == 200


def test_level_that_is_not_there_cannot_ask(asked: Actor) -> None:
    with pytest.raises(NotFoundError):
        ask_for(requirement_draft(level="wizard"), actor=asked)


def test_list_shows_the_next_level_first_and_what_is_missing(author: Author, asked: Actor) -> None:
    later = requirement_draft("later", level="career")
    ask_for(requirement_draft(), requirement_draft("essay"), later, actor=asked)
    page = author.open(f"{HOME}/")
    level = page.index("For the level Novice")
    places = [level, *(page.index(part, level) for part in (KEY, "essay", "Later: for the level Career"))]
    assert places == sorted(places)
    assert page.count("Nothing is written yet.") == 4  # and once more as what comes next
    author.send("Goals")
    page = author.open(f"{HOME}/")
    assert "not submitted yet" in page
    author.submit("Goals")
    assert "Nothing to do for you now" in author.open(f"{HOME}/")


def test_level_whose_evidence_is_accepted_is_folded_below_the_next(author: Author, asked: Actor) -> None:
    ask_for(requirement_draft(), requirement_draft("later", level="career"), actor=asked)
    author.submit("Goals")
    accept(author, asked)
    page = author.open(f"{HOME}/")
    assert page.index("For the level Career") < page.index("Complete: the level Novice")
    ask_for(requirement_draft(), actor=asked)
    assert "Everything is accepted" in author.open(f"{HOME}/")


def test_evidence_that_nobody_scores_is_complete_once_submitted(author: Author, asked: Actor) -> None:
    ask_for(requirement_draft(rubric_key=None), actor=asked)
    assert "It counts for your level from then on" in author.open()
    author.submit("Done")
    assert "Everything is accepted" in author.open(f"{HOME}/")


def test_list_is_useful_when_nothing_is_asked_for_and_for_who_is_not_enrolled(
    author: Author, asked: Actor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    stranger = sign_in(make_person(), roles=[Role.PARTICIPANT])
    assert "You are not enrolled yet" in stranger.get(f"{HOME}/").text
    assert stranger.get(PATH).status_code == 404
    define_requirements([], actor=asked)
    assert "No evidence is asked for yet" in author.open(f"{HOME}/")


def test_link_opens_a_requirement_for_each_where_they_read_it(author: Author, asked: Actor) -> None:
    def actor(*roles: Role, person_id: PersonId | None = None) -> Actor:
        own = person_id or PersonId(author.person.id)
        return Actor(institute_id=asked.institute_id, person_id=own, roles=frozenset(roles))

    found = openables.locate(f"evidence:{KEY}", actor(Role.PARTICIPANT))
    assert found == PATH
    assert author.visitor.get(found).status_code == 200
    assert openables.locate(f"evidence:{KEY}", actor(Role.COACH)) == f"/coach/evidence/{KEY}"
    assert openables.locate(f"evidence:{KEY}", actor(Role.TRAINER)) is None
    assert openables.locate(f"evidence:{KEY}", actor(Role.PARTICIPANT, person_id=PersonId(999))) is None
    for key in ("unknown", "", "a/b", "\x00", "x" * 500):
        assert openables.locate(f"evidence:{key}", actor(Role.PARTICIPANT)) is None
