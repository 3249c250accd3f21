"""Rules about scores and competencies, held against what was released; whoever scored it alone does not issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.awards.applications.gathering import find_candidacy, gather
from certificates.awards.models import Application, Award
from certificates.levels.eligibility import check
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from certificates.levels.wording import say_result
from certificates.rubrics.defining import define_rubric
from courses.cohorts.models import Enrolment
from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import speaking
from institute.jobs import worker
from tests.browsing import Visitor
from tests.certificates.awards.conftest import AWARDS, LEVEL, Office
from tests.certificates.awards.test_papers import run
from tests.certificates.scoring.conftest import (  # noqa: F401  (fixtures)
    KEY,
    Desk,
    Trainer,
    define_requirement,
    desk,
    make_desk,
    make_trainer,
    rubric_draft,
    trainer,
)
from tests.courses.conftest import Studied

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PLAN = Rule(RuleKind.SCORE, key=KEY, minimum=Fraction(7, 2))
BOTH = Rule(RuleKind.COMPETENCY, key="care/c1", minimum=Fraction(3))


@pytest.fixture
def asked(system: Actor, studied: Studied) -> Actor:
    """The institute has a rubric whose criteria both belong to one competency."""
    define_requirement(system)
    draft = rubric_draft()
    criteria = tuple(replace(one, element="care/c1") for one in draft.criteria)
    define_rubric(replace(draft, criteria=criteria), actor=system)
    return system


@pytest.fixture
def scored(asked: Actor, desk: Desk, trainer: Trainer) -> Desk:  # noqa: F811
    """A plan of which one criterion was scored 3 and the other 4."""
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    fields = desk.fields((3, "Good."), (4, "Very good."))
    assert trainer.visitor.post(f"{desk.path}/hand-in", fields).status_code == 303
    db.session.rollback()
    return desk


def hold(scored: Desk, *rules: Rule) -> list[tuple[bool, str, str]]:
    """Hold rules against the person whose plan it is; return each as met or not, and in words."""
    enrolment_id = db.session.scalars(
        select(Enrolment.id).where(Enrolment.person_id == scored.person.id)
    ).one()
    gathered = gather(find_candidacy(enrolment_id, scored.person.institute_id), rules)
    with speaking("en"):
        words = [say_result(one, gathered.facts, gathered.names(())) for one in check(rules, gathered.facts)]
    return [(one.met, one.rule, one.stands) for one in words]


def test_scores_are_exact_and_a_competency_is_its_lowest(scored: Desk) -> None:
    criterion = Rule(RuleKind.SCORE, key=f"{KEY}/criterion-2", minimum=Fraction(4))
    higher = replace(PLAN, minimum=Fraction(351, 100))
    assert hold(scored, PLAN, higher, criterion, BOTH, replace(BOTH, minimum=Fraction(4))) == [
        (True, "“The plan” is scored 3.5 or above", "Scored 3.5"),
        (False, "“The plan” is scored 3.51 or above", "Scored 3.5"),
        (True, "“Criterion 2” is scored 4 or above", "Scored 4"),
        (True, "The competency “care/c1” is scored 3 or above", "Scored 3"),
        (False, "The competency “care/c1” is scored 4 or above", "Scored 3"),
    ]


@pytest.fixture
def apply(
    scored: Desk, asked: Actor, studied: Studied, sign_in: Callable[..., Visitor]
) -> Callable[[Rule], None]:
    """Let the person whose plan it is apply for a level that asks for one rule."""

    def send(rule: Rule) -> None:
        level = db.session.scalars(select(Level).where(Level.institute_id == asked.institute_id)).one()
        publish_rules(level.id, [rule], actor=asked)
        visitor = sign_in(scored.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
        assert visitor.post(f"{LEVEL}apply", {"level": "novice"}).status_code == 303

    return send


@pytest.mark.parametrize(
    "rule", [PLAN, BOTH, Rule(RuleKind.ANY_OF, one_of=(PLAN, Rule(RuleKind.EVIDENCE, key="unscored")))]
)
def test_the_only_rater_of_what_a_rule_rests_on_does_not_issue(
    rule: Rule,
    apply: Callable[[Rule], None],
    trainer: Trainer,  # noqa: F811
    make_office: Callable[..., Office],
) -> None:
    apply(rule)
    page = make_office(trainer.person).visitor.get("/administrator/applications/").text
    assert "You scored this person’s evidence alone." in page


def test_a_certificate_that_rests_on_a_competency_alone_names_its_raters(
    app: Flask,
    apply: Callable[[Rule], None],
    scored: Desk,
    make_office: Callable[..., Office],
    tmp_path: Path,
) -> None:
    apply(BOTH)
    office = make_office()
    application = db.session.scalars(select(Application)).one()
    assert office.issue(application) == 303
    worker.run_once(app)
    db.session.rollback()
    award = db.session.scalars(select(Award)).one()
    assert award.document_file_id is not None
    path = tmp_path / "certificate.pdf"
    path.write_bytes(office.visitor.get(f"{AWARDS}/{award.id}/document").data)
    said = run("pdftotext", path, "-")
    assert "with evidence scored by an independent rater." in " ".join(said.split())
