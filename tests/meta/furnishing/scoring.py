"""Scoring: Grace holds the evidence of Mei-Ling, with a file and a late text; Lucía's was released."""

from __future__ import annotations

import io

from sqlalchemy import select

from certificates.evidence.models import Submission, SubmissionFile, SubmissionId
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.rubrics.models import Criterion, CriterionId
from certificates.scoring.models import ScoreRevision, ScoringTask, TaskId
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from courses.cohorts.enrolling import enrol
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.files.cleaning import clean_copy
from institute.files.models import StoredFileId
from tests.meta.furnishing.room import Room

FORM = {"late": "keep", "code": "incomplete"}
KEY = "reflection-assessment"


def furnish(room: Room) -> dict[str, object]:
    """Let two people submit; one waits in Grace's hands, the other reads the scores."""
    lucia, meiling = (room.actor(key, Role.PARTICIPANT) for key in ("lucia", "meiling"))
    enrol(room.cohort_id, PersonId(room.people["meiling"]), actor=Actor(room.institute_id, None))
    released, held = _task(lucia), _task(meiling)
    tomas, grace = (room.actor(key, Role.TRAINER) for key in ("tomas", "grace"))
    take_task(released, actor=tomas)
    save_scores(released, _all(released, Written(0, 3, "Good.")), actor=tomas)
    hand_in(released, actor=tomas)
    take_task(held, actor=grace)
    for written in (Written(0, 3, "Good."), Written(0, 2, "From another window.")):
        save_scores(held, _all(held, written), actor=grace)
    submission_id = db.session.get_one(ScoringTask, held).submission_id
    for task_id in (released, held):
        assert clean_copy(StoredFileId(_file_of(task_id)))
    return {
        "task_id": held,
        "submission_id": db.session.get_one(ScoringTask, released).submission_id,
        "scored_file_id": db.session.scalars(
            select(SubmissionFile.file_id).where(SubmissionFile.submission_id == submission_id)
        ).one(),
        "said_file_id": _file_of(released),
        "late_id": db.session.scalars(
            select(ScoreRevision.id).where(ScoreRevision.late).order_by(ScoreRevision.id.desc())
        ).first(),
    }


def _file_of(task_id: TaskId) -> int:
    submission_id = db.session.get_one(ScoringTask, task_id).submission_id
    return db.session.scalars(
        select(SubmissionFile.file_id).where(SubmissionFile.submission_id == submission_id)
    ).one()


def _task(participant: Actor) -> TaskId:
    handed = take_in("What I learnt.", digest_of(""), [("notes.txt", io.BytesIO(b"Notes"))])
    assert submit(KEY, handed, actor=participant).whole
    submission_id: SubmissionId = db.session.scalars(
        select(Submission.id)
        .where(Submission.person_id == participant.person_id)
        .order_by(Submission.id.desc())
        .limit(1)
    ).one()
    return db.session.scalars(select(ScoringTask.id).where(ScoringTask.submission_id == submission_id)).one()


def _all(task_id: TaskId, written: Written) -> dict[CriterionId, Written]:
    rubric_id = db.session.get_one(ScoringTask, task_id).rubric_id
    return dict.fromkeys(
        db.session.scalars(select(Criterion.id).where(Criterion.rubric_id == rubric_id)), written
    )
