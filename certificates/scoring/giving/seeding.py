"""Papers whose scores are known, put among a rater's tasks: they look like any other and show who reads otherwise.

A rater who gets a task by a rubric whose policy asks for it may get such a paper too. Whether they do is drawn from the
institute's seed, as second scores are, so that it can be drawn again: SHA-256 of ``<seed>|seeded|<task>|<rater>``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.calibration.models import AnchorPaperId
from certificates.calibration.reading import files_of
from certificates.calibration.seeding import next_seed
from certificates.rubrics.models import Rubric
from certificates.scoring.giving.drawing import NUMBERS, number_of, seed_now
from certificates.scoring.giving.reminding import remind
from certificates.scoring.models import Purpose, ScoreSheet, ScoringTask, TaskId, TaskState
from certificates.scoring.sheets.packets import is_hidden
from courses.media import picturing
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.files import cleaning
from institute.people.linking import same_person

SCORES: Final = (Purpose.FIRST, Purpose.SECOND)
LOOKED_BACK: Final = timedelta(days=182)


def is_seeded(number: int, share: int) -> bool:
    """Tell whether a number adds a known paper to a task, so that of all tasks ``share`` percent are such papers."""
    return number * (100 - share) < NUMBERS * share


def number_for(seed: str, task_id: TaskId, rater_id: PersonId) -> int:
    """Return the number, 0 to 9999, that a seed draws for a task that a rater gets."""
    return number_of(seed, f"seeded|{task_id}|{rater_id}")


def seed(session: Session, task: ScoringTask, rater_id: PersonId, *, actor: Actor) -> None:
    """Give a rater a known paper beside a task that they get, where the draw says so and there is one new to them.

    The caller's transaction holds the rater: of two tasks at once no paper comes twice.
    """
    share = session.get_one(Rubric, task.rubric_id).rules.seeded
    if not share or task.purpose not in SCORES:
        return
    number = number_for(seed_now(session, actor=actor).seed, task.id, rater_id)
    if not is_seeded(number, share):
        return
    had = session.scalars(
        select(ScoringTask.anchor_id)
        .join(ScoreSheet, ScoreSheet.task_id == ScoringTask.id)
        .where(ScoringTask.purpose == Purpose.SEEDED, ScoreSheet.rater_id.in_(same_person(rater_id)))
    )
    met = {AnchorPaperId(one) for one in had if one is not None}
    paper_id = next_seed(rater_id, task.rubric_id, institute_id=task.institute_id, had=met, number=number)
    if paper_id is not None:
        _put(session, task, paper_id, rater_id, {"number": number, "share": share}, actor=actor)


def _put(
    session: Session,
    task: ScoringTask,
    paper_id: AnchorPaperId,
    rater_id: PersonId,
    details: dict[str, object],
    *,
    actor: Actor,
) -> None:
    seeded = ScoringTask(
        institute_id=task.institute_id,
        anchor_id=paper_id,
        rubric_id=task.rubric_id,
        purpose=Purpose.SEEDED,
        state=TaskState.HELD,
        rater_id=rater_id,
        due=task.due,
        taken_at=now(),
    )
    session.add(seeded)
    session.flush()
    session.add(ScoreSheet(institute_id=task.institute_id, task_id=seeded.id, rater_id=rater_id))
    for file in files_of(paper_id):
        cleaning.wish(file.id)
        picturing.wish(file.id, institute_id=task.institute_id)
    session.flush()
    audit.record(
        "scoring.seeded",
        actor=actor,
        subject=("scoring_task", seeded.id),
        details={"rater": rater_id, "beside": task.id, "paper": paper_id, **details},
    )
    remind(seeded, rater_id)


def given_lately(institute_id: InstituteId) -> dict[PersonId, int]:
    """Return how many known papers each rater of an institute was given over the last half year."""
    rows = db.session.execute(
        select(ScoringTask.rater_id, func.count())
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.purpose == Purpose.SEEDED,
            ScoringTask.taken_at >= now() - LOOKED_BACK,
        )
        .group_by(ScoringTask.rater_id)
    )
    return {rater_id: count for rater_id, count in rows if rater_id is not None}


def withdraw_hidden(_day: date) -> None:
    """Withdraw what raters hold of papers that may be shown no more."""
    with transaction() as session:
        held = session.scalars(
            select(ScoringTask)
            .where(ScoringTask.purpose == Purpose.SEEDED, ScoringTask.state == TaskState.HELD)
            .order_by(ScoringTask.id)
            .with_for_update()
        )
        for task in held:
            if is_hidden(task):
                task.state, task.closed_at = TaskState.WITHDRAWN, now()
