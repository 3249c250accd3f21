"""A holder's wish for another name on the certificate that was issued, its transcript, and a key that signs."""

from __future__ import annotations

from sqlalchemy import select

from certificates.awards.issuing.models import AwardPaper
from certificates.awards.lifetime.models import CorrectionRequest
from certificates.awards.models import Award, AwardCredential
from certificates.documents.papers.facts import PaperKind
from institute.db import transaction
from institute.files import storing
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from tests.meta.furnishing.room import Room

FORM = {"email": "lucia@home.example", "purpose": "badge"}


def furnish(room: Room) -> dict[str, object]:
    """Let Lucía ask for another name, and the institute have a key."""
    key = key_in_use(room.institute_id, KeyPurpose.BADGE)
    signing = key_in_use(room.institute_id, KeyPurpose.DOCUMENT)
    token_key = key_in_use(room.institute_id, KeyPurpose.BADGE_JWT)
    kept, passport = storing.keep(b"%PDF-1.7 a transcript"), storing.keep(b"A passport")
    with transaction() as session:
        award = session.scalars(select(Award).where(Award.institute_id == room.institute_id).limit(1)).one()
        proof_id = storing.record(
            passport,
            institute_id=room.institute_id,
            name="passport.txt",
            media_type="text/plain",
            owner_id=award.person_id,
        )
        asked = CorrectionRequest(
            proof_file_id=proof_id,
            institute_id=room.institute_id,
            award_id=award.id,
            person_id=award.person_id,
            name="Lucía Ortega de la Cruz",
            reason="As in the passport",
        )
        file_id = storing.record(
            kept,
            institute_id=room.institute_id,
            name="transcript.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        paper = AwardPaper(
            award_id=award.id,
            institute_id=room.institute_id,
            kind=PaperKind.TRANSCRIPT,
            file_id=file_id,
            sha256=kept.sha256,
            key_id=signing.id,
        )
        badge = AwardCredential(
            award_id=award.id,
            institute_id=room.institute_id,
            document='{"credentialSubject": {"achievement": {}}}',
            jwt="a.b.c",
            badge_key_id=key.id,
            jwt_key_id=token_key.id,
        )
        session.add_all((asked, paper, badge))
        session.flush()
        return {"correction_id": asked.id, "signing_key_id": key.id, "paper_kind": "transcript"}
