"""Whoever scored all the evidence alone does not issue as well; evidence and scores stand behind the award."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.applications.duties import is_sole_rater
from certificates.awards.issuing.rendering import certificate_facts
from certificates.awards.models import Application, Award, AwardFlag
from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.models import Requirement, Submission
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from certificates.scoring.events import AppealJudged
from certificates.scoring.models import ScoringTask
from certificates.scoring.outcomes.results import Method, ScoreRelease
from institute import events
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.people.conflicts import declare_between, end_conflict
from tests.browsing import Visitor
from tests.certificates.awards.conftest import APPLICATIONS, AWARDS, LEVEL, Candidate, Office
from tests.certificates.scoring.conftest import (  # noqa: F401  (fixtures)
    KEY,
    Desk,
    Trainer,
    asked,
    desk,
    make_desk,
    make_trainer,
    trainer,
)
from tests.courses.conftest import Studied
from tests.programmes import english

ONE, OTHER = PersonId(1), PersonId(2)


@pytest.mark.parametrize(
    ("raters", "alone"),
    [
        ([frozenset({ONE})], True),
        ([frozenset({ONE}), frozenset({ONE})], True),
        ([frozenset({ONE}), frozenset({OTHER})], False),
        ([frozenset({ONE, OTHER})], False),
        ([frozenset({OTHER})], False),
        ([], False),
    ],
)
def test_alone_is_who_scored_everything_and_nobody_else_did(
    raters: list[frozenset[PersonId]], alone: bool
) -> None:
    assert is_sole_rater(frozenset({ONE}), raters) is alone


@pytest.fixture
def applied(
    asked: Actor,  # noqa: F811
    desk: Desk,  # noqa: F811
    trainer: Trainer,  # noqa: F811
    studied: Studied,
    sign_in: Callable[..., Visitor],
) -> Application:
    """An application of somebody whose one piece of evidence was accepted; the trainer scored it."""
    level = db.session.scalars(select(Level).where(Level.institute_id == asked.institute_id)).one()
    publish_rules(level.id, [Rule(RuleKind.EVIDENCE, key=KEY)], actor=asked)
    visitor = sign_in(desk.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    assert visitor.post(f"{LEVEL}apply", {"level": "novice"}).status_code == 409
    assert "“The plan” is accepted" in visitor.get(LEVEL).text
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    scores = desk.fields((3, "Good."), (4, "Very good."))
    assert trainer.visitor.post(f"{desk.path}/hand-in", scores).status_code == 303
    assert visitor.post(f"{LEVEL}apply", {"level": "novice"}).status_code == 303
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


def test_the_only_rater_does_not_issue(
    applied: Application,
    trainer: Trainer,  # noqa: F811
    make_office: Callable[..., Office],
) -> None:
    rater = make_office(trainer.person)
    listing = rater.visitor.get(f"{APPLICATIONS}/").text
    assert "Another issuer" in listing
    assert "You scored this person’s evidence alone." in listing
    assert rater.issue(applied) == 403


def test_who_declared_a_conflict_with_somebody_does_not_decide_about_them(
    candidate: Candidate, make_office: Callable[..., Office], system: Actor
) -> None:
    assert candidate.apply() == 303
    office = make_office()
    declared = declare_between(office.person.id, candidate.person.id, "They are sisters.", actor=system)
    assert "Another issuer" in office.visitor.get(f"{APPLICATIONS}/").text
    assert office.issue(candidate.application) == 403
    end_conflict(declared, actor=system)
    assert office.issue(candidate.application) == 303


@pytest.fixture
def scored_by_another(
    asked: Actor,  # noqa: F811
    desk: Desk,  # noqa: F811
    studied: Studied,
    make_trainer: Callable[..., Trainer],  # noqa: F811
) -> None:
    """Evidence of the same person that another trainer scored, for something that the level's rules do not ask."""
    drafts = [
        RequirementDraft("novice", key, english("The plan"), english("Write it."), 3, rubric_key=KEY)
        for key in (KEY, "extra")
    ]
    define_requirements(drafts, actor=asked)
    candidate = Actor(desk.person.institute_id, desk.person.id, place=studied.cohort_id)
    assert submit("extra", take_in("My notes.", digest_of(""), []), actor=candidate).whole
    task_id = db.session.scalars(select(func.max(ScoringTask.id))).one()
    other = make_trainer(name="Ada Nwosu")
    assert other.visitor.post(f"/trainer/scoring/{task_id}/take").status_code == 303
    scores = desk.fields((3, ""), (3, ""))
    assert other.visitor.post(f"/trainer/scoring/{task_id}/hand-in", scores).status_code == 303


def test_scores_that_the_level_does_not_ask_for_make_nobody_less_alone(
    scored_by_another: None,
    applied: Application,
    trainer: Trainer,  # noqa: F811
    make_office: Callable[..., Office],
    session: Session,
) -> None:
    assert make_office(trainer.person).issue(applied) == 403
    assert make_office().issue(applied) == 303
    session.rollback()
    assert certificate_facts(session.scalars(select(Award)).one()).raters == 1


def test_another_administrator_sees_the_scores_and_the_award_keeps_them(
    applied: Application,
    trainer: Trainer,  # noqa: F811
    office: Office,
    session: Session,
) -> None:
    page = office.visitor.get(f"{APPLICATIONS}/{applied.id}").text
    assert "3.5 of 4" in page
    assert office.issue(applied) == 303
    session.rollback()
    kept = session.scalars(select(Award)).one().snapshot["scores"][KEY]
    assert kept["score"] == [7, 2]
    assert kept["raters"] == [trainer.person.id]
    assert kept["criteria"] == {"criterion-1": [3, 1], "criterion-2": [4, 1]}


def test_an_award_whose_score_an_appeal_changed_since_is_flagged(
    applied: Application, office: Office, session: Session
) -> None:
    assert office.issue(applied) == 303
    session.rollback()
    award_id = session.scalars(select(Award.id)).one()
    session.rollback()
    with transaction() as writing:
        standing = writing.get_one(Award, award_id)
        submission_id = writing.scalars(
            select(Submission.id)
            .join(Requirement, Requirement.id == Submission.requirement_id)
            .where(Submission.enrolment_id == standing.enrolment_id, Requirement.key == KEY)
        ).one()
        writing.add(
            ScoreRelease(
                institute_id=standing.institute_id,
                submission_id=submission_id,
                round=1,
                method=Method.MEAN,
                score_numerator=4,
                score_denominator=1,
                maximum=4,
                passed=True,
            )
        )
        writing.flush()
        events.publish(AppealJudged(standing.institute_id, submission_id, changed=True))
        events.publish(AppealJudged(standing.institute_id, submission_id, changed=False))
    [flag] = session.scalars(select(AwardFlag))
    assert (flag.award_id, flag.amendment_id) == (award_id, None)
    assert "from 3.5 to 4" in office.visitor.get(f"{AWARDS}/").text
    assert "A score that this certificate stands on" in office.visitor.get(f"{AWARDS}/{award_id}").text
