"""Who may score by which rubric, on which day: whoever passed a set of it in the last twelve months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, select

from certificates.calibration.attempts import RaterQualification
from certificates.calibration.models import CalibrationSet
from courses.coaches.periods import institute_day
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.linking import rows_of, same_people, same_person

VALID_MONTHS: Final = 12
REMIND_BEFORE: Final = timedelta(days=30)
SOON: Final = timedelta(days=60)


def may_score(
    person_id: PersonId, institute_id: InstituteId, rubric_key: str, on: date | None = None
) -> bool:
    """Tell whether a person, with whichever of their accounts, may score by a rubric on a day (today, unless given).

    Everybody may where the institute has no published set of it: there is nothing to pass. Whether the rubric asks for
    calibration at all is in its policy (``calibrated``), which is for the caller to look at.
    """
    return not is_gated(institute_id, rubric_key) or until_of(person_id, rubric_key, on=on) is not None


def is_gated(institute_id: InstituteId, rubric_key: str) -> bool:
    """Tell whether there is a published set that has to be passed before scoring by a rubric."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    CalibrationSet.institute_id == institute_id,
                    CalibrationSet.rubric_key == rubric_key,
                    is_in_use(),
                )
            )
        )
    )


def is_in_use() -> ColumnElement[bool]:
    """Return the condition that raters take a set."""
    return and_(CalibrationSet.published_at.is_not(None), CalibrationSet.retired_at.is_(None))


def until_of(person_id: PersonId, rubric_key: str, *, on: date | None = None) -> date | None:
    """Return the last day on which a person may score by a rubric, None if they may not on ``on`` (today)."""
    return untils_of([person_id], rubric_key, on=on).get(person_id)


def untils_of(people: Iterable[PersonId], rubric_key: str, *, on: date | None = None) -> dict[PersonId, date]:
    """Return the same of several people of one institute, in few queries; who may not score is left out."""
    asked = list(people)
    if not asked:
        return {}
    accounts = same_people(asked) if len(asked) > 1 else {asked[0]: same_person(asked[0])}
    rows = db.session.execute(
        select(
            RaterQualification.person_id,
            RaterQualification.institute_id,
            RaterQualification.since,
            RaterQualification.until,
        ).where(
            RaterQualification.person_id.in_(rows_of(asked)),
            RaterQualification.rubric_key == rubric_key,
            RaterQualification.ended_at.is_(None),
        )
    ).all()
    lasts: dict[PersonId, date] = {}
    for holder, institute_id, since, until in rows:
        day = on or institute_day(institute_id)
        if since <= day <= until:
            lasts[holder] = max(lasts.get(holder, until), until)
    found: dict[PersonId, date] = {}
    for person_id, own in accounts.items():
        ends = [lasts[row] for row in own if row in lasts]
        if ends:
            found[person_id] = max(ends)
    return found
