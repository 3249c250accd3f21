"""Evidence in a classroom: learners hand it in, a trainer scores and releases it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from certificates.appeals.filing import file_appeal
from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.drafting import begin_again
from certificates.evidence.models import Submission
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.defining import LevelDraft, define_levels
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.models import Criterion
from certificates.scoring.models import ScoringTask, TaskState
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import Localised
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.certificates.scoring.conftest import KEY, rubric_draft
from tests.lti.services.classroom import Classroom, Learner, stored

TARGET = f"evidence:{KEY}"
TITLES = {"en": "The plan", "es": "El plan"}


@dataclass
class Marking:
    """A requirement of the classroom's institute, and the trainer who scores it."""

    classroom: Classroom
    trainer: Actor = field(init=False)

    def __post_init__(self) -> None:
        """Define the requirement and its rubric of two criteria and four levels."""
        actor = self.classroom.actor
        title = Localised.of(TITLES)
        define_levels([LevelDraft("novice", title, title)], actor=actor)
        define_requirements([RequirementDraft("novice", KEY, title, title, 0, rubric_key=KEY)], actor=actor)
        define_rubric(rubric_draft(), actor=actor)
        person = stored(Person(institute_id=actor.institute_id, name="Trainer"))
        self.trainer = Actor(actor.institute_id, person.id, frozenset({Role.TRAINER}))

    def hand_in(self, learner: Learner, text: str = "My plan", *, over: str | None = None) -> int:
        """Submit evidence, or a new version of ``over``; return the task's id."""
        actor = Actor(
            self.classroom.institute.id,
            learner.person_id,
            frozenset({Role.PARTICIPANT}),
            place=self.classroom.cohort_id,
        )
        if over is not None:
            begin_again(KEY, actor=actor)
        assert submit(KEY, take_in(text, digest_of(over or ""), []), actor=actor).whole
        newest = select(ScoringTask.id).join(Submission, Submission.id == ScoringTask.submission_id)
        task_id = db.session.scalar(
            newest.where(Submission.person_id == learner.person_id).order_by(ScoringTask.id.desc()).limit(1)
        )
        assert task_id is not None
        return task_id

    def release(self, task_id: Any, *levels: int, comment: str = "") -> None:
        """Score a task, a level for each criterion, and release it."""
        take_task(task_id, actor=self.trainer)
        task = db.session.get_one(ScoringTask, task_id)
        criteria = db.session.scalars(
            select(Criterion.id).where(Criterion.rubric_id == task.rubric_id).order_by(Criterion.position)
        )
        written = {
            criterion: Written(0, level, comment) for criterion, level in zip(criteria, levels, strict=True)
        }
        save_scores(task_id, written, actor=self.trainer)
        hand_in(task_id, actor=self.trainer)

    def score(self, learner: Learner, *levels: int, comment: str = "") -> None:
        """Do all of it."""
        self.release(self.hand_in(learner), *levels, comment=comment)

    def appeal(self, learner: Learner, *readings: tuple[int, ...], comment: str = "") -> None:
        """Appeal against the latest scores, and let somebody new give each reading."""
        submission_id = db.session.scalars(
            select(Submission.id)
            .where(Submission.person_id == learner.person_id)
            .order_by(Submission.id.desc())
            .limit(1)
        ).one()
        institute_id = self.classroom.institute.id
        file_appeal(submission_id, "Read it again, please.", actor=Actor(institute_id, learner.person_id))
        for levels in readings:
            person = stored(Person(institute_id=institute_id, name="Another reader"))
            self.trainer = Actor(institute_id, person.id, frozenset({Role.TRAINER}))
            grant_role(person.id, Role.TRAINER, actor=Actor(institute_id, None))
            task_id = db.session.scalars(
                select(ScoringTask.id)
                .where(ScoringTask.submission_id == submission_id, ScoringTask.state == TaskState.OPEN)
                .order_by(ScoringTask.id)
                .limit(1)
            ).one()
            self.release(task_id, *levels, comment=comment)
