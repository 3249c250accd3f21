"""Who may decide about whom: not the holder, not their coach, not whoever scored all the evidence alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, select

from certificates.awards.errors import CoachDecidesError, DutiesError, OwnApplicationError, SoleRaterError
from certificates.levels.models import RuleSetId
from certificates.levels.queries import evidence_asked
from certificates.scoring.outcomes.queries import results_of
from courses.cohorts.models import CoachAssignment, Enrolment, EnrolmentId
from institute.actors import Actor, PersonId
from institute.db import db
from institute.people import standing
from institute.people.linking import same_person

# Whoever coached this person in any cohort, today or before.
_COACHES: Final = (
    select(CoachAssignment.id)
    .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
    .where(
        CoachAssignment.institute_id == bindparam("institute"),
        CoachAssignment.coach_id.in_(bindparam("coaches", expanding=True)),
        Enrolment.person_id.in_(bindparam("people", expanding=True)),
    )
    .limit(1)
)


def find_objection(
    actor: Actor, person_id: PersonId, enrolment_id: EnrolmentId | None, rule_set_id: RuleSetId
) -> DutiesError | None:
    """Return why the actor may not decide about a person, or None if they may.

    Of what was scored only the evidence counts that these rules ask for: who scored another level's does not make its
    only rater less alone. The command line has no person, so it decides about nobody.
    """
    if actor.person_id is None:
        return DutiesError()
    deciders, holders = same_person(actor.person_id), same_person(person_id)
    if deciders & holders:
        return OwnApplicationError()
    here = {"institute": actor.institute_id, "coaches": list(deciders), "people": list(holders)}
    if db.session.scalar(_COACHES, here) is not None:
        return CoachDecidesError()
    scores = results_of(enrolment_id) if enrolment_id is not None else {}
    asked = evidence_asked(rule_set_id, scores)
    scored = (one.rater_ids for key, one in scores.items() if key in asked)
    if is_sole_rater(deciders, scored):
        return SoleRaterError()
    if standing.conflicts_between(actor.institute_id, actor.person_id, person_id, "issuer"):
        return DutiesError()
    return None


def require_apart(
    actor: Actor, person_id: PersonId, enrolment_id: EnrolmentId | None, rule_set_id: RuleSetId
) -> None:
    """Refuse an actor who may not decide about a person. Raises DutiesError."""
    objection = find_objection(actor, person_id, enrolment_id, rule_set_id)
    if objection is not None:
        raise objection


def is_sole_rater(rows: frozenset[PersonId], raters: Iterable[frozenset[PersonId]]) -> bool:
    """Tell whether all that was scored was scored by the person who has these rows and nobody else."""
    everybody = frozenset[PersonId]().union(*raters)
    return bool(everybody) and everybody <= rows
