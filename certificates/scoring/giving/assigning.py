"""Giving tasks to raters, fairly and free of conflicts: to whoever has had least of what falls to them.

Of each task falls to everybody who might have had it the same part: a fifth to each of five scoring leads where two
raters lie apart, a fiftieth to each of fifty raters otherwise. What fell to a rater over the last half year, since it
was granted to them, is held against what they were given. So whoever may score little gets no more than others of
that, and whoever came yesterday need not make up for a year. Equal shares are decided at random.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission, SubmissionId
from certificates.scoring.giving.eligible import Work, field_of, works_of
from certificates.scoring.giving.raters import Rater, raters_of
from certificates.scoring.giving.reminding import remind
from certificates.scoring.giving.settings import days_open
from certificates.scoring.models import Purpose, ScoringTask, TaskId, TaskState
from certificates.scoring.tasking import hold
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.parting import parts_of
from institute.people.models import Person

AT_ONCE: Final = 200
LOOKED_BACK: Final = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Past:
    """A task that was given out: what says who might have had it, since when somebody has it, and who."""

    work: Work
    at: datetime
    rater_id: PersonId | None


class Shares:
    """What each rater was given beside what fell to them, kept up as more is given out."""

    def __init__(self, raters: Sequence[Rater]) -> None:
        self._given = dict.fromkeys((rater.person_id for rater in raters), 0)
        self._might = dict.fromkeys((rater.person_id for rater in raters), 0)
        self._due = dict.fromkeys((rater.person_id for rater in raters), 0.0)

    def fairest(self, raters: Sequence[Rater]) -> Rater:
        """Return the one with the smallest share; of several, one at random."""
        least = min(self._share(rater) for rater in raters)
        return secrets.choice([rater for rater in raters if self._share(rater) == least])

    def note(self, might: Sequence[Rater], rater_id: PersonId | None) -> None:
        """Note that a task went to one of those who might have had it."""
        for rater in might:
            self._might[rater.person_id] += 1
            self._due[rater.person_id] += 1 / len(might)
        if rater_id in self._given:
            self._given[rater_id] += 1

    def of(self, rater: Rater) -> tuple[int, int, float]:
        """Return how much a rater was given, of how much they might have been given, and what fell to them of it."""
        return self._given[rater.person_id], self._might[rater.person_id], self._due[rater.person_id]

    def _share(self, rater: Rater) -> tuple[float, int]:
        """Return the share; somebody who was never offered anything comes after nobody."""
        due, given = self._due[rater.person_id], self._given[rater.person_id]
        return (given / due if due else 0.0, given)


def give_out(institute_id: InstituteId, *, only: TaskId | None = None, all_open: bool = False) -> int:
    """Give open tasks of an institute to raters and return how many found one.

    Those that have waited as many days as the institute says, unless ``all_open``, or ``only`` this one. What nobody
    may have stays open. The actor is the institute itself.
    """
    actor, given = Actor(institute_id, None), 0
    tasks = _waiting(institute_id, only, all_open=all_open)
    shares: Shares | None = None
    for part in parts_of(tasks, AT_ONCE):
        with transaction() as session:
            raters = raters_of(institute_id)
            if shares is None:
                shares = shares_of(institute_id, raters)
            given += _give(session, part, raters, shares, actor=actor)
    return given


def assign(task_id: TaskId, *, actor: Actor) -> bool:
    """Give one open task of the actor's institute to the rater with the smallest share; tell whether there is one."""
    return bool(give_out(actor.institute_id, only=task_id))


def assign_waiting(institute_id: InstituteId) -> int:
    """Give out everything that is open, however short it has waited; return how many tasks found a rater."""
    return give_out(institute_id, all_open=True)


def _waiting(institute_id: InstituteId, only: TaskId | None, *, all_open: bool) -> list[TaskId]:
    condition: ColumnElement[bool] = true()
    if only is not None:
        condition = ScoringTask.id == only
    elif not all_open:
        days = days_open(institute_id)
        if days is None:
            return []
        condition = ScoringTask.created_at <= now() - timedelta(days=days)
    return list(
        db.session.scalars(
            select(ScoringTask.id)
            .where(
                ScoringTask.institute_id == institute_id,
                ScoringTask.state == TaskState.OPEN,
                ScoringTask.purpose != Purpose.SEEDED,
                condition,
            )
            .order_by(ScoringTask.due, ScoringTask.place)
        )
    )


def _give(
    session: Session, tasks: Sequence[TaskId], raters: Sequence[Rater], shares: Shares, *, actor: Actor
) -> int:
    """Give out some tasks in one transaction that holds everybody and everything concerned; return how many."""
    works = works_of(tasks)
    _lock(session, works, raters)
    held = {
        task.id: task
        for task in session.scalars(
            select(ScoringTask)
            .where(ScoringTask.id.in_(tasks), ScoringTask.state == TaskState.OPEN)
            .order_by(ScoringTask.id)
            .with_for_update()
        )
    }
    field, given = field_of(actor.institute_id, works, raters), 0
    for work in works:
        fit = field.best_for(work) if work.task_id in held else []
        if not fit:
            continue
        rater = shares.fairest(fit)
        hand_over(session, held[work.task_id], rater.person_id, actor=actor)
        shares.note(fit, rater.person_id)
        field.note(work, rater)
        given += 1
    return given


def hand_over(session: Session, task: ScoringTask, rater_id: PersonId, *, actor: Actor) -> None:
    """Give an open task, locked by the caller's transaction, to a rater, who is told and reminded."""
    submission = session.get_one(Submission, task.submission_id)
    hold(session, task, submission, rater_id, opened=False, actor=actor)
    audit.record(
        "scoring.given",
        actor=actor,
        subject=("scoring_task", task.id),
        details={"rater": rater_id, "purpose": task.purpose},
    )
    remind(task, rater_id)


def _lock(session: Session, works: Sequence[Work], raters: Sequence[Rater]) -> None:
    """Hold enrolments, raters and submissions, in this order: assigning a coach or a supervisor waits for us."""
    enrolments: set[EnrolmentId] = {work.enrolment_id for work in works}
    for model, ids in (
        (Enrolment, enrolments),
        (Person, {row for rater in raters for row in rater.rows}),
        (Submission, {work.submission_id for work in works}),
    ):
        session.execute(select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update())


def shares_of(institute_id: InstituteId, raters: Sequence[Rater]) -> Shares:
    """Return what each rater has had of what they might have had; whoever has a task is one who might have had it."""
    shares, past = Shares(raters), _past(institute_id)
    field = field_of(institute_id, list({one.work for one in past}), raters)
    holders = {row: rater for rater in raters for row in rater.rows}
    might: dict[Work, list[Rater]] = {}
    for one in past:
        if one.work not in might:
            might[one.work] = field.best_for(one.work)
        able = [rater for rater in might[one.work] if rater.since <= one.at]
        holder = None if one.rater_id is None else holders.get(one.rater_id)
        if holder is not None and holder not in able:
            able.append(holder)
        shares.note(able, holder.person_id if holder else None)
    return shares


def _past(institute_id: InstituteId) -> list[Past]:
    """Return what was given out lately; of each piece only what tells who might have had it."""
    rows = db.session.execute(
        select(
            ScoringTask.taken_at,
            ScoringTask.rater_id,
            ScoringTask.rubric_id,
            ScoringTask.purpose,
            Submission.person_id,
            Submission.language,
        )
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.state.in_((TaskState.HELD, TaskState.SCORED, TaskState.RETURNED)),
            ScoringTask.taken_at >= now() - LOOKED_BACK,
        )
    )
    return [
        Past(
            Work(
                TaskId(0),
                SubmissionId(0),
                EnrolmentId(0),
                row.person_id,
                row.person_id,
                row.language,
                row.rubric_id,
                Purpose.ADJUDICATION if row.purpose is Purpose.ADJUDICATION else Purpose.FIRST,
            ),
            row.taken_at,
            row.rater_id,
        )
        for row in rows
    ]
