"""What is known of people as recipients of coaching, from day to day: recorded, read, kept confidential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.orm import Session

from courses.cohorts.assigning import local_day
from courses.cohorts.errors import AlreadyConfidentialError, RecipientTooEarlyError
from courses.cohorts.events import RecipientChanged
from courses.cohorts.models import (
    ConfidentialRecipient,
    Enrolment,
    EnrolmentId,
    NeedLevel,
    Recipient,
    RecipientType,
    Setting,
)
from institute import audit, events
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files.handing import KeptFile
from institute.files.models import StoredFileId
from institute.files.storing import record as record_file
from institute.people.models import Organisation, OrganisationId


@dataclass(frozen=True, slots=True)
class RecipientDraft:
    """What is known of a recipient. ``language`` is a tag such as "es", empty where it is not known."""

    type: RecipientType
    setting: Setting
    need: NeedLevel = NeedLevel.STANDARD
    language: str = ""
    site_id: OrganisationId | None = None


_ON_DAY = (
    select(Recipient)
    .where(Recipient.enrolment_id == bindparam("enrolment"), Recipient.since <= bindparam("day", type_=Date))
    .order_by(Recipient.since.desc())
    .limit(1)
)


def recipient_on(enrolment_id: EnrolmentId, day: date) -> Recipient | None:
    """Return what was known of an enrolment on a day, None before anything was."""
    return db.session.scalar(_ON_DAY, {"enrolment": enrolment_id, "day": day})


def recipients_on(institute_id: InstituteId, day: date) -> dict[EnrolmentId, Recipient]:
    """Return the same for all enrolments of an institute of which something was known, in one query."""
    newest = (
        select(Recipient.enrolment_id, func.max(Recipient.since).label("since"))
        .where(Recipient.institute_id == institute_id, Recipient.since <= day)
        .group_by(Recipient.enrolment_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(Recipient).join(
            newest, (newest.c.enrolment_id == Recipient.enrolment_id) & (newest.c.since == Recipient.since)
        )
    )
    return {row.enrolment_id: row for row in rows}


def history_of(enrolment_id: EnrolmentId) -> list[Recipient]:
    """Return everything that was known of an enrolment, newest first."""
    return list(
        db.session.scalars(
            select(Recipient).where(Recipient.enrolment_id == enrolment_id).order_by(Recipient.since.desc())
        )
    )


def record_recipient(enrolment_id: EnrolmentId, draft: RecipientDraft, *, since: date, actor: Actor) -> bool:
    """Record what is true of an enrolment from a day on; tell whether that changed anything.

    What was true before that day stays. The same day again puts a slip right. Raises NotFoundError for an enrolment
    or site of elsewhere, RecipientTooEarlyError for a day that is still to come.
    """
    with transaction() as session:
        enrolment = _find(enrolment_id, actor, session)
        site = session.get(Organisation, draft.site_id) if draft.site_id else None
        if draft.site_id and (site is None or site.institute_id != actor.institute_id):
            raise NotFoundError
        if since > local_day(enrolment.cohort.timezone):
            raise RecipientTooEarlyError
        known = recipient_on(enrolment_id, since)
        values = {
            "type": draft.type,
            "setting": draft.setting,
            "need": draft.need,
            "language": draft.language,
            "site_id": draft.site_id,
        }
        if known is not None and all(getattr(known, name) == value for name, value in values.items()):
            return False
        row = known if known is not None and known.since == since else None
        before = {name: str(getattr(row, name)) for name in values} if row else {}
        if row is None:
            row = Recipient(institute_id=actor.institute_id, enrolment_id=enrolment_id, since=since)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.recorded_by, row.recorded_at = actor.person_id, now()
        session.flush()
        audit.record(
            "recipient.corrected" if before else "recipient.recorded",
            actor=actor,
            subject=("recipient", row.id),
            details={"enrolment": enrolment_id, "since": since.isoformat(), "before": before},
        )
        events.publish(RecipientChanged(actor.institute_id, enrolment_id, since))
        return True


def confidential_letter(enrolment_id: EnrolmentId) -> ConfidentialRecipient | None:
    """Return by which letter an enrolment is confidential now, None where it is not."""
    return db.session.scalar(
        select(ConfidentialRecipient).where(
            ConfidentialRecipient.enrolment_id == enrolment_id, ConfidentialRecipient.ended_at.is_(None)
        )
    )


def confidential_in(institute_id: InstituteId) -> frozenset[EnrolmentId]:
    """Return the enrolments of an institute whose names leave the house in no list."""
    return frozenset(
        db.session.scalars(
            select(ConfidentialRecipient.enrolment_id).where(
                ConfidentialRecipient.institute_id == institute_id, ConfidentialRecipient.ended_at.is_(None)
            )
        )
    )


def keep_confidential(enrolment_id: EnrolmentId, letter: KeptFile, *, actor: Actor) -> None:
    """Keep somebody's name out of every list that leaves the house, by a letter that was kept before.

    Raises NotFoundError, AlreadyConfidentialError.
    """
    with transaction() as session:
        _find(enrolment_id, actor, session)
        if confidential_letter(enrolment_id) is not None:
            raise AlreadyConfidentialError
        file_id: StoredFileId = record_file(
            letter.blob,
            institute_id=actor.institute_id,
            name=letter.checked.name,
            media_type=letter.checked.media_type,
            owner_id=actor.person_id,
        )
        session.add(
            ConfidentialRecipient(
                institute_id=actor.institute_id,
                enrolment_id=enrolment_id,
                letter_id=file_id,
                recorded_by=actor.person_id,
            )
        )
        audit.record("recipient.confidential", actor=actor, subject=("enrolment", enrolment_id))


def end_confidential(enrolment_id: EnrolmentId, *, actor: Actor) -> None:
    """Let the name stand in lists again; the letter stays on file. Twice changes nothing. Raises NotFoundError."""
    with transaction() as session:
        _find(enrolment_id, actor, session)
        row = confidential_letter(enrolment_id)
        if row is not None:
            row.ended_at = now()
            audit.record("recipient.confidential-ended", actor=actor, subject=("enrolment", enrolment_id))


def _find(enrolment_id: EnrolmentId, actor: Actor, session: Session) -> Enrolment:
    enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
    if enrolment is None or enrolment.institute_id != actor.institute_id:
        raise NotFoundError
    return enrolment
