"""What the sessions tell the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from courses.cohorts.models import EnrolmentId
from courses.sessions.models import SessionAmendmentId, SessionLogId
from institute.actors import InstituteId


@dataclass(frozen=True, slots=True)
class SessionAmended:
    """Both sides agreed on a change of what they had agreed on before. The minutes are the log's, whole."""

    institute_id: InstituteId
    enrolment_id: EnrolmentId
    log_id: SessionLogId
    amendment_id: SessionAmendmentId
    minutes_before: int
    minutes_after: int
