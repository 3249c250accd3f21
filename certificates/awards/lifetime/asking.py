"""A holder's wish for another name on a certificate, and what the office answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.stepping import read_note
from certificates.awards.errors import AwardStateError, WishReasonMissingError
from certificates.awards.holders.owning import own_award
from certificates.awards.lifetime.changing import award_to_decide
from certificates.awards.lifetime.correcting import correct_name
from certificates.awards.lifetime.errors import (
    CorrectionDecidedError,
    CorrectionOpenError,
    SameNameError,
)
from certificates.awards.lifetime.models import CorrectionId, CorrectionRequest, CorrectionState
from certificates.awards.models import Award, AwardId
from certificates.awards.states import AwardStatus
from certificates.awards.wording import say_award_status
from certificates.documents.fitting import check_name
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.handing import KeptFile
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import find_file
from institute.files.storing import record
from institute.messages import mail

ANSWERED: Final = "certificate.name"
MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class HandedProof:
    """What a form brought: a file that is kept, or why it was refused; neither where there was none."""

    kept: KeptFile | None
    refused: DomainError | None


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A wish for another name that waits."""

    id: CorrectionId
    award_id: AwardId
    now_reads: str
    wished: str
    serial: str
    asked_at: datetime


def ask_correction(
    award_id: AwardId, *, name: str, reason: str, proof: HandedProof, actor: Actor
) -> CorrectionId:
    """Ask for another name on an own certificate. Return the wish's id.

    Raises NotFoundError, what ``check_name`` raises, SameNameError, ReasonMissingError, NoteTooLongError, what is
    wrong with the proof, AwardStateError unless it is valid, CorrectionOpenError if there is one already.
    """
    if proof.refused is not None:
        raise proof.refused
    with transaction() as session:
        award = own_award(award_id, actor)
        session.refresh(award, with_for_update=True)
        wished = check_name(name)
        if wished == award.name_frozen:
            raise SameNameError
        note = read_note(reason, needed=True, missing=WishReasonMissingError)
        if award.status is not AwardStatus.VALID:
            raise AwardStateError(
                state=say_award_status(award.status), wished=say_award_status(AwardStatus.SUPERSEDED)
            )
        if _open_on(award_id, session) is not None:
            raise CorrectionOpenError
        if actor.person_id is None:
            raise NotFoundError
        made = CorrectionRequest(
            institute_id=award.institute_id,
            award_id=award.id,
            person_id=actor.person_id,
            name=wished,
            reason=note,
            proof_file_id=_record(proof, actor),
        )
        session.add(made)
        session.flush()
        audit.record(
            "correction.asked",
            actor=actor,
            subject=("correction", made.id),
            details={"award": award.id, "proof": made.proof_file_id},
        )
        return made.id


def _record(proof: HandedProof, actor: Actor) -> StoredFileId | None:
    if proof.kept is None:
        return None
    checked = proof.kept.checked
    return record(
        proof.kept.blob,
        institute_id=actor.institute_id,
        name=checked.name,
        media_type=checked.media_type,
        owner_id=actor.person_id,
    )


def correct(award_id: AwardId, *, name: str, reason: str, actor: Actor) -> AwardId:
    """Correct the name on a certificate, and answer with it what its holder asked for, if they did.

    Return the new award's id. Raises as ``correct_name``.
    """
    with transaction() as session:
        corrected = correct_name(award_id, name=name, reason=reason, actor=actor)
        asked = _open_on(award_id, session)
        if asked is not None:
            _decide(asked, CorrectionState.DONE, actor=actor, note="", corrected=corrected)
        return corrected


def refuse(award_id: AwardId, correction_id: CorrectionId, *, note: str, actor: Actor) -> None:
    """Leave the name as it is, with a reason that the holder reads.

    Raises NotFoundError, DutiesError, ReasonMissingError, NoteTooLongError, CorrectionDecidedError.
    """
    with transaction() as session:
        award = award_to_decide(award_id, session=session, actor=actor)
        asked = session.get(CorrectionRequest, correction_id, with_for_update=True)
        if asked is None or asked.award_id != award.id:
            raise NotFoundError
        said = read_note(note, needed=True)
        if asked.state is not CorrectionState.OPEN:
            raise CorrectionDecidedError
        _decide(asked, CorrectionState.REFUSED, actor=actor, note=said)


def _decide(
    asked: CorrectionRequest,
    to: CorrectionState,
    *,
    actor: Actor,
    note: str,
    corrected: AwardId | None = None,
) -> None:
    with transaction() as session:
        asked.state, asked.note, asked.corrected_id = to, note, corrected
        asked.decided_at, asked.decided_by = now(), actor.person_id
        session.flush()
        mail.tell(asked.person_id, ANSWERED, {"correction_id": asked.id}, institute_id=asked.institute_id)
        audit.record(
            f"correction.{to}",
            actor=actor,
            subject=("correction", asked.id),
            details={"award": asked.award_id, "corrected": corrected},
        )


def latest_on(award_id: AwardId) -> CorrectionRequest | None:
    """Return the last wish for another name on an award, whatever came of it."""
    return db.session.scalar(
        select(CorrectionRequest)
        .where(CorrectionRequest.award_id == award_id)
        .order_by(CorrectionRequest.id.desc())
        .limit(1)
    )


def open_corrections(actor: Actor) -> Sequence[CorrectionLine]:
    """Return what holders of the actor's institute asked for and nobody answered, longest first."""
    from_award = select(CorrectionRequest, Award.name_frozen, Award.serial).join(
        Award, Award.id == CorrectionRequest.award_id
    )
    rows = db.session.execute(
        from_award.where(
            CorrectionRequest.institute_id == actor.institute_id,
            CorrectionRequest.state == CorrectionState.OPEN,
        )
        .order_by(CorrectionRequest.id)
        .limit(MOST_SHOWN)
    )
    return [
        CorrectionLine(one.id, one.award_id, name, one.name, serial, one.asked_at)
        for one, name, serial in rows
    ]


def proof_of(award_id: AwardId, correction_id: CorrectionId, actor: Actor) -> StoredFile:
    """Return the proof that a holder handed in with their wish, for the office. Raises NotFoundError."""
    asked = db.session.get(CorrectionRequest, correction_id)
    if asked is None or asked.institute_id != actor.institute_id or asked.award_id != award_id:
        raise NotFoundError
    if asked.proof_file_id is None:
        raise NotFoundError
    return find_file(asked.proof_file_id, institute_id=actor.institute_id)


def _open_on(award_id: AwardId, session: Session) -> CorrectionRequest | None:
    return session.scalar(
        select(CorrectionRequest)
        .where(CorrectionRequest.award_id == award_id, CorrectionRequest.state == CorrectionState.OPEN)
        .with_for_update()
    )
