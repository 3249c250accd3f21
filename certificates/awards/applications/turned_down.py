"""Applications that were returned or denied: where an administrator finds them again when somebody asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from certificates.awards.models import Application, ApplicationId, ApplicationStep
from certificates.awards.states import ApplicationState
from certificates.levels.models import Level
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

PER_PAGE: Final = 25
TURNED_DOWN: Final = (ApplicationState.RETURNED, ApplicationState.DENIED)


@dataclass(frozen=True, slots=True)
class TurnedDownLine:
    """An application with what was decided last, when, and the reason that the person read."""

    id: ApplicationId
    person_name: str
    level_name: Localised
    state: ApplicationState
    at: datetime
    note: str


@dataclass(frozen=True)
class TurnedDownList:
    """A page of them, the latest decision first."""

    lines: Sequence[TurnedDownLine]
    page: int
    pages: int


def list_turned_down(actor: Actor, page: int = 1) -> TurnedDownList:
    """Return the applications of the actor's institute that stay returned or denied."""
    mine = (Application.institute_id == actor.institute_id, Application.state.in_(TURNED_DOWN))
    total = db.session.scalar(select(func.count(Application.id)).where(*mine)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    last = (
        select(func.max(ApplicationStep.id))
        .where(ApplicationStep.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Application, Person.name, Level.name, ApplicationStep)
        .join(Person, Person.id == Application.person_id)
        .join(Level, Level.id == Application.level_id)
        .join(ApplicationStep, ApplicationStep.id == last)
        .where(*mine)
        .order_by(ApplicationStep.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    lines = [
        TurnedDownLine(row.id, name_or_number(name, row.person_id), level, row.state, step.at, step.note)
        for row, name, level, step in rows
    ]
    return TurnedDownList(lines, page, pages)
