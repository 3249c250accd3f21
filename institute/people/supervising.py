"""Who directs whose work: noted by the institute, because supervisors coach and rate nobody whom they direct."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from institute import audit, events
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext
from institute.people import standing
from institute.people.events import DutyBegun
from institute.people.models import Person, Supervision, SupervisionId

SUPERVISOR = "supervisor"


class SupervisionConflictError(ConflictError):
    """One of the two has another duty towards the other."""

    code = "SUPERVISION-CONFLICT"
    title = lazy_gettext("One of the two coaches the other")
    sentence = lazy_gettext("Nobody coaches or rates somebody whom they supervise, or who supervises them.")
    advice = lazy_gettext("End the assignment first, or let somebody else supervise.")


class SupervisionDaysError(InvalidError):
    """A supervision has a first day."""

    code = "SUPERVISION-DAYS"
    sentence = lazy_gettext("Write the day on which it began, and no last day before it.")


def note_supervision(
    supervisor_id: PersonId, subordinate_id: PersonId, *, since: date, until: date | None = None, actor: Actor
) -> SupervisionId:
    """Note that one person directs the work of another, from a day to a day (inclusive).

    Refused while one of them coaches the other, whichever of the two. Raises NotFoundError, SupervisionConflictError,
    SupervisionDaysError.
    """
    with transaction() as session:
        # Assigning a coach locks the same rows: of two decisions at once one sees the other.
        for one in sorted({supervisor_id, subordinate_id}):
            person = session.get(Person, one, with_for_update=True)
            if person is None or person.institute_id != actor.institute_id:
                raise NotFoundError
        if until is not None and until < since:
            raise SupervisionDaysError
        both = (supervisor_id, subordinate_id), (subordinate_id, supervisor_id)
        runs = until is None or until >= now().date()
        if runs and any(
            standing.conflicts_between(actor.institute_id, one, other, SUPERVISOR) for one, other in both
        ):
            raise SupervisionConflictError
        row = Supervision(
            institute_id=actor.institute_id,
            supervisor_id=supervisor_id,
            subordinate_id=subordinate_id,
            since=since,
            until=until,
        )
        session.add(row)
        session.flush()
        audit.record("supervision.noted", actor=actor, subject=("supervision", row.id))
        events.publish(DutyBegun(actor.institute_id, supervisor_id, subordinate_id))
        return row.id


def end_supervision(supervision_id: SupervisionId, *, last_day: date | None = None, actor: Actor) -> None:
    """End a supervision with a day (today, unless given). Raises NotFoundError, SupervisionDaysError."""
    with transaction() as session:
        row = session.get(Supervision, supervision_id, with_for_update=True)
        if row is None or row.institute_id != actor.institute_id:
            raise NotFoundError
        day = last_day or now().date()
        if day < row.since:
            raise SupervisionDaysError
        row.until = day
        audit.record("supervision.ended", actor=actor, subject=("supervision", row.id))


def supervisions_of(institute_id: InstituteId) -> list[Supervision]:
    """Return who directs whose work now or later, newest first."""
    return list(
        db.session.scalars(
            select(Supervision)
            .where(
                Supervision.institute_id == institute_id,
                (Supervision.until.is_(None)) | (Supervision.until >= now().date()),
            )
            .order_by(Supervision.id.desc())
        )
    )
