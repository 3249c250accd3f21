"""Calibration: a draft with a paper and a file, a set that Grace takes, a meeting, and an author who is asked."""

from __future__ import annotations

import io

from sqlalchemy import select

from certificates.calibration.attempts import RaterQualification
from certificates.calibration.building import SetSheet, create
from certificates.calibration.consenting import asked_of
from certificates.calibration.models import AnchorConsent, AnchorFile, AnchorPaper, CalibrationSet
from certificates.calibration.papering import add_files, add_paper
from certificates.calibration.reading import known_scores
from certificates.calibration.taking import Scored, begin, hand_in
from certificates.calibration.trying import attempt_page, paper_page
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from institute.actors import Role
from institute.db import db, transaction
from institute.files.handing import keep_handed
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

RUBRIC = "practice-change"
FORM = {
    "training": "An afternoon.",
    "reason": "No longer.",
    "agrees": "yes",
    "title": "A set",
    "use": "calibration",
}


def furnish(room: Room) -> dict[str, object]:
    """Let Grace pass a set of the sample and begin another attempt; leave a draft beside it."""
    grace, lead = room.actor("grace", Role.TRAINER), room.actor("ingrid", Role.SCORING_LEAD)
    _pass(room)
    attempt_id = begin(RUBRIC, actor=grace)
    waiting = attempt_page(attempt_id, actor=grace).next
    draft = create(RUBRIC, SetSheet(Localised.of({"en": "A draft"}), 60, 80, 0), actor=lead)
    paper = add_paper(draft, actor=lead)
    kept, _ = keep_handed([("notes.txt", io.BytesIO(b"Notes"))], most=1)
    add_files(paper, kept, actor=lead)
    file_id = db.session.scalars(select(AnchorFile.file_id).where(AnchorFile.paper_id == paper)).one()
    with transaction() as session:
        if waiting is not None:
            session.add(
                AnchorFile(paper_id=waiting, file_id=file_id, institute_id=room.institute_id, position=1)
            )
        submission_id = _submission(room)
        if asked_of(room.actor("lucia"), submission_id) is None:
            session.add(AnchorConsent(institute_id=room.institute_id, submission_id=submission_id))
    return {
        "calibrated_key": RUBRIC,
        "calibration_attempt_id": attempt_id,
        "anchor_paper_id": waiting,
        "anchor_file_id": file_id,
        "calibration_set_id": draft,
        "set_paper_id": paper,
        "set_file_id": file_id,
        "asked_submission_id": submission_id,
        "calibrating_meeting_id": 1,
        "calibrated_person_id": room.people["grace"],
        "rater_qualification_id": db.session.scalars(
            select(RaterQualification.id).where(RaterQualification.person_id == room.people["grace"])
        ).first(),
        "anchor_consent_id": db.session.scalars(
            select(AnchorConsent.id).where(AnchorConsent.institute_id == room.institute_id)
        ).first(),
    }


def _submission(room: Room) -> SubmissionId:
    """Return evidence of Lucía, whatever it is; she hands something in if she never did."""
    own = select(Submission.id).where(Submission.person_id == room.people["lucia"]).limit(1)
    found = db.session.scalars(own).first()
    if found is not None:
        return found
    handed = take_in("What changed.", digest_of(""), ())
    assert submit(RUBRIC, handed, actor=room.actor("lucia", Role.PARTICIPANT)).whole
    return db.session.scalars(own).one()


def _pass(room: Room) -> None:
    grace = room.actor("grace", Role.TRAINER)
    assert db.session.scalars(select(CalibrationSet.id).where(CalibrationSet.rubric_key == RUBRIC)).first()
    attempt_id = begin(RUBRIC, actor=grace)
    paper = attempt_page(attempt_id, actor=grace).next
    while paper is not None:
        known = known_scores(db.session.get_one(AnchorPaper, paper).id)
        hand_in(attempt_id, paper, {one: Scored(level, "") for one, level in known.items()}, actor=grace)
        paper = paper_page(attempt_id, paper, actor=grace).next
