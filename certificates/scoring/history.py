"""What trainers of a sample scored before: ``[[score]]`` in its history, and ``tasks_wait`` where none is given out."""

from __future__ import annotations

from sqlalchemy import select

from certificates.evidence.models import Requirement, Submission
from certificates.rubrics.models import Criterion
from certificates.scoring.giving.settings import give_after
from certificates.scoring.models import ScoringTask
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from courses.loading.history import HistoryTold, as_role
from courses.loading.tables import UnknownNameError
from institute.actors import Actor, Role
from institute.clock import frozen, now
from institute.db import db


def tell_scores(told: HistoryTold) -> None:
    """Score and release what the history says, each at its time. Raises FolderError for what is not there."""
    if told.flag("tasks_wait") and told.begun:
        give_after(None, actor=Actor(told.cast[min(told.begun)].institute_id, None))
    for entry in told.tables("score"):
        key, trainer, at = entry.text("participant"), entry.text("trainer"), entry.instant("at")
        requirement = entry.slug("requirement")
        levels, comments = entry.table("levels"), entry.table("comments")
        if key not in told.begun or trainer not in told.cast or at > now():
            continue
        task = db.session.scalar(
            select(ScoringTask)
            .join(Submission, Submission.id == ScoringTask.submission_id)
            .join(Requirement, Requirement.id == Submission.requirement_id)
            .where(Submission.person_id == told.cast[key].person_id, Requirement.key == requirement)
        )
        if task is None:
            raise UnknownNameError(file=entry.file, key=entry.key("requirement"), name=requirement)
        criteria = db.session.scalars(select(Criterion).where(Criterion.rubric_id == task.rubric_id)).all()
        written = {one.id: Written(0, levels.number(one.key), comments.text(one.key)) for one in criteria}
        for part in (levels, comments, entry):
            part.finish()
        actor = as_role(told.cast[trainer], Role.TRAINER)
        with frozen(at):
            take_task(task.id, actor=actor)
            save_scores(task.id, written, actor=actor)
            hand_in(task.id, actor=actor)
