"""A requirement with a rubric of two criteria, people who submit evidence for it, and trainers who score it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.defining import LevelDraft, define_levels
from certificates.rubrics.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.rubrics.models import Criterion, CriterionId
from certificates.rubrics.policies import SINGLE, Policy
from certificates.scoring.models import Purpose, ScoringTask, TaskId
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.i18n import Localised
from institute.jobs import worker
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.scoring.rounds import Story
from tests.courses.conftest import (  # noqa: F401  (fixtures)
    Studied,
    make_enrolment,
    make_studied,
    studied,
)

KEY = "leadership-plan"
CANDIDATE_NAME = "Wilhelmina Featherstonehaugh"


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def rubric_draft(
    key: str = KEY, *, cut: Fraction = Fraction(3), criteria: int = 2, policy: Policy = SINGLE
) -> RubricDraft:
    """Return a valid rubric of four levels, of which one rater decides unless the policy says otherwise."""
    return RubricDraft(
        key=key,
        title=english("Plan rubric"),
        cut=cut,
        level_names=tuple(english(name) for name in ("Begins", "Approaches", "Meets", "Exemplifies")),
        criteria=tuple(
            CriterionDraft(
                f"criterion-{number}",
                english(f"Criterion {number}"),
                tuple(english(f"Descriptor {number}.{level}") for level in range(1, 5)),
            )
            for number in range(1, criteria + 1)
        ),
        policy=policy,
    )


def define_requirement(actor: Actor) -> None:
    """Ask for one piece of evidence that is scored, and one that is not."""
    define_levels([LevelDraft("novice", english("Novice"), english("First"))], actor=actor)
    drafts = [
        RequirementDraft("novice", KEY, english("The plan"), english("Write it."), 3, rubric_key=KEY),
        RequirementDraft("novice", "unscored", english("A note"), english("Write it."), 0),
    ]
    define_requirements(drafts, actor=actor)


@dataclass
class Trainer:
    """A trainer at a browser."""

    person: Person
    actor: Actor
    visitor: Visitor


@dataclass
class Desk:
    """What a test has at hand: a submission waiting to be scored."""

    person: Person
    enrolment_id: EnrolmentId
    submission_id: SubmissionId
    task_id: TaskId

    @property
    def path(self) -> str:
        """The task's page."""
        return f"/trainer/scoring/{self.task_id}"

    @property
    def state(self) -> SubmissionState:
        """Where the submission stands now."""
        db.session.rollback()
        return db.session.get_one(Submission, self.submission_id).state

    def criteria(self) -> list[CriterionId]:
        """Return the criteria of the task's rubric."""
        task = db.session.get_one(ScoringTask, self.task_id)
        return list(
            db.session.scalars(
                select(Criterion.id).where(Criterion.rubric_id == task.rubric_id).order_by(Criterion.position)
            )
        )

    def fields(self, *scores: tuple[int | str | None, str], base: int = 0) -> dict[str, str]:
        """Return a sheet's fields for the first criteria: (level, comment) each, all made from revision ``base``."""
        form: dict[str, str] = {}
        for criterion_id, (level, comment) in zip(self.criteria(), scores, strict=False):
            form |= {f"base-{criterion_id}": str(base), f"comment-{criterion_id}": comment}
            if level is not None:
                form[f"level-{criterion_id}"] = str(level)
        return form


def fields_on(page: str) -> dict[str, str]:
    """Return the sheet's fields as a page shows them, as a browser would send them."""
    found = dict(re.findall(r'name="(base-\d+)" value="(\d+)"', page))
    found |= dict(re.findall(r'name="(level-\d+)" value="(\d)" checked', page))
    return found | dict(re.findall(r'<textarea[^>]*name="(comment-\d+)"[^>]*>\n(.*?)</textarea>', page, re.S))


@pytest.fixture
def asked(system: Actor, studied: Studied) -> Actor:  # noqa: F811
    """The institute asks for evidence and has the rubric."""
    define_requirement(system)
    define_rubric(rubric_draft(), actor=system)
    return system


def hand_in(
    person: Person, place: int, text: str, files: list[tuple[str, object]] | None = None
) -> SubmissionId:
    """Submit evidence as a participant does."""
    actor = Actor(
        institute_id=person.institute_id,
        person_id=person.id,
        roles=frozenset({Role.PARTICIPANT}),
        place=place,
    )
    handed = take_in(text, digest_of(""), files or [])  # type: ignore[arg-type]
    saved = submit(KEY, handed, actor=actor)
    assert saved.whole, saved
    return db.session.scalars(
        select(Submission.id).where(Submission.person_id == person.id).order_by(Submission.id.desc())
    ).first() or SubmissionId(0)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(
    app: Flask,
    asked: Actor,
    studied: Studied,  # noqa: F811
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],  # noqa: F811
) -> MakeDesk:
    """Let somebody submit evidence, which makes a task."""

    def make(text: str = "My plan for the site.", **given: object) -> Desk:
        files = given.pop("files", None)
        given.setdefault("name", CANDIDATE_NAME)
        person, enrolment_id = make_enrolment(**given)
        submission_id = hand_in(person, studied.cohort_id, text, files)  # type: ignore[arg-type]
        if files:
            worker.run_once(app)
        task_id = db.session.scalars(
            select(ScoringTask.id).where(
                ScoringTask.submission_id == submission_id, ScoringTask.purpose == Purpose.FIRST
            )
        ).one()
        return Desk(person, enrolment_id, submission_id, task_id)

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """The submission that a test is about."""
    return make_desk()


MakeTrainer = Callable[..., Trainer]


@pytest.fixture
def make_trainer(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> MakeTrainer:
    """Let somebody be a trainer, and sign them in."""

    def make(person: Person | None = None, name: str = "Tomás Rivera") -> Trainer:
        found = person or make_person(name=name)
        grant_role(PersonId(found.id), Role.TRAINER, actor=Actor(found.institute_id, None))
        actor = Actor(found.institute_id, found.id, frozenset({Role.TRAINER}))
        return Trainer(found, actor, sign_in(found))

    return make


@pytest.fixture
def trainer(make_trainer: MakeTrainer) -> Trainer:
    """The trainer a test is about."""
    return make_trainer()


@pytest.fixture
def make_story(
    make_desk: MakeDesk,
    make_trainer: MakeTrainer,
    sign_in: Callable[..., Visitor],
    asked: Actor,
    studied: Studied,  # noqa: F811
) -> Callable[..., Story]:
    """Let somebody submit evidence that is scored by a rubric with this policy: see ``rounds``."""

    def make(
        *, name: str = CANDIDATE_NAME, criteria: int = 2, cut: Fraction = Fraction(3), **policy: Any
    ) -> Story:
        define_rubric(rubric_draft(criteria=criteria, cut=cut, policy=replace(SINGLE, **policy)), actor=asked)
        desk = make_desk(name=name)

        def enter() -> Visitor:
            return sign_in(desk.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)

        return Story(desk, studied.cohort_id, enter, make_trainer)

    return make
