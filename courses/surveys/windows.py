"""The windows of a cohort's rounds as its facilitator sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import PartId, Purpose
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import cohort_here
from courses.instruments.finding import RoundsInstrument, instruments_in_rounds
from courses.surveys.errors import (
    DayNumberError,
    DayUnreadableError,
    RoundFixedError,
    TimingMissingError,
    WindowOrderError,
)
from courses.surveys.models import MOST_DAYS, EvaluationBox, SurveyResponse, SurveyWindow
from courses.surveys.rounds import Address, rounds_of_cohort, windows_of
from courses.surveys.stages import USUAL, Days, Moment, Stage, Timing, is_read_together
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised
from institute.web.forms import read_revision, storable

YEARS: Final = range(2000, 2101)
DAY_LENGTH: Final = 10
DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class WindowSheet:
    """A window as it was typed."""

    timing: str = ""
    opens_day: str = ""
    closes_day: str = ""
    opens_on: str = ""
    closes_on: str = ""
    revision: int = 0
    problems: Mapping[str, DomainError] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        typed = {
            name: storable(form.get(name, "")).strip()
            for name in ("timing", "opens_day", "closes_day", "opens_on", "closes_on")
        }
        return cls(
            typed["timing"],
            typed["opens_day"],
            typed["closes_day"],
            typed["opens_on"],
            typed["closes_on"],
            read_revision(form),
        )


@dataclass(frozen=True, slots=True)
class WindowPage:
    """The form of a round's window. ``usual`` is the window without one of the cohort's own."""

    cohort_name: Localised
    starts: date
    instrument: RoundsInstrument
    stage: Stage
    usual: Days
    sheet: WindowSheet
    fixed: bool

    @property
    def key(self) -> str:
        """The name of the round in an address."""
        return f"{self.instrument.part_id}-{self.stage.value}"


def window_page(key: str, *, actor: Actor) -> WindowPage:
    """Return the window of a round of the cohort that the actor opened. Raises NotFoundError."""
    cohort = cohort_here(actor)
    instrument, stage = _find(cohort, key)
    usual = USUAL[instrument.draft.purpose][stage]
    own = windows_of(cohort.id).get((instrument.part_id, stage))
    return WindowPage(
        cohort.name,
        cohort.starts,
        instrument,
        stage,
        usual,
        _sheet(own, usual),
        _is_fixed(cohort, (instrument.part_id, stage), db.session()),
    )


def set_window(key: str, sheet: WindowSheet, *, actor: Actor) -> WindowPage | None:
    """Set the window of a round; where something has to be mended, nothing changes and the page is returned.

    Raises NotFoundError, RoundFixedError.
    """
    with transaction() as session:
        session.execute(select(Cohort.id).where(Cohort.id == actor.place).with_for_update())
        cohort = cohort_here(actor)
        page = window_page(key, actor=actor)
        if page.fixed:
            raise RoundFixedError
        wanted, problems = _read(sheet)
        if wanted is None:
            return replace(page, sheet=replace(sheet, problems=problems))
        address = page.instrument.part_id, page.stage
        own = windows_of(cohort.id).get(address)
        if own is None:
            own = SurveyWindow(
                institute_id=cohort.institute_id,
                cohort_id=cohort.id,
                part_id=address[0],
                stage=address[1],
                revision=0,
            )
            session.add(own)
        own.timing, own.opens_day, own.closes_day = wanted.timing, wanted.opens_day, wanted.closes_day
        own.opens_on, own.closes_on = wanted.opens_on, wanted.closes_on
        own.revision, own.set_at = own.revision + 1, now()
        session.flush()
        audit.record(
            "survey.window-set",
            actor=actor,
            subject=("cohort", cohort.id),
            details={"part": address[0], "stage": address[1].value, "timing": wanted.timing.value},
        )
        return None


@dataclass(frozen=True, slots=True)
class _Wanted:
    timing: Timing
    opens_day: int | None = None
    closes_day: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None


def _read(sheet: WindowSheet) -> tuple[_Wanted | None, dict[str, DomainError]]:
    if sheet.timing not in set(Timing):
        return None, {"timing": TimingMissingError()}
    timing, problems = Timing(sheet.timing), dict[str, DomainError]()
    if timing is Timing.DATES:
        first, last = _day(sheet.opens_on), _day(sheet.closes_on)
        problems |= {
            name: DayUnreadableError()
            for name, day in (("opens_on", first), ("closes_on", last))
            if day is None
        }
        if first and last and last < first:
            problems["closes_on"] = WindowOrderError()
        return None if problems else _Wanted(timing, opens_on=first, closes_on=last), problems
    if timing is Timing.DAYS:
        opens, closes = _number(sheet.opens_day), _number(sheet.closes_day)
        problems |= {
            name: DayNumberError(most=MOST_DAYS)
            for name, number in (("opens_day", opens), ("closes_day", closes))
            if number is None
        }
        if opens is not None and closes is not None and closes < opens:
            problems["closes_day"] = WindowOrderError()
        return None if problems else _Wanted(timing, opens, closes), problems
    return _Wanted(timing), problems


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == DAY_LENGTH else None
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


def _number(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= DIGITS
    return int(text) if whole and int(text) <= MOST_DAYS else None


def _sheet(own: SurveyWindow | None, usual: Days) -> WindowSheet:
    if own is None:
        return WindowSheet(Timing.DAYS, str(usual.opens), str(usual.closes))
    return WindowSheet(
        timing=own.timing,
        opens_day=str(usual.opens if own.opens_day is None else own.opens_day),
        closes_day=str(usual.closes if own.closes_day is None else own.closes_day),
        opens_on=own.opens_on.isoformat() if own.opens_on else "",
        closes_on=own.closes_on.isoformat() if own.closes_on else "",
        revision=own.revision,
    )


def _find(cohort: Cohort, key: str) -> tuple[RoundsInstrument, Stage]:
    for one in instruments_in_rounds(cohort.version_id):
        for stage in USUAL[one.draft.purpose]:
            if key == f"{one.part_id}-{stage.value}":
                return one, stage
    raise NotFoundError


def _is_fixed(cohort: Cohort, address: Address, session: Session) -> bool:
    """Tell whether a round that is read together is over and was answered."""
    rounds = rounds_of_cohort(cohort.id, cohort.version_id, cohort.starts)
    here = next((one for one in rounds if (one.part_id, one.stage) == address), None)
    today = local_day(cohort.timezone)
    if here is None or not is_read_together(here.purpose) or here.window.on(today) is not Moment.OVER:
        return False
    return answers_in(cohort, address, here.purpose, session) > 0


def answers_of(cohort: Cohort, session: Session) -> Mapping[tuple[bool, PartId, Stage], int]:
    """Return how many answers each round of a cohort has that has any, in two queries; True stands with evaluations."""
    boxes = select(EvaluationBox.part_id, EvaluationBox.stage, EvaluationBox.answers).where(
        EvaluationBox.cohort_id == cohort.id
    )
    sent = (
        select(SurveyResponse.part_id, SurveyResponse.stage, func.count(SurveyResponse.id))
        .join(Enrolment, Enrolment.id == SurveyResponse.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, SurveyResponse.sent_at.is_not(None))
        .group_by(SurveyResponse.part_id, SurveyResponse.stage)
    )
    found = {(True, part_id, stage): count for part_id, stage, count in session.execute(boxes)}
    return found | {(False, part_id, stage): count for part_id, stage, count in session.execute(sent)}


def answers_in(cohort: Cohort, address: Address, purpose: Purpose, session: Session) -> int:
    """Return how many answers a round of a cohort has."""
    if purpose is Purpose.EVALUATION:
        box = session.get(EvaluationBox, (cohort.id, *address))
        return box.answers if box else 0
    sent = (
        select(func.count(SurveyResponse.id))
        .join(Enrolment, Enrolment.id == SurveyResponse.enrolment_id)
        .where(
            Enrolment.cohort_id == cohort.id,
            SurveyResponse.part_id == address[0],
            SurveyResponse.stage == address[1],
            SurveyResponse.sent_at.is_not(None),
        )
    )
    return session.scalar(sent) or 0
