"""Many applications at once, made without a browser: people, enrolments and applications in a few statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from certificates.awards.models import Application, ApplicationId
from certificates.awards.states import ApplicationState
from certificates.levels.models import Level, RuleSet, Track
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from courses.cohorts.models import Enrolment
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.people.models import Person


@dataclass(frozen=True)
class Many:
    """Applications that wait, with nothing but a rule that everybody meets."""

    applications: tuple[ApplicationId, ...]


def make_many(count: int, *, like: Enrolment, actor: Actor, session: Session) -> Many:
    """Let ``count`` people of the cohort of ``like`` apply for the first level."""
    level = session.scalars(
        select(Level).where(
            Level.institute_id == like.institute_id, Level.track == Track.PARTICIPANT, Level.position == 1
        )
    ).one()
    session.rollback()
    publish_rules(level.id, (Rule(RuleKind.DISPUTE_FREE),), actor=actor)
    newest = select(func.max(RuleSet.id)).where(RuleSet.level_id == level.id)
    rules, level_id = session.scalars(newest).one(), level.id
    session.rollback()
    here = {
        "institute_id": like.institute_id,
        "version_id": like.version_id,
        "cohort_id": like.cohort_id,
        "state": like.state,
    }
    with transaction() as writing:
        people = writing.scalars(
            insert(Person).returning(Person.id),
            [{"institute_id": here["institute_id"], "name": f"Ana Ruiz {at}"} for at in range(count)],
        ).all()
        enrolments = writing.execute(
            insert(Enrolment).returning(Enrolment.id, Enrolment.person_id),
            [{**here, "person_id": one} for one in people],
        ).all()
        found = writing.scalars(
            insert(Application).returning(Application.id),
            [
                {
                    "institute_id": here["institute_id"],
                    "enrolment_id": row.id,
                    "person_id": row.person_id,
                    "level_id": level_id,
                    "rule_set_id": rules,
                    "state": ApplicationState.UNDER_REVIEW,
                    "name": f"Ana Ruiz {row.person_id}",
                    "locale": "en",
                    "applied_at": now(),
                }
                for row in enrolments
            ],
        ).all()
    return Many(tuple(found))
