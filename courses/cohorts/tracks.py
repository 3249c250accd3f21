"""How programmes are coached: the span of an assignment, a coach's caseload, and for whom a track is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from courses.catalogue.models import Programme, ProgrammeId
from courses.cohorts.models import CoachingTrack, RecipientType
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.errors import NotFoundError

USUAL_CASELOAD: Final = 22
LONGEST_SPAN: Final = 120
MOST_PEOPLE: Final = 999


@dataclass(frozen=True, slots=True)
class Track:
    """Months of an assignment (None for no end), people of one coach, and for whom (None for everybody)."""

    span_months: int | None = None
    caseload: int = USUAL_CASELOAD
    recipient_type: RecipientType | None = None


def track_of(programme_id: ProgrammeId) -> Track:
    """Return how a programme is coached."""
    return _read(db.session.get(CoachingTrack, programme_id))


def tracks_of(institute_id: InstituteId) -> dict[ProgrammeId, Track]:
    """Return how each programme of an institute is coached of which something was said."""
    rows = db.session.scalars(select(CoachingTrack).where(CoachingTrack.institute_id == institute_id))
    return {row.programme_id: _read(row) for row in rows}


def put_track(programme_id: ProgrammeId, track: Track, *, actor: Actor) -> None:
    """Say how a programme of the actor's institute is coached; present assignments keep their days.

    The same a second time changes nothing. Raises NotFoundError.
    """
    with transaction() as session:
        programme = session.get(Programme, programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        row = session.get(CoachingTrack, programme_id)
        if row is None:
            row = CoachingTrack(programme_id=programme_id, institute_id=actor.institute_id)
            session.add(row)
        row.span_months, row.caseload = track.span_months, track.caseload
        row.recipient_type = track.recipient_type
        if row in session.new or session.is_modified(row):
            session.flush()
            audit.record("coaching.track-set", actor=actor, subject=("programme", programme_id))


def _read(row: CoachingTrack | None) -> Track:
    if row is None:
        return Track()
    return Track(row.span_months, row.caseload or USUAL_CASELOAD, row.recipient_type)
