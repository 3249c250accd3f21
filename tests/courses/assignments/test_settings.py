"""What an administrator sets: what is asked of coaches, and how programmes are coached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaches.models import CoachRequirement, RequirementKind
from courses.coaches.requiring import RequirementDraft, put_requirement
from courses.cohorts.models import RecipientType
from courses.cohorts.tracks import Track, track_of
from institute.actors import Actor, Role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import english

FORM = {"title": "Two days of training", "kind": "training", "minutes": "720", "renews_months": "24"}


@pytest.fixture
def administrator(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """An administrator."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


def test_a_requirement_is_added_changed_and_asked_for_no_more(
    administrator: Visitor, session: Session
) -> None:
    assert administrator.get("/administrator/coaching/").status_code == 200
    assert administrator.post("/administrator/coaching/requirements", FORM).status_code == 303
    row = session.scalars(select(CoachRequirement)).one()
    assert (row.key, row.kind, row.minutes, row.renews_months, row.within_months) == (
        "two-days-of-training",
        RequirementKind.TRAINING,
        720,
        24,
        0,
    )
    path = f"/administrator/coaching/requirements/{row.id}"
    assert 'value="Two days of training"' in administrator.get(path).get_data(as_text=True)
    changed = {**FORM, "title": "Initial training", "within_months": "6", "wish": "save"}
    assert administrator.post(path, changed).status_code == 303
    session.rollback()
    row = session.scalars(select(CoachRequirement)).one()
    assert (row.key, row.title.in_("en"), row.within_months) == (
        "two-days-of-training",
        "Initial training",
        6,
    )
    for wish, retired in (("retire", True), ("restore", False)):
        assert administrator.post(path, {"wish": wish}).status_code == 303
        session.rollback()
        assert (session.scalars(select(CoachRequirement)).one().retired_at is not None) == retired


BAD = [
    {**FORM, "title": " "},
    {**FORM, "title": "x" * 301},
    {**FORM, "kind": "royal"},
    {**FORM, "renews_months": "1" * 30},
    {**FORM, "within_months": "-1"},
    {**FORM, "minutes": "two days"},
    {"title": "\x00", "kind": "\x00"},
    {},
]


@pytest.mark.parametrize("form", BAD)
def test_a_requirement_without_a_title_a_kind_or_numbers_is_refused(
    administrator: Visitor, session: Session, form: dict[str, str]
) -> None:
    answer = administrator.post("/administrator/coaching/requirements", form)
    assert answer.status_code == 422
    assert session.scalars(select(CoachRequirement)).all() == []


def test_a_programme_gets_a_span_a_caseload_and_a_track(
    administrator: Visitor, studied: Studied, session: Session
) -> None:
    path = "/administrator/coaching/programmes/leadership"
    form = {"span": "24", "caseload": "15", "recipient_type": "site_leader"}
    assert administrator.post(path, form).status_code == 303
    session.rollback()
    assert track_of(studied.programme_id) == Track(24, 15, RecipientType.SITE_LEADER)
    for bad in ({**form, "span": "0"}, {**form, "caseload": ""}, {**form, "recipient_type": "x"}):
        assert administrator.post(path, bad).status_code == 422
    assert administrator.post("/administrator/coaching/programmes/nothing", form).status_code == 404


def test_what_another_institute_asks_is_not_there(
    administrator: Visitor, make_institute: Callable[..., Institute], session: Session
) -> None:
    elsewhere = Actor(institute_id=make_institute().id, person_id=None)
    draft = RequirementDraft(key="degree", kind=RequirementKind.DEGREE, title=english("Degree"))
    number = put_requirement(draft, actor=elsewhere)
    path = f"/administrator/coaching/requirements/{number}"
    assert administrator.get(path).status_code == 404
    assert administrator.post(path, FORM).status_code == 404
    assert administrator.post(path, {"wish": "retire"}).status_code == 404
