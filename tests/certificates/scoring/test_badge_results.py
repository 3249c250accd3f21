"""What the Open Badge says of scores: the level of each criterion, and the competency it belongs to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.awards.applications.applying import apply_for_level
from certificates.awards.applications.waiting import preview
from certificates.awards.holders.models import HolderChoice
from certificates.awards.issuing.issuing import approve_and_issue
from certificates.awards.models import Award, AwardCredential
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from certificates.rubrics.defining import define_rubric
from courses.frameworks.keeping import put_framework
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.certificates.scoring.conftest import KEY, MakeDesk, rubric_draft
from tests.certificates.scoring.rounds import Story
from tests.courses.conftest import Studied
from tests.courses.frameworks.conftest import framework_draft
from tests.working import work


@pytest.fixture
def scored(
    app: Flask, asked: Actor, studied: Studied, make_desk: MakeDesk, make_trainer: Callable[..., Any]
) -> Story:
    """Evidence that is all a level asks for, scored by a rubric of which a criterion belongs to a competency."""
    put_framework(framework_draft(), actor=asked)
    draft = rubric_draft()
    first = replace(draft.criteria[0], element="practice/listening", minimum=2)
    define_rubric(replace(draft, criteria=(first, *draft.criteria[1:])), actor=asked)
    level = db.session.scalars(select(Level).where(Level.institute_id == asked.institute_id)).one()
    publish_rules(level.id, (Rule(RuleKind.EVIDENCE, key=KEY),), actor=asked)
    story = Story(make_desk(), studied.cohort_id, lambda: None, make_trainer)  # type: ignore[arg-type, return-value]
    story.score(3, 4)
    work(app)
    return story


# WeasyPrint leaves a colour profile to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_badge_tells_levels_and_competencies_to_whom_the_holder_shows_them(
    app: Flask, asked: Actor, scored: Story, make_person: Callable[..., Person]
) -> None:
    ruth = make_person(name="Ruth Mensah")
    grant_role(ruth.id, Role.ADMINISTRATOR, actor=asked)
    office = Actor(asked.institute_id, ruth.id, frozenset({Role.ADMINISTRATOR}))
    application_id = apply_for_level("novice", enrolment_id=scored.desk.enrolment_id, actor=scored.actor)
    award_id = approve_and_issue(application_id, seen=preview(application_id, office).mark, actor=office)
    work(app)
    db.session.rollback()
    badge = json.loads(db.session.get_one(AwardCredential, award_id).document)
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    about, other = achievement["resultDescription"]
    assert (about["name"], about["resultType"]) == ("Criterion 1", "RubricCriterionLevel")
    assert [one["name"] for one in about["rubricCriterionLevel"]] == [
        "Begins",
        "Approaches",
        "Meets",
        "Exemplifies",
    ]
    assert about["requiredLevel"] == about["rubricCriterionLevel"][1]["id"]
    assert [one["achievedLevel"] for one in subject["result"]] == [
        about["rubricCriterionLevel"][2]["id"],
        other["rubricCriterionLevel"][3]["id"],
    ]
    (aligned,) = achievement["alignment"]
    assert (aligned["targetName"], aligned["targetCode"], aligned["targetFramework"]) == (
        "Listens first",
        "1A",
        "Practice of leaders",
    )
    client = app.test_client()
    told = client.get(aligned["targetUrl"].removeprefix("http://127.0.0.1:8000")).json
    assert told is not None
    assert (told["title"], told["code"]) == ("Listens first", "1A")
    code = db.session.get_one(Award, award_id).code
    assert client.get(f"/credentials/{code}").status_code == 403
    assert "Criterion 1" not in client.get(f"/verify/{code}").text
    with transaction() as writing:
        award = writing.get_one(Award, award_id)
        writing.add(
            HolderChoice(
                award_id=award_id,
                institute_id=award.institute_id,
                person_id=award.person_id,
                competencies=True,
                evidence=[],
            )
        )
    assert client.get(f"/credentials/{code}").status_code == 200
    page = client.get(f"/verify/{code}").text
    assert "Criterion 1" in page
    assert "Exemplifies" in page
