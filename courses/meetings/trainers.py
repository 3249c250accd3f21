"""Training of trainers: programmes whose completion makes somebody a facilitator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select

from courses.catalogue.models import Programme, ProgrammeId
from courses.catalogue.queries import list_programmes
from courses.coaches.qualifying import grant
from courses.cohorts.assigning import local_day
from courses.cohorts.events import EnrolmentMoved
from courses.cohorts.models import Cohort, EnrolmentState
from courses.meetings.models import TrainingOfTrainers
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised

FACILITATOR: Final = "facilitator"


@dataclass(frozen=True, slots=True)
class MarkedProgramme:
    """A programme, and whether completing it makes somebody a facilitator."""

    id: ProgrammeId
    title: Localised
    marked: bool


def list_marked(actor: Actor) -> list[MarkedProgramme]:
    """Return the institute's programmes with their marks."""
    marked = set(
        db.session.scalars(
            select(TrainingOfTrainers.programme_id).where(
                TrainingOfTrainers.institute_id == actor.institute_id
            )
        )
    )
    lines = list_programmes(actor.institute_id)
    return [MarkedProgramme(line.id, line.title, line.id in marked) for line in lines]


def mark_programme(programme_id: ProgrammeId, *, marked: bool, actor: Actor) -> None:
    """Mark a programme as a training of trainers, or take the mark off: what was granted stays.

    A second time changes nothing. Raises NotFoundError.
    """
    with transaction() as session:
        programme = session.get(Programme, programme_id, with_for_update=True)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        found = session.get(TrainingOfTrainers, programme_id)
        if (found is not None) == marked:
            return
        if found is None:
            session.add(
                TrainingOfTrainers(
                    programme_id=programme_id, institute_id=actor.institute_id, marked_by=actor.person_id
                )
            )
        else:
            session.execute(delete(TrainingOfTrainers).where(TrainingOfTrainers.programme_id == programme_id))
        audit.record(
            "programme.trains-trainers",
            actor=actor,
            subject=("programme", programme_id),
            details={"marked": marked},
        )


def grant_when_completed(event: EnrolmentMoved) -> None:
    """Make somebody a facilitator who completed a training of trainers, once for each programme."""
    if event.state is not EnrolmentState.COMPLETED:
        return
    found = db.session.execute(
        select(Programme.slug, Cohort.timezone)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(TrainingOfTrainers, TrainingOfTrainers.programme_id == Programme.id)
        .where(Cohort.id == event.cohort_id)
    ).one_or_none()
    if found is None:
        return
    grant(
        event.person_id,
        FACILITATOR,
        on=local_day(found.timezone, now()),
        source=f"programme/{found.slug}",
        actor=Actor(institute_id=event.institute_id, person_id=None),
    )
