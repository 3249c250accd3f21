"""Another name on a certificate: a new one takes the place of the old, with the same dates, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from certificates.awards.applications.stepping import read_note
from certificates.awards.events import AwardChanged, AwardIssued
from certificates.awards.holders import sharing
from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.issuing.numbering import free_index, hold_numbers, next_number, serial_prefix
from certificates.awards.issuing.snapshots import require_met
from certificates.awards.lifetime.changing import award_to_decide, change_status
from certificates.awards.lifetime.errors import SameNameError
from certificates.awards.models import Application, Award, AwardId
from certificates.awards.proof.codes import make_code
from certificates.awards.proof.statuses import want_list
from certificates.awards.states import AwardStatus, ReasonClass
from certificates.documents.fitting import check_name
from certificates.documents.serials import serial
from certificates.levels.rules import digest
from courses.coaching.locking import lock_logs
from institute import audit, events
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.people.models import Institute

# Of its own; everything else is as it was issued.
ANEW: Final = frozenset(
    {
        "id",
        "code",
        "serial",
        "number",
        "edition",
        "supersedes_id",
        "status",
        "status_index",
        "document_key_id",
        "badge_key_id",
        "document_file_id",
        "document_sha256",
    }
)


def correct_name(award_id: AwardId, *, name: str, reason: str, actor: Actor) -> AwardId:
    """Issue a certificate with another name in the place of this one; return the new award's id.

    What was decided on, when, by whom and until when it holds stay. The old one says from then on what took its
    place. Raises NotFoundError, DutiesError, what ``check_name`` raises, SameNameError, ReasonMissingError,
    NoteTooLongError, and AwardStateError unless it is valid.
    """
    with transaction() as session:
        before = award_to_decide(award_id, session=session, actor=actor)
        if actor.person_id is None:
            raise NotFoundError
        wished = check_name(name)
        if wished == before.name_frozen:
            raise SameNameError
        note = read_note(reason, needed=True)
        institute = hold_numbers(before.institute_id, session)
        change_status(before, AwardStatus.SUPERSEDED, reason=ReasonClass.CORRECTED, note=note, actor=actor)
        award = _edition(before, {"name_frozen": wished}, institute, session)
        return _stand(award, before, actor)


def correct_figures(award_id: AwardId, *, reason: str, actor: Actor) -> AwardId:
    """Issue a certificate with the figures that are true now in the place of this one; return the new award's id.

    Name, dates and who issued it stay. Raises as ``correct_name``, and NotEligibleError where a rule of the level is
    not met any more: then it is to be suspended or revoked.
    """
    with transaction() as session:
        before = award_to_decide(award_id, session=session, actor=actor)
        application = session.get_one(Application, before.application_id)
        note = read_note(reason, needed=True)
        institute = hold_numbers(before.institute_id, session)
        snapshot, minutes, _ = require_met(application, session)
        if before.enrolment_id is not None:
            snapshot["sessions"] = list(lock_logs(before.enrolment_id, actor=actor))
        change_status(before, AwardStatus.SUPERSEDED, reason=ReasonClass.CORRECTED, note=note, actor=actor)
        changed = {"minutes": minutes, "snapshot": snapshot, "snapshot_sha256": digest(snapshot)}
        return _stand(_edition(before, changed, institute, session), before, actor)


def _stand(award: Award, before: Award, actor: Actor) -> AwardId:
    """Let the new award be what its holder has from now on."""
    sharing.carry(before, award)
    outbox.put(kind=JOB_KIND, key=str(award.id))
    want_list(award.institute_id)
    events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
    events.publish(AwardIssued(award.institute_id, award.person_id, award.id))
    audit.record(
        "award.corrected",
        actor=actor,
        subject=("award", award.id),
        details={"before": before.id, "edition": award.edition},
    )
    return award.id


def _edition(before: Award, changed: Mapping[str, Any], institute: Institute, session: Session) -> Award:
    last = session.scalar(
        select(func.max(Award.edition)).where(Award.application_id == before.application_id)
    )
    same = {
        column.key: getattr(before, column.key)
        for column in inspect(Award).column_attrs
        if column.key not in ANEW
    }
    number = next_number(institute, before.year, session)
    award = Award(
        **{**same, **changed},
        code=make_code(),
        serial=serial(serial_prefix(institute.slug), before.year, number),
        number=number,
        edition=(last or 1) + 1,
        supersedes_id=before.id,
        status_index=free_index(institute, session),
    )
    session.add(award)
    session.flush()
    return award
