"""The administrator's board of dosage: half a year, month by month, by region, language, setting and recipient.

Half years do not overlap and cannot be chosen otherwise: two tables that share most of their months would tell what
one of them hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from courses.assignments.wording import say_recipient_type, say_setting
from courses.cohorts.assigning import GONE, local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentState, Recipient
from courses.cohorts.recipients import recipients_on
from courses.hours.figures import HoursFigures, MonthFigure, MonthStatus
from courses.hours.months import last_day
from courses.hours.queries import hours_of_several
from courses.reports.dosage_tables import UNKNOWN, PersonMonth, Quality, Table, lay_out
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.i18n import current_locale, pgettext
from institute.parting import parts_of
from institute.people.models import Institute, Organisation, OrganisationId, OrganisationKind

AT_ONCE: Final = 500
HALF: Final = 6
DEEPEST: Final = 20
OVER: Final = (*GONE, EnrolmentState.COMPLETED)
REACHED: Final = frozenset({MonthStatus.MET, MonthStatus.TARGET})
_HALF_YEAR: Final = re.compile(r"([0-9]{4})-([12])\Z")


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Six months, from January or from July on."""

    year: int
    half: int

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.year}-{self.half}"

    @property
    def months(self) -> tuple[date, ...]:
        """Their first days."""
        first = 1 + HALF * (self.half - 1)
        return tuple(date(self.year, month, 1) for month in range(first, first + HALF))

    @property
    def before(self) -> HalfYear:
        """The one before."""
        return HalfYear(self.year, 1) if self.half > 1 else HalfYear(self.year - 1, 2)


@dataclass(frozen=True, slots=True)
class DosageBoard:
    """The board. ``choices`` are the half years since the first cohort began, the newest first.

    ``months`` are those in which somebody took part; the cells of each line are in their order.
    """

    half_year: HalfYear
    choices: tuple[HalfYear, ...]
    months: tuple[date, ...]
    tables: tuple[Table, ...]
    names: Mapping[Quality, Mapping[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether nobody took part."""
        return not self.months

    def name(self, quality: Quality, key: str) -> str:
        """Return what a row is called."""
        if key == UNKNOWN:
            return pgettext("group of people", "Not recorded")
        return self.names[quality].get(key, key)


def half_year_of(day: date) -> HalfYear:
    """Return the half year of a day."""
    return HalfYear(day.year, 1 if day.month <= HALF else 2)


def dosage_board(asked: str, *, actor: Actor) -> DosageBoard:
    """Return the board of a half year such as ``2026-2``; of the present one where another was asked for."""
    zone = db.session.get_one(Institute, actor.institute_id).timezone
    today = local_day(zone)
    choices = tuple(_choices(actor.institute_id, half_year_of(today)))
    found = _HALF_YEAR.match(asked)
    wished = HalfYear(int(found[1]), int(found[2])) if found else choices[0]
    half_year = wished if wished in choices else choices[0]
    organisations = _organisations(actor.institute_id)
    people = list(_people(actor.institute_id, half_year, today, organisations))
    names = {
        Quality.REGION: {
            str(one.id): str(one.name.shown(current_locale()).text) for one in organisations.values()
        },
        Quality.LANGUAGE: {
            key: _language(key) for key in {one.qualities[Quality.LANGUAGE] for one in people}
        },
        Quality.SETTING: {key: say_setting(key) for key in _keys(people, Quality.SETTING)},
        Quality.RECIPIENT: {key: say_recipient_type(key) for key in _keys(people, Quality.RECIPIENT)},
    }
    months = tuple(month for month in half_year.months if any(one.month == month for one in people))
    return DosageBoard(half_year, choices, months, lay_out(people, months), names)


def _keys(people: Sequence[PersonMonth], quality: Quality) -> set[str]:
    return {one.qualities[quality] for one in people} - {UNKNOWN}


def _choices(institute_id: InstituteId, present: HalfYear) -> Iterator[HalfYear]:
    first = db.session.scalar(
        select(Cohort.starts).where(Cohort.institute_id == institute_id).order_by(Cohort.starts).limit(1)
    )
    earliest = half_year_of(first) if first else present
    yield present
    while (present.year, present.half) > (earliest.year, earliest.half):
        present = present.before
        yield present


def _people(
    institute_id: InstituteId,
    half_year: HalfYear,
    today: date,
    organisations: Mapping[OrganisationId, Organisation],
) -> Iterator[PersonMonth]:
    enrolments = {
        row.id: row
        for row in db.session.execute(
            select(Enrolment.id, Enrolment.person_id, Enrolment.state).where(
                Enrolment.institute_id == institute_id, Enrolment.state != EnrolmentState.INVITED
            )
        )
    }
    told = {
        month: recipients_on(institute_id, min(last_day(month), today))
        for month in half_year.months
        if month <= today
    }
    for some in parts_of(list(enrolments), AT_ONCE):
        for enrolment_id, hours in hours_of_several(some).items():
            row = enrolments[enrolment_id]
            for figure in _months(hours, row.state):
                month = figure.first_day
                # Of whom nothing was recorded would be in one row of several tables, which would give that row away.
                recipient = told.get(month, {}).get(enrolment_id)
                if recipient is not None:
                    yield _person_month(row.person_id, figure, recipient, organisations)


def _months(hours: HoursFigures, state: EnrolmentState) -> list[MonthFigure]:
    """Return the months in which somebody took part: up to the present one, or the last one with a session."""
    months = [figure for figure in hours.months if not figure.excused]
    if state in OVER:
        while months and not months[-1].logged:
            months.pop()
    return months


def _person_month(
    person_id: PersonId,
    figure: MonthFigure,
    recipient: Recipient,
    organisations: Mapping[OrganisationId, Organisation],
) -> PersonMonth:
    region = _region(recipient.site_id, organisations)
    qualities = {
        Quality.REGION: UNKNOWN if region is None else str(region),
        Quality.LANGUAGE: recipient.language or UNKNOWN,
        Quality.SETTING: recipient.setting,
        Quality.RECIPIENT: recipient.type,
    }
    return PersonMonth(figure.first_day, person_id, figure.counted, figure.status in REACHED, qualities)


def _organisations(institute_id: InstituteId) -> dict[OrganisationId, Organisation]:
    rows = db.session.scalars(select(Organisation).where(Organisation.institute_id == institute_id))
    return {row.id: row for row in rows}


def _region(
    site_id: OrganisationId | None, organisations: Mapping[OrganisationId, Organisation]
) -> OrganisationId | None:
    """Return the region above a site, or None where the tree names none."""
    for _ in range(DEEPEST):
        found = organisations.get(site_id) if site_id is not None else None
        if found is None or found.kind is OrganisationKind.REGION:
            return found.id if found else None
        site_id = found.parent_id
    return None


def _language(tag: str) -> str:
    try:
        name = Locale.parse(tag.replace("-", "_")).get_display_name(current_locale())
    except (ValueError, UnknownLocaleError):
        return tag
    return str(name or tag)
