"""A lead gives a task to somebody, takes it from somebody, or moves its day."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.scoring.errors import DueDayError, RaterUnfitError, TaskClosedError
from certificates.scoring.giving.assigning import hand_over
from certificates.scoring.giving.eligible import field_of, works_of
from certificates.scoring.giving.raters import raters_of
from certificates.scoring.giving.reminding import remind_of_day
from certificates.scoring.models import ScoringTask, TaskId, TaskState
from certificates.scoring.proof.saying import names_of, say_nobody, say_obstacle
from certificates.scoring.tasking import CLOSED, find_task, let_go, lock_people
from courses.coaches.periods import typed_day
from institute import audit
from institute.actors import Actor, PersonId
from institute.db import transaction


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rater for a task: whether they may have it, and if not, why."""

    rater_id: PersonId
    name: str
    why_not: str


def candidates_for(task_id: TaskId, *, actor: Actor) -> list[Candidate]:
    """Return every rater for a task of the actor's institute, by name; those who may not have it say why."""
    raters = raters_of(actor.institute_id)
    works = works_of([task_id])
    field = field_of(actor.institute_id, works, raters)
    names = names_of([rater.person_id for rater in raters])
    found = [
        Candidate(
            rater.person_id,
            names[rater.person_id],
            "".join(say_obstacle(code) for code in field.obstacles(works[0], rater)[:1]),
        )
        for rater in raters
    ]
    return sorted(found, key=lambda one: (bool(one.why_not), one.name))


def give_to(task_id: TaskId, rater_id: PersonId | None, *, actor: Actor) -> None:
    """Give a task that is not done to a rater, whoever had it; None puts it among the open ones.

    What somebody wrote on it stays on their own sheet. Raises NotFoundError, TaskClosedError, RaterUnfitError for
    somebody who is no rater or must not have it.
    """
    with transaction() as session:
        if rater_id is not None and rater_id not in {
            rater.person_id for rater in raters_of(actor.institute_id)
        }:
            raise RaterUnfitError(why=say_nobody())
        lock_people(task_id, rater_id, actor, session)
        task, _ = find_task(task_id, actor=actor, session=session)
        if task.state in CLOSED:
            raise TaskClosedError
        if task.rater_id == rater_id:
            return
        before = task.rater_id
        if task.state is TaskState.HELD:
            let_go(session, task)
        if rater_id is not None:
            _refuse(task, rater_id, actor)
            hand_over(session, task, rater_id, actor=actor)
        audit.record(
            "scoring.reassigned",
            actor=actor,
            subject=("scoring_task", task_id),
            details={"from": before, "to": rater_id},
        )


def move_due(task_id: TaskId, typed: str, *, actor: Actor) -> None:
    """Move the day of a task that is not done. Raises NotFoundError, TaskClosedError, DueDayError for no day."""
    day = typed_day(typed)
    if day is None:
        raise DueDayError
    with transaction() as session:
        task, _ = find_task(task_id, actor=actor, session=session)
        if task.state in CLOSED:
            raise TaskClosedError
        if task.due == day:
            return
        task.due = day
        session.flush()
        if task.rater_id is not None:
            remind_of_day(task, task.rater_id)
        audit.record(
            "scoring.day-moved",
            actor=actor,
            subject=("scoring_task", task_id),
            details={"due": day.isoformat()},
        )


def _refuse(task: ScoringTask, rater_id: PersonId, actor: Actor) -> None:
    raters = [rater for rater in raters_of(actor.institute_id) if rater.person_id == rater_id]
    works = works_of([task.id])
    found = field_of(actor.institute_id, works, raters).obstacles(works[0], raters[0])
    if found:
        raise RaterUnfitError(why=say_obstacle(found[0]))
