"""Rows of attendance: who was at which meeting, for how many minutes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from courses.exchange import row_errors
from courses.exchange.finding import Directory, read_directory
from courses.exchange.formats import shortened
from courses.exchange.models import LONGEST_EXTERNAL_ID
from courses.exchange.papers import Fault, PaperRow
from courses.meetings.models import Meeting, MeetingId
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.errors import DomainError

DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """A row that can be brought in; 0 minutes are an absence."""

    line: int
    external_id: str
    meeting_id: MeetingId
    person_id: PersonId
    minutes: int

    @property
    def digest(self) -> str:
        """A hash of what the row says."""
        said = [self.meeting_id, self.person_id, self.minutes]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def read_attendance(
    rows: Iterable[PaperRow], *, institute_id: InstituteId
) -> tuple[list[AttendanceRow], list[Fault]]:
    """Return the rows that can be read, and everything that has to be mended in the others."""
    rows = list(rows)
    directory = read_directory(institute_id, {row.cells["person"] for row in rows})
    keys = select(Meeting.key, Meeting.id).where(Meeting.institute_id == institute_id)
    meetings = {row.key: row.id for row in db.session.execute(keys)}
    good: list[AttendanceRow] = []
    faults: list[Fault] = []
    for row in rows:
        found = _read(row, directory, meetings)
        if isinstance(found, AttendanceRow):
            good.append(found)
        else:
            faults += [Fault(row.line, column, error) for column, error in found.items()]
    twice = list(_twice(good))
    lines = {fault.line for fault in twice}
    return [row for row in good if row.line not in lines], sorted(
        faults + twice, key=lambda fault: fault.line
    )


def _read(
    row: PaperRow, directory: Directory, meetings: Mapping[str, MeetingId]
) -> AttendanceRow | dict[str, DomainError]:
    wrong: dict[str, DomainError] = {
        column: row_errors.ValueMissingError()
        for column in ("external_id", "meeting", "person", "minutes")
        if not row.cells[column]
    }
    external_id, meeting, person = (row.cells[column] for column in ("external_id", "meeting", "person"))
    if len(external_id) > LONGEST_EXTERNAL_ID:
        wrong["external_id"] = row_errors.ValueTooLongError(length=len(external_id), most=LONGEST_EXTERNAL_ID)
    meeting_id = meetings.get(meeting)
    if meeting_id is None:
        wrong.setdefault("meeting", row_errors.MeetingUnknownError(text=shortened(meeting)))
    text = row.cells["minutes"]
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
    if minutes is None:
        wrong.setdefault("minutes", row_errors.NumberError(text=shortened(text)))
    person_id = None
    try:
        person_id = directory.person(person)
    except DomainError as error:
        wrong.setdefault("person", error)
    if wrong or meeting_id is None or person_id is None or minutes is None:
        return wrong
    return AttendanceRow(row.line, external_id, meeting_id, person_id, minutes)


def _twice(rows: list[AttendanceRow]) -> Iterator[Fault]:
    """Yield what rows of one file claim twice: an external_id, or somebody at a meeting."""
    ids: dict[str, int] = {}
    places: dict[tuple[MeetingId, PersonId], int] = {}
    for row in rows:
        place = (row.meeting_id, row.person_id)
        if row.external_id in ids:
            yield Fault(row.line, "external_id", row_errors.RowTwiceError(line=ids[row.external_id]))
        elif place in places:
            yield Fault(row.line, "person", row_errors.PersonTwiceError(line=places[place]))
        else:
            ids[row.external_id] = places[place] = row.line
