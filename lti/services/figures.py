"""What a gradebook should show for one person, worked out from what they have done: exact, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.standings import level_reached
from certificates.scoring.outcomes.queries import Result, results_in_cohort, summary_of
from courses.cohorts.models import CohortId, Enrolment
from courses.cohorts.queries import progress_of
from courses.hours.queries import hours_of
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.people.linking import same_person
from institute.people.models import Person
from lti.services.kinds import GradeKind
from lti.services.models import LONGEST_COMMENT


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of the maximum in whole numbers. ``has_begun``: before, a column that shows nothing goes on to do so.

    ``complete`` tells whether the work is done; None means at the full score.
    """

    given: int
    maximum: int
    submitted_at: datetime
    comment: str | None = None
    complete: bool | None = None
    has_begun: bool = True


@dataclass(frozen=True, slots=True)
class Whose:
    """A person in a cohort of an institute."""

    institute_id: InstituteId
    cohort_id: CohortId
    person_id: PersonId


def work_out(session: Session, kind: GradeKind, target: str | None, whose: Whose) -> Figure | None:
    """Return what a column of this kind, of a link to ``target``, shows for a person; None where there is nothing."""
    match kind:
        case GradeKind.PROGRESS:
            return _progress(target, whose)
        case GradeKind.HOURS:
            return _hours(session, whose)
        case GradeKind.EVIDENCE:
            key = (target or "").partition(":")[2]
            result = results_in_cohort(whose.person_id, whose.cohort_id).get(key)
            return evidence_figure(result, locale_of(session, whose.person_id)) if result else None
        case GradeKind.LEVEL:
            return _level(session, whose)
        case GradeKind.NONE:
            return None


def evidence_figure(result: Result, locale: str) -> Figure:
    """Return what a released result comes to, with the raters' words in a language."""
    share = Fraction(result.score, result.maximum)
    return Figure(
        given=share.numerator,
        maximum=share.denominator,
        submitted_at=result.submitted_at,
        comment=summary_of(result.submission_id, locale, longest=LONGEST_COMMENT),
        complete=result.passed,
    )


def locale_of(session: Session, person_id: PersonId) -> str:
    """Return the language that a person chose, English where none is known."""
    return session.scalar(select(Person.locale).where(Person.id == person_id)) or "en"


def _progress(target: str | None, whose: Whose) -> Figure | None:
    done, total = progress_of(whose.person_id, whose.cohort_id, target)
    return Figure(done, total, now(), has_begun=done > 0) if total else None


def _hours(session: Session, whose: Whose) -> Figure | None:
    """Return what fills the targets of the months so far against them; no month fills more than its own.

    Of an excused month nothing is asked.
    """
    enrolment_id = session.scalar(
        select(Enrolment.id).where(
            Enrolment.cohort_id == whose.cohort_id, Enrolment.person_id == whose.person_id
        )
    )
    if enrolment_id is None:
        return None
    hours = hours_of(enrolment_id)
    asked = sum(month.target for month in hours.months)
    if not asked:
        return None
    filled = sum(min(month.filled, month.target) for month in hours.months)
    return Figure(filled, asked, now(), has_begun=filled > 0)


def _level(session: Session, whose: Whose) -> Figure | None:
    rows = same_person(whose.person_id)
    held = [level_reached(whose.institute_id, row) for row in sorted(rows)]
    level = max(held, key=lambda one: one.position)
    if not level.levels:
        return None
    return Figure(
        given=level.position,
        maximum=level.levels,
        submitted_at=level.since or now(),
        comment=level.name.in_(locale_of(session, whose.person_id))[:LONGEST_COMMENT] if level.name else None,
        has_begun=level.position > 0,
    )
