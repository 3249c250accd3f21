"""An application that waits, and a certificate that was issued."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.batches.models import IssueBatch, IssueBatchLine
from certificates.awards.models import Application, Award
from certificates.awards.states import ApplicationState
from certificates.evidence.models import Requirement, Submission, SubmissionFile
from certificates.evidence.states import SubmissionState
from certificates.levels.models import Level, RuleSet, Track
from institute.actors import PersonId
from institute.clock import now
from institute.db import transaction
from institute.files import storing
from institute.files.storage import Blob
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.meta.furnishing.room import Room

FORM = {
    "level": "novice",
    "name": "Lucía Ortega",
    "locale": "es",
    "second_locale": "en",
    "reason": "As in the passport",
    "reason_class": "other",
    "note": "A note that stays here",
    "return_reason": "Add the date of your plan.",
    "deny_reason": "Not your own work.",
    "seen": "what was looked at",
    "appeal_reason": "The session was mine.",
    "take_up_reason": "It counts.",
    "uphold_reason": "It does not.",
    "decision": "keep",
}


def furnish(room: Room) -> dict[str, object]:
    """Let Mei-Ling's application for the first level wait, and Lucía hold the level, with its document."""
    document, portfolio = storing.keep(b"%PDF-1.7 a certificate"), storing.keep(b"A portfolio")
    with transaction() as session:
        waiting = _application(room, room.people["meiling"], ApplicationState.UNDER_REVIEW, session)
        decided = _application(room, room.people["lucia"], ApplicationState.AWARDED, session)
        award = _award(room, decided, session)
        file_id = storing.record(
            document,
            institute_id=room.institute_id,
            name=f"{award.serial}.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        award.document_file_id, award.document_sha256 = file_id, document.sha256
        batch = IssueBatch(institute_id=room.institute_id, person_id=room.people["ruth"])
        session.add(batch)
        session.flush()
        line = IssueBatchLine(
            institute_id=room.institute_id, batch_id=batch.id, position=1, application_id=waiting.id
        )
        session.add(line)
        proof = _proof(room, waiting, portfolio, session)
        return {"application_id": waiting.id, "award_id": award.id, "batch_id": batch.id, **proof}


def _proof(room: Room, application: Application, portfolio: Blob, session: Session) -> dict[str, object]:
    """Let an application stand on a submission with a file."""
    file_id = storing.record(
        portfolio,
        institute_id=room.institute_id,
        name="portfolio.txt",
        media_type="text/plain",
        owner_id=application.person_id,
    )
    asked = Requirement(
        institute_id=room.institute_id,
        level_id=application.level_id,
        key=f"proof-{room.institute_id}",
        position=98,
        title=Localised.of({"en": "Proof"}),
        instructions=Localised.of({"en": "Show it."}),
        most_files=1,
        most_links=0,
        wants_text=False,
        scored=False,
    )
    session.add(asked)
    session.flush()
    submission = Submission(
        institute_id=room.institute_id,
        requirement_id=asked.id,
        enrolment_id=room.enrolment_id,
        person_id=room.people["lucia"],
        author_id=room.people["lucia"],
        attempt=1,
        language="en",
        state=SubmissionState.DRAFT,
    )
    session.add(submission)
    session.flush()
    session.add(
        SubmissionFile(
            submission_id=submission.id, file_id=file_id, institute_id=room.institute_id, position=1
        )
    )
    session.flush()
    submission.state, submission.submitted_at = SubmissionState.ACCEPTED, now()
    return {"applied_submission_id": submission.id, "applied_file_id": file_id}


def _application(room: Room, person_id: PersonId, state: ApplicationState, session: Session) -> Application:
    level = session.scalars(
        select(Level).where(
            Level.institute_id == room.institute_id, Level.track == Track.PARTICIPANT, Level.position == 1
        )
    ).one()
    rules = session.scalars(select(RuleSet).where(RuleSet.level_id == level.id)).one()
    made = Application(
        institute_id=room.institute_id,
        enrolment_id=room.enrolment_id,
        person_id=person_id,
        level_id=level.id,
        rule_set_id=rules.id,
        state=state,
        name=session.get_one(Person, person_id).name,
        locale="es",
        second_locale="en",
    )
    session.add(made)
    session.flush()
    return made


def _award(room: Room, application: Application, session: Session) -> Award:
    institute = session.get_one(Institute, room.institute_id)
    made = Award(
        institute_id=room.institute_id,
        application_id=application.id,
        enrolment_id=application.enrolment_id,
        person_id=application.person_id,
        level_id=application.level_id,
        rule_set_id=application.rule_set_id,
        code=f"{institute.slug.upper():A<26}"[:26],
        serial=f"{institute.slug.upper()}-2026-00001-0",
        year=2026,
        number=1,
        name_frozen=application.name,
        locale="es",
        institute_name=institute.name,
        level_name=Localised.of({"en": "Novice"}),
        title=Localised.of({"en": "Novice"}),
        level_position=1,
        signatory="Ruth Mensah",
        minutes=540,
        issued_at=now(),
        issued_by=room.people["ruth"],
        snapshot={},
        snapshot_sha256="0" * 64,
        status_index=7,
    )
    session.add(made)
    session.flush()
    return made
