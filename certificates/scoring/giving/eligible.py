"""Who may score what: conflicts, authorship, distinct raters, new raters for retakes, employers, qualification.

One set of rules for whatever gives a task to somebody: the machine, a lead, and raters who take one themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Submission, SubmissionId
from certificates.rubrics.models import Rubric, RubricId
from certificates.rubrics.policies import Policy
from certificates.scoring.conflicts import apart_from
from certificates.scoring.giving.qualification import unqualified
from certificates.scoring.giving.raters import Rater, employers_of, tag
from certificates.scoring.models import (
    Purpose,
    ScoreSheet,
    ScoringTask,
    TaskId,
    TaskScore,
    TaskState,
)
from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.models import OrganisationId

APART: Final = "apart"
AUTHOR: Final = "author"
ON_IT: Final = "on-it"
EARLIER: Final = "earlier"
EMPLOYER: Final = "employer"
UNQUALIFIED: Final = "unqualified"
LEADS: Final = "leads"
NOBODY: Final[frozenset[PersonId]] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """What must be known of a task to say who may have it."""

    task_id: TaskId
    submission_id: SubmissionId
    enrolment_id: EnrolmentId
    person_id: PersonId
    author_id: PersonId
    language: str
    rubric_id: RubricId
    purpose: Purpose


@dataclass(frozen=True)
class Field:
    """The raters of an institute beside some of its tasks, with everything that keeps one from the other.

    ``apart`` holds whom each rater must not score, ``kept`` the same from the other side: who must not score somebody.
    """

    raters: Sequence[Rater]
    policies: Mapping[RubricId, Policy]
    apart: Mapping[PersonId, frozenset[PersonId]]
    kept: Mapping[PersonId, frozenset[PersonId]]
    unfit: Mapping[RubricId, frozenset[PersonId]]
    employers: Mapping[EnrolmentId, OrganisationId]
    on_it: dict[SubmissionId, set[PersonId]]
    gave_back: Mapping[SubmissionId, set[PersonId]]
    earlier: Mapping[SubmissionId, set[PersonId]]

    def obstacles(self, work: Work, rater: Rater) -> list[str]:
        """Return the reasons (stable codes) why a rater must not have a task, none where they may."""
        policy, found = self.policies[work.rubric_id], []
        if work.person_id in self.apart[rater.person_id]:
            found.append(APART)
        if work.author_id in rater.rows and work.author_id != work.person_id:
            found.append(AUTHOR)
        if not rater.rows.isdisjoint(self.on_it.get(work.submission_id, NOBODY)):
            found.append(ON_IT)
        if policy.retakes and not rater.rows.isdisjoint(self.earlier.get(work.submission_id, NOBODY)):
            found.append(EARLIER)
        if policy.apart_by_employer and self.employers.get(work.enrolment_id) in rater.employers:
            found.append(EMPLOYER)
        if rater.person_id in self.unfit.get(work.rubric_id, NOBODY):
            found.append(UNQUALIFIED)
        return found

    def may_have(self, work: Work) -> list[Rater]:
        """Return the raters who may have a task."""
        return [
            rater
            for rater in self.raters
            if rater.person_id not in self.kept.get(work.person_id, NOBODY)
            and not self.obstacles(work, rater)
        ]

    def best_for(self, work: Work) -> list[Rater]:
        """Return among those who may have a task the ones it should go to.

        An adjudication goes to leads, evidence to raters who read its language, a task that was given back to
        somebody else: each as far as there is anybody.
        """
        gave_back = self.gave_back.get(work.submission_id, NOBODY)
        found = [rater for rater in self.may_have(work) if rater.rows.isdisjoint(gave_back)]
        if work.purpose is Purpose.ADJUDICATION:
            found = [rater for rater in found if rater.leads] or found
        language = tag(work.language)
        return [rater for rater in found if language in rater.languages] or found

    def note(self, work: Work, rater: Rater) -> None:
        """Note that a rater has a task from now on."""
        self.on_it.setdefault(work.submission_id, set()).update(rater.rows)


def works_of(tasks: Collection[TaskId]) -> list[Work]:
    """Return what must be known of tasks of submissions, in their random order."""
    rows = db.session.execute(
        select(ScoringTask, Submission)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .where(ScoringTask.id.in_(tasks))
        .order_by(ScoringTask.place, ScoringTask.id)
        .execution_options(populate_existing=True)
    )
    return [
        Work(
            task.id,
            submission.id,
            EnrolmentId(submission.enrolment_id),
            submission.person_id,
            submission.author_id,
            submission.language,
            task.rubric_id,
            task.purpose,
        )
        for task, submission in rows
    ]


def field_of(institute_id: InstituteId, works: Sequence[Work], raters: Sequence[Rater]) -> Field:
    """Return what stands between raters and tasks, in as many queries for many as for one."""
    submissions = {work.submission_id for work in works}
    rubrics = {
        rubric.id: rubric
        for rubric in db.session.scalars(
            select(Rubric).where(Rubric.id.in_({work.rubric_id for work in works}))
        )
    }
    policies = {rubric_id: rubric.rules for rubric_id, rubric in rubrics.items()}
    employed = {work.enrolment_id for work in works if policies[work.rubric_id].apart_by_employer}
    on_it, gave_back = _on(submissions)
    apart = apart_from({rater.person_id: rater.rows for rater in raters})
    kept: dict[PersonId, set[PersonId]] = {}
    for rater_id, people in apart.items():
        for person_id in people:
            kept.setdefault(person_id, set()).add(rater_id)
    return Field(
        raters=raters,
        policies=policies,
        apart=apart,
        kept={person_id: frozenset(them) for person_id, them in kept.items()},
        unfit={
            rubric_id: unqualified(raters, rubric, policies[rubric_id])
            for rubric_id, rubric in rubrics.items()
        },
        employers=employers_of(institute_id, employed) if employed else {},
        on_it=on_it,
        gave_back=gave_back,
        earlier=scored_earlier(submissions),
    )


def _on(
    submissions: Collection[SubmissionId],
) -> tuple[dict[SubmissionId, set[PersonId]], dict[SubmissionId, set[PersonId]]]:
    """Return who has a task of each submission, and who had one and gave it back or lost it."""
    has: dict[SubmissionId, set[PersonId]] = {}
    had: dict[SubmissionId, set[PersonId]] = {}
    rows = db.session.execute(
        select(ScoringTask.submission_id, ScoringTask.rater_id, ScoringTask.state, ScoreSheet.rater_id)
        .outerjoin(ScoreSheet, ScoreSheet.task_id == ScoringTask.id)
        .where(ScoringTask.submission_id.in_(submissions))
    )
    for submission_id, rater_id, state, writer_id in rows:
        if submission_id is None:
            continue
        if rater_id and state is not TaskState.WITHDRAWN:
            has.setdefault(submission_id, set()).add(rater_id)
        if writer_id and writer_id != rater_id:
            had.setdefault(submission_id, set()).add(writer_id)
    return has, had


def scored_earlier(submissions: Collection[SubmissionId]) -> dict[SubmissionId, set[PersonId]]:
    """Return who scored an earlier attempt of each submission."""
    earlier = aliased(Submission)
    found: dict[SubmissionId, set[PersonId]] = {}
    for submission_id, rater_id in db.session.execute(
        select(Submission.id, TaskScore.rater_id)
        .join(
            earlier,
            (earlier.requirement_id == Submission.requirement_id)
            & (earlier.enrolment_id == Submission.enrolment_id)
            & (earlier.attempt < Submission.attempt),
        )
        .join(ScoringTask, ScoringTask.submission_id == earlier.id)
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(Submission.id.in_(submissions))
    ):
        found.setdefault(submission_id, set()).add(rater_id)
    return found
