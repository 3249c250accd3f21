"""Publishing a rubric: a new version for what comes, while whatever was begun keeps its own."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from certificates.rubrics.defining import define_rubric
from certificates.rubrics.models import RubricId
from certificates.rubrics.queries import listing, newest, newest_id, rubric_of, versions_of
from certificates.scoring.models import ScoringTask
from institute.actors import Actor, InstituteId
from institute.errors import NotFoundError
from tests.certificates.rubrics.conftest import AREA, KEY, Writer, newest_version, room_plan
from tests.certificates.scoring.conftest import KEY as SCORED
from tests.certificates.scoring.conftest import (  # noqa: F401  (fixtures)
    Desk,
    asked,
    desk,
    make_desk,
)
from tests.courses.conftest import make_enrolment, make_studied, studied  # noqa: F401  (fixtures)

PUBLISH = f"/{KEY}/publish"


@pytest.fixture
def begun(writer: Writer, published: RubricId) -> Writer:
    """An author who changed the title in the next version."""
    assert writer.visitor.post(f"{AREA}/{KEY}/begin").status_code == 303
    assert writer.save(f"/{KEY}/about", title="Plan of a room") == 303
    return writer


def test_publishing_says_what_changes_and_makes_the_next_version(begun: Writer, published: RubricId) -> None:
    page = begun.page(PUBLISH)
    assert "Plan of a room" in page
    assert "Room plan" in page
    assert "Publish version 2" in page
    assert begun.visitor.post(f"{AREA}{PUBLISH}", begun.fields(PUBLISH) | {"known": "1"}).status_code == 303
    views = versions_of(begun.institute_id, KEY)
    assert [(view.version, str(view.title)) for view in views] == [(2, "Plan of a room"), (1, "Room plan")]
    assert views[1].id == published
    assert begun.visitor.get(f"{AREA}/{KEY}/about").status_code == 404  # nobody writes on it now
    assert "Version 2 beside" not in begun.page(f"/{KEY}")
    assert "Plan of a room" in begun.page(f"/{KEY}/compare?before=1&after=2")


def test_open_translations_must_be_known(begun: Writer) -> None:
    fields = begun.fields(PUBLISH)
    fields.pop("known")
    answer = begun.visitor.post(f"{AREA}{PUBLISH}", fields)
    assert answer.status_code == 422
    assert 'id="known-error"' in answer.text
    assert newest_version(begun) == 1


def test_only_what_was_shown_is_published(begun: Writer, system: Actor) -> None:
    fields = begun.fields(PUBLISH) | {"known": "1"}
    assert begun.save(f"/{KEY}/about", title="Something else") == 303
    assert begun.visitor.post(f"{AREA}{PUBLISH}", fields).status_code == 409
    fields = begun.fields(PUBLISH) | {"known": "1"}
    define_rubric(room_plan(criteria=3), actor=system)  # the folder was loaded again
    assert begun.visitor.post(f"{AREA}{PUBLISH}", fields).status_code == 409
    assert "Version 2 was published after this draft was begun" in begun.page(f"/{KEY}")
    for wrong in ({}, {"seen": "x", "version": "1e9"}, {"seen": fields["seen"], "version": "٣"}):
        assert begun.visitor.post(f"{AREA}{PUBLISH}", wrong).status_code == 409
    assert begun.visitor.post(f"{AREA}{PUBLISH}", begun.fields(PUBLISH) | {"known": "1"}).status_code == 303
    assert newest_version(begun) == 3


def test_what_says_the_same_is_no_new_version(writer: Writer, published: RubricId) -> None:
    writer.visitor.post(f"{AREA}/{KEY}/begin")
    assert "nothing new" in writer.page(PUBLISH)
    form = {"seen": writer.seen(""), "version": "1", "known": "1"}
    assert writer.visitor.post(f"{AREA}{PUBLISH}", form).status_code == 409
    assert newest_version(writer) == 1


def test_a_rubric_changed_while_scoring_leaves_open_tasks_as_they_are(
    writer: Writer,
    desk: Desk,  # noqa: F811
    session: Session,
) -> None:
    before = session.get_one(ScoringTask, desk.task_id).rubric_id
    page = writer.page(f"/{SCORED}")
    assert "1 open task is scored by version 1, and stays with it." in page
    assert "The plan" in page  # the requirement that asks for it
    writer.visitor.post(f"{AREA}/{SCORED}/begin")
    assert writer.save(f"/{SCORED}/about", cut="4") == 303
    assert "Nobody's rubric changes while they score." in writer.page(f"/{SCORED}/publish")
    fields = writer.fields(f"/{SCORED}/publish") | {"known": "1"}
    assert writer.visitor.post(f"{AREA}/{SCORED}/publish", fields).status_code == 303
    assert newest_version(writer, SCORED) == 2
    session.rollback()
    assert session.get_one(ScoringTask, desk.task_id).rubric_id == before
    assert "1 open task is scored by version 1, and stays with it." in writer.page(f"/{SCORED}")


def test_the_policy_page_says_every_field_and_what_it_asks(begun: Writer) -> None:
    page = begun.page(f"/{KEY}/policy")
    for sentence in (
        "One rater reads each submission.",
        "A second one reads the first 10 that a rater scores.",
        "Whatever lies 0.5 or less from the cut is read by a second one.",
        "Of all others, 20% are drawn for a second rater.",
        "Two raters who are 2 levels or more apart on a criterion go to a third person.",
        "A rater has 14 days.",
        "There are 3 attempts in all.",
    ):
        assert sentence in page, sentence
    names = set(re.findall(r'name="policy/(\w+)"', page))
    policy = begun.sketch().policy
    assert names == set(policy)
    single = {f"policy/{name}": value for name, value in policy.items()}
    single |= {"policy/first": "0", "policy/retakes": "", "policy/near_cut": "", "policy/share": "0"}
    form = single | {"_revision": begun.seen("policy")}
    assert begun.visitor.post(f"{AREA}/{KEY}/policy", form).status_code == 303
    assert "Nothing is read twice: one person's judgement decides." in begun.page(f"/{KEY}/policy")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("share", "101", "from 0 to 100"),
        ("raters", "3", "from 1 to 2"),
        ("gap", "0", "from 1 to 9"),
        ("first", "ten", "from 0 to 999"),
        ("near_cut", "4", "a distance in levels"),
        ("settled", "nobody", "Choose one of these"),
        ("releasing", "", "Choose one of these"),
        ("days_to_appeal", "", "from 1 to 730"),
        ("attempts", "1/3", "from 1 to 20"),
    ],
)
def test_an_impossible_policy_is_kept_and_told_and_never_published(
    begun: Writer, name: str, typed: str, sentence: str
) -> None:
    fields = {f"policy/{field}": value for field, value in begun.sketch().policy.items()}
    form = fields | {f"policy/{name}": typed, "_revision": begun.seen("policy")}
    assert begun.visitor.post(f"{AREA}/{KEY}/policy", form).status_code == 303
    page = begun.page(f"/{KEY}/policy")
    assert sentence in page
    assert f'id="policy/{name}-error"' in page
    form = {"seen": begun.seen(""), "version": "1", "known": "1"}
    assert begun.visitor.post(f"{AREA}{PUBLISH}", form).status_code == 409


def test_a_rubric_is_found_by_its_institute_alone(
    published: RubricId, system: Actor, stranger: Writer
) -> None:
    assert newest_id(system.institute_id, KEY) == published
    assert [line.key for line in listing(system.institute_id)] == [KEY]
    view = newest(system.institute_id, KEY)
    assert view is not None
    assert [len(one.levels) for one in view.criteria] == [3, 3]
    assert listing(stranger.institute_id) == []
    assert newest(stranger.institute_id, KEY) is None
    with pytest.raises(NotFoundError):
        rubric_of(published, institute_id=InstituteId(stranger.institute_id))
