"""Rows of sessions: from cells to the sheet that a coach would have filled in, and what rows claim twice."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from courses.coaching.sheets import Sheet, check_sheet, sheet_of
from courses.exchange import row_errors
from courses.exchange.finding import Directory, Place, read_directory
from courses.exchange.formats import Formats, shortened
from courses.exchange.models import LONGEST_EXTERNAL_ID
from courses.exchange.papers import Fault, PaperRow
from courses.sessions.models import Kind, Mode
from courses.sessions.wall_time import Side
from institute.actors import InstituteId, PersonId
from institute.errors import DomainError

COLUMN_OF: Final = {"day": "date", "pause": "break_minutes", "attended": "attended_minutes"}
_TEXTS: Final = ("notes", "next_steps", "long_reason", "goals", "practices", "funding")

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


class _Answer(StrEnum):
    """Whether a session ended on the day after."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row that can be brought in: whom it is about, and the sheet, on the clock of the cohort."""

    line: int
    external_id: str
    place: Place
    coach_id: PersonId
    sheet: Sheet
    start: datetime
    end: datetime

    @property
    def digest(self) -> str:
        """A hash of what the row says, however its file writes it."""
        said = [self.place.enrolment_id, self.coach_id, asdict(self.sheet)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_sessions(
    rows: Iterable[PaperRow], formats: Formats, *, institute_id: InstituteId
) -> tuple[list[SessionRow], list[Fault]]:
    """Return the rows that can be read, and everything that has to be mended in the others."""
    rows = list(rows)
    names = {row.cells[column] for row in rows for column in ("participant", "coach")}
    directory = read_directory(institute_id, names)
    read = [_Reader(row, formats, directory) for row in rows]
    good = [reader.found for reader in read if reader.found is not None]
    faults = [fault for reader in read for fault in reader.faults]
    twice = list(_twice(good))
    lines = {fault.line for fault in twice}
    return [row for row in good if row.line not in lines], sorted(
        faults + twice, key=lambda fault: fault.line
    )


class _Reader:
    """One row: each cell is read, and each mistake is noted with its column."""

    def __init__(self, row: PaperRow, formats: Formats, directory: Directory) -> None:
        self.row = row
        self.formats = formats
        self.directory = directory
        self.faults: list[Fault] = []
        self.found = self._read()

    def _read(self) -> SessionRow | None:
        external_id = self._needed("external_id")
        if len(external_id) > LONGEST_EXTERNAL_ID:
            self._refuse(
                "external_id",
                row_errors.ValueTooLongError(length=len(external_id), most=LONGEST_EXTERNAL_ID),
            )
        participant, coach = self._needed("participant"), self._needed("coach")
        cohort = self._cell("cohort")
        place = self._try(
            "cohort" if cohort else "participant", lambda: self.directory.place(participant, cohort)
        )
        coach_id = self._try("coach", lambda: self.directory.coach(coach, place)) if place and coach else None
        sheet = self._sheet(place)
        if place is None or coach_id is None or self.faults:
            return None
        return self._on_cohort_clock(external_id, place, coach_id, sheet)

    def _sheet(self, place: Place | None) -> Sheet:
        day = self._try("date", lambda: self.formats.day(self._needed("date")))
        begins = self._try("begins", lambda: self.formats.time(self._needed("begins")))
        ends = self._try("ends", lambda: self.formats.time(self._needed("ends")))
        next_day = self._word("next_day", _Answer)
        kind = self._word("kind", Kind, needed=True)
        address = self._cell("segment")
        segment = (
            self._try("segment", lambda: self.directory.segment(address, place))
            if address and place
            else None
        )
        attended = self._cell("attended_minutes")
        if attended and kind is not Kind.GROUP:
            self._refuse("attended_minutes", row_errors.AttendedAloneError())
        return Sheet(
            day=day.isoformat() if day else "",
            begins=f"{begins:%H:%M}" if begins else "",
            ends=f"{ends:%H:%M}" if ends else "",
            next_day="1" if next_day is _Answer.YES else "",
            begins_side=self._word("begins_side", Side) or "",
            ends_side=self._word("ends_side", Side) or "",
            pause=self._cell("break_minutes"),
            mode=self._word("mode", Mode, needed=True) or "",
            kind=kind or "",
            segment=str(segment or ""),
            attended=attended,
            **{name: self._cell(name) for name in _TEXTS},
        )

    def _on_cohort_clock(
        self, external_id: str, place: Place, coach_id: PersonId, sheet: Sheet
    ) -> SessionRow | None:
        declared = self.formats.zone or place.zone
        checked = check_sheet(sheet, zone=declared, sending=False)
        for name, problem in checked.problems.items():
            self._refuse(COLUMN_OF.get(name, name), problem)
        facts = checked.facts
        if facts is None:
            return None
        if declared != place.zone:
            sheet = sheet_of(replace(facts, zone=place.zone))
        return SessionRow(self.row.line, external_id, place, coach_id, sheet, facts.start, facts.end)

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def _needed(self, column: str) -> str:
        text = self._cell(column)
        if not text:
            self._refuse(column, row_errors.ValueMissingError())
        return text

    def _word(self, column: str, kind: type[W], *, needed: bool = False) -> W | None:
        text = (self._needed(column) if needed else self._cell(column)).casefold()
        if not text:
            return None
        if text not in list(kind):
            self._refuse(column, row_errors.WordUnknownError(text=shortened(text), words=", ".join(kind)))
            return None
        return kind(text)

    def _try(self, column: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DomainError as error:
            self._refuse(column, error)
            return None

    def _refuse(self, column: str, error: DomainError) -> None:
        # The first word about a cell stands: an empty one is missing, whatever else it is.
        if not any(fault.column == column for fault in self.faults):
            self.faults.append(Fault(self.row.line, column, error))


def _twice(rows: list[SessionRow]) -> Iterable[Fault]:
    """Yield what rows of one file claim twice: an external_id, or somebody's time. The later one is to be mended."""
    first: dict[str, int] = {}
    taken: dict[PersonId, list[SessionRow]] = defaultdict(list)
    for row in rows:
        if row.external_id in first:
            yield Fault(row.line, "external_id", row_errors.RowTwiceError(line=first[row.external_id]))
            continue
        first[row.external_id] = row.line
        both = (row.place.person_id, row.coach_id)
        other = next((one for person in both for one in taken[person] if _collide(one, row)), None)
        if other is not None:
            yield Fault(row.line, "begins", row_errors.RowsOverlapError(line=other.line))
            continue
        for person in both:
            taken[person].append(row)


def _collide(one: SessionRow, other: SessionRow) -> bool:
    if one.start >= other.end or other.start >= one.end:
        return False
    # Rows of one group session: its coach once, each member with a row.
    is_group = {one.sheet.kind, other.sheet.kind} == {Kind.GROUP} and one.coach_id == other.coach_id
    at_once = (one.start, one.end) == (other.start, other.end)
    return not (is_group and at_once and one.place.person_id != other.place.person_id)
