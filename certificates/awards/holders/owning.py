"""Whose an award is: the one place that says so for everything a holder may see or do."""

from __future__ import annotations

from certificates.awards.models import Award, AwardId
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.people.linking import same_person


def own_award(award_id: AwardId, actor: Actor) -> Award:
    """Return an award of the actor's, whichever of their accounts it was awarded to. Raises NotFoundError."""
    award = db.session.get(Award, award_id)
    if award is None or actor.person_id is None or award.institute_id != actor.institute_id:
        raise NotFoundError
    if award.person_id not in same_person(actor.person_id):
        raise NotFoundError
    return award
