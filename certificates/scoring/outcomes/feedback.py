"""What raters said about moments of a recording and pages of a document, for its author, once scores are released."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, url_for
from sqlalchemy import func, select

from certificates.evidence.models import Submission, SubmissionFile, SubmissionId
from certificates.scoring.outcomes.results import ScoreRelease
from courses.media import places, showing
from courses.media.models import MediaComment
from courses.media.places import Sight
from courses.media.showing import MediaView
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile

PLACE = "scores"


@dataclass(frozen=True, slots=True)
class CommentedFile:
    """A file of a submission with how much raters said about it."""

    file_id: int
    name: str
    count: int


def init_app(app: Flask) -> None:
    """Let participants see their own files with what was said, from the release on."""
    places.provide(app, Role.PARTICIPANT, PLACE, find)


def find(actor: Actor, key: int, file_id: int) -> Sight | None:
    """Return a file of the actor's own submission whose scores were released; None for any other."""
    file = db.session.scalar(
        select(StoredFile)
        .join(SubmissionFile, SubmissionFile.file_id == StoredFile.id)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .where(
            StoredFile.id == file_id,
            Submission.id == key,
            Submission.institute_id == actor.institute_id,
            Submission.person_id == actor.person_id,
            select(ScoreRelease.id).where(ScoreRelease.submission_id == Submission.id).exists(),
        )
    )
    if file is None:
        return None
    return Sight(
        file=file,
        name=file.name,
        back=url_for("participant_scores.released", submission_id=key),
        released=True,
        owner=True,
    )


def commented_files(submission_id: SubmissionId) -> tuple[CommentedFile, ...]:
    """Return the files of a submission about which released raters said something, in order."""
    rows = db.session.execute(
        select(StoredFile.id, StoredFile.name, func.count(MediaComment.id))
        .join(SubmissionFile, SubmissionFile.file_id == StoredFile.id)
        .join(MediaComment, MediaComment.file_id == StoredFile.id)
        .where(SubmissionFile.submission_id == submission_id, MediaComment.reader.is_not(None))
        .group_by(StoredFile.id, StoredFile.name, SubmissionFile.position)
        .order_by(SubmissionFile.position)
    )
    return tuple(CommentedFile(file_id, name, count) for file_id, name, count in rows)


def view_of_own(submission_id: SubmissionId, file_id: int, *, actor: Actor) -> MediaView:
    """Return what the player shows of a file of the actor's own submission. Raises NotFoundError."""
    if find(actor, submission_id, file_id) is None:
        raise NotFoundError
    return showing.view_of(Role.PARTICIPANT, PLACE, submission_id, file_id, actor=actor)
