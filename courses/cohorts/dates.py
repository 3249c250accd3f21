"""The days from which a cohort's segments are open, set by its facilitator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import delete, select

from courses.catalogue.models import PartId
from courses.catalogue.outlines import Outline, SegmentLine
from courses.catalogue.queries import load_outline
from courses.cohorts.assigning import local_day
from courses.cohorts.gates import Calendar, Place, day_of, named_first
from courses.cohorts.models import Cohort, CohortId, CohortOpening
from courses.cohorts.queries import cohort_here, own_days
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import Localised, gettext

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class DatesPage:
    """A cohort's segments with their days; ``typed`` and ``problems`` hold what a form sent, by part."""

    cohort_id: CohortId
    cohort_name: Localised
    outline: Outline
    calendar: Calendar
    typed: Mapping[PartId, str] = field(default_factory=dict)
    problems: Mapping[PartId, str] = field(default_factory=dict)

    def value(self, segment: SegmentLine) -> str:
        """Return what stands in a segment's field."""
        own = self.calendar.own.get(segment.part_id)
        return self.typed.get(segment.part_id, own.isoformat() if own else "")

    def author_s_day(self, segment: SegmentLine) -> date | None:
        """Return the day that holds without one of the cohort's own; None where any day will do."""
        return day_of(segment, replace(self.calendar, own={}))

    def first(self, segment: SegmentLine) -> tuple[Place, ...]:
        """Return what a segment waits for besides its day."""
        return named_first(self.outline, segment)


def dates_page(actor: Actor) -> DatesPage:
    """Return the cohort that the actor opened, in the version that newcomers get. Raises NotFoundError."""
    cohort = cohort_here(actor)
    calendar = Calendar(cohort.starts, own_days(cohort.id), local_day(cohort.timezone))
    return DatesPage(cohort.id, cohort.name, load_outline(cohort.institute_id, cohort.version_id), calendar)


def set_dates(typed: Mapping[PartId, str], *, actor: Actor) -> DatesPage | None:
    """Set the days of the cohort that the actor opened, as they were typed (YYYY-MM-DD; empty: none of its own).

    What is not mentioned stays. Where one cannot be read, nothing is set, and the page is returned whose ``problems``
    say why. Raises NotFoundError.
    """
    with transaction() as session:
        session.execute(select(Cohort.id).where(Cohort.id == actor.place).with_for_update())
        page = dates_page(actor)
        known = {segment.part_id for _, segment in page.outline.segments()}
        wanted: dict[PartId, date | None] = {}
        problems: dict[PartId, str] = {}
        for part_id, text in typed.items():
            if part_id in known:
                try:
                    wanted[part_id] = _read(text)
                except ValueError:
                    problems[part_id] = gettext("Write the day as year-month-day, such as 2026-09-01.")
        if problems:
            return replace(page, typed=dict(typed), problems=problems)
        own = page.calendar.own
        changed = {part_id: day for part_id, day in wanted.items() if own.get(part_id) != day}
        if changed:
            here = CohortOpening.cohort_id == page.cohort_id
            session.execute(delete(CohortOpening).where(here, CohortOpening.part_id.in_(changed)))
            session.add_all(
                CohortOpening(cohort_id=page.cohort_id, part_id=part_id, opens_on=day)
                for part_id, day in changed.items()
                if day is not None
            )
            session.flush()
            audit.record(
                "cohort.dates-set",
                actor=actor,
                subject=("cohort", page.cohort_id),
                details={str(one): day.isoformat() if day else None for one, day in changed.items()},
            )
        return None


def _read(text: str) -> date | None:
    if not text.strip():
        return None
    day = date.fromisoformat(text.strip())
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day
