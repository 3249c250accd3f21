"""The rounds of a cohort: each stage of each instrument, with the window that holds for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.models import PartId, ProgrammeVersionId, Purpose
from courses.cohorts.models import CohortId
from courses.instruments.finding import RoundsInstrument, instruments_in_rounds
from courses.surveys.models import SurveyWindow
from courses.surveys.seats import ASKED, Seat
from courses.surveys.stages import (
    USUAL,
    Days,
    Moment,
    Stage,
    Timing,
    Window,
    counts_from_joining,
    window_of,
)
from institute.db import db
from institute.errors import NotFoundError

Address = tuple[PartId, Stage]


@dataclass(frozen=True, slots=True)
class Round:
    """A stage of an instrument. ``late_until`` is the last day on which it is taken late, None where it never is.

    ``last`` tells that no later stage ends the time in which a late answer is taken.
    """

    part_id: PartId
    instrument: InstrumentDraft
    stage: Stage
    window: Window
    following: date | None = None

    @property
    def key(self) -> str:
        """The name of the round in an address."""
        return f"{self.part_id}-{self.stage.value}"

    @property
    def purpose(self) -> Purpose:
        """What the instrument is for."""
        return self.instrument.purpose

    def takes(self, day: date) -> bool:
        """Tell whether answers are taken on a day: in the window; of a reflection also late, until the next opens."""
        if self.window.on(day) is Moment.OPEN:
            return True
        return self.is_late(day)

    def is_late(self, day: date) -> bool:
        """Tell whether an answer on this day is late and taken nevertheless."""
        over = self.window.on(day) is Moment.OVER
        return (
            over and self.purpose is Purpose.REFLECTION and (self.following is None or day < self.following)
        )


def rounds_for(seat: Seat) -> tuple[Round, ...]:
    """Return the rounds that a seat is asked for, in the order of the programme and of time."""
    asked = [one for one in instruments_in_rounds(seat.version_id) if one.draft.purpose in ASKED[seat.side]]
    return _rounds(asked, windows_of(seat.cohort_id), seat.starts, seat.joined)


def rounds_of_cohort(cohort_id: CohortId, version_id: ProgrammeVersionId, starts: date) -> tuple[Round, ...]:
    """Return all rounds of a cohort; days that count from an enrolment are shown from the cohort's first day."""
    return _rounds(instruments_in_rounds(version_id), windows_of(cohort_id), starts, starts)


def find_round(rounds: tuple[Round, ...], key: str) -> Round:
    """Return the round that an address names. Raises NotFoundError."""
    for one in rounds:
        if one.key == key:
            return one
    raise NotFoundError


def windows_of(cohort_id: CohortId) -> dict[Address, SurveyWindow]:
    """Return the windows that a cohort set for itself."""
    rows = db.session.scalars(select(SurveyWindow).where(SurveyWindow.cohort_id == cohort_id))
    return {(row.part_id, row.stage): row for row in rows}


def _rounds(
    instruments: list[RoundsInstrument] | tuple[RoundsInstrument, ...],
    own: Mapping[Address, SurveyWindow],
    starts: date,
    joined: date,
) -> tuple[Round, ...]:
    found: list[Round] = []
    for one in instruments:
        start = joined if counts_from_joining(one.draft.purpose) else starts
        windows = [
            (stage, window)
            for stage, days in USUAL[one.draft.purpose].items()
            if (window := _window(own.get((one.part_id, stage)), days, start)) is not None
        ]
        windows.sort(key=lambda pair: pair[1].opens)
        opening: list[date | None] = [window.opens for _, window in windows[1:]]
        for (stage, window), following in zip(windows, [*opening, None], strict=True):
            found.append(Round(one.part_id, one.draft, stage, window, following))
    return tuple(found)


def _window(own: SurveyWindow | None, usual: Days, start: date) -> Window | None:
    if own is None:
        return window_of(usual, start)
    if own.timing is Timing.OFF:
        return None
    if own.opens_on is not None and own.closes_on is not None:
        return Window(own.opens_on, own.closes_on)
    return window_of(Days(own.opens_day or 0, own.closes_day or 0), start)
