"""How a row becomes what it says: a session as a log sent by its coach, attendance as that of its meeting."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from courses.coaching.writing import log_session
from courses.exchange.attendance_rows import AttendanceRow
from courses.exchange.importing import RefusedRow
from courses.exchange.row_errors import NotInvitedError
from courses.exchange.session_rows import COLUMN_OF, SessionRow
from courses.hours.telling import tell_hours_changed
from courses.meetings.attending import record_attendance
from courses.sessions.models import SessionLogId
from institute.actors import Actor, InstituteId, PersonId
from institute.errors import NotFoundError


def write_session(row: SessionRow, *, importer_id: PersonId, institute_id: InstituteId) -> SessionLogId:
    """Log a session as sent by its coach, attested by who imports it; it counts once the participant confirms it.

    Raises RefusedRow with what has to be mended by column.
    """
    written = log_session(
        row.place.enrolment_id,
        row.sheet,
        send=True,
        actor=Actor(institute_id, row.coach_id, door="import"),
        external_id=row.external_id,
        imported_by=importer_id,
    )
    if written.log_id is None:
        problems = written.checked.problems
        raise RefusedRow({COLUMN_OF.get(name, name): error for name, error in problems.items()})
    return written.log_id


def follow_sessions(rows: Sequence[SessionRow], session: Session) -> None:
    """Let the hours of everybody whom rows are about be counted again, once."""
    for enrolment_id in sorted({row.place.enrolment_id for row in rows}):
        tell_hours_changed(enrolment_id, session=session)


def follow_nothing(_rows: Sequence[AttendanceRow], _session: Session) -> None:
    """Let nothing follow: each attendance says by itself what follows from it."""


def write_attendance(row: AttendanceRow, *, actor: Actor) -> None:
    """Record how long somebody was at a meeting. Raises RefusedRow, DomainError."""
    try:
        record_attendance(
            row.meeting_id,
            row.person_id,
            row.minutes,
            actor=actor,
            external_id=row.external_id,
            imported_by=actor.person_id,
        )
    except NotFoundError as error:
        raise RefusedRow({"person": NotInvitedError()}) from error
