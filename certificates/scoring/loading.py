"""What waits for a rubric when an institute's folder is loaded: evidence, and requirements that name one."""

from __future__ import annotations

from sqlalchemy import select

from certificates.evidence.models import Requirement
from certificates.rubrics.models import Rubric
from certificates.scoring.errors import RubricMissingError
from certificates.scoring.giving.making import make_missing_tasks
from institute.actors import Actor
from institute.db import db
from institute.people.institutes import InstituteLoaded


def follow_rubrics(loaded: InstituteLoaded) -> None:
    """Put evidence into the queue that was submitted before its rubric stood.

    Raises RubricMissingError if a requirement names a rubric that is not defined.
    """
    _refuse_missing(loaded.actor)
    make_missing_tasks(loaded.actor)


def _refuse_missing(actor: Actor) -> None:
    known = select(Rubric.key).where(Rubric.institute_id == actor.institute_id)
    missing = db.session.execute(
        select(Requirement.key, Requirement.rubric_key)
        .where(
            Requirement.institute_id == actor.institute_id,
            Requirement.scored,
            Requirement.retired_at.is_(None),
            Requirement.rubric_key.not_in(known),
        )
        .limit(1)
    ).one_or_none()
    if missing is not None:
        raise RubricMissingError(requirement=missing.key, rubric=missing.rubric_key)
