"""What a rubric is used for: the requirements that ask for it, and the tasks that are still scored by each version."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from certificates.evidence.models import Requirement
from certificates.rubrics.models import Rubric
from certificates.rubrics.uses import Use
from certificates.scoring.models import ScoringTask, TaskState
from institute.actors import InstituteId
from institute.db import db


def tell_uses(institute_id: InstituteId, key: str) -> Iterator[Use]:
    """Yield what uses the rubric of a key, in two queries."""
    requirements = select(Requirement.title).where(
        Requirement.institute_id == institute_id,
        Requirement.rubric_key == key,
        Requirement.scored.is_(True),
        Requirement.retired_at.is_(None),
    )
    yield from (Use(requirement=title) for title in db.session.scalars(requirements.order_by(Requirement.id)))
    tasks = (
        select(ScoringTask.rubric_id, func.count())
        .join(Rubric, Rubric.id == ScoringTask.rubric_id)
        .where(
            ScoringTask.institute_id == institute_id,
            Rubric.key == key,
            ScoringTask.submission_id.is_not(None),
            ScoringTask.state.in_((TaskState.OPEN, TaskState.HELD)),
        )
        .group_by(ScoringTask.rubric_id)
    )
    for rubric_id, count in db.session.execute(tasks):
        yield Use(rubric_id=rubric_id, open_tasks=count)
