"""What a rater sees of files: copies that name nobody, and nothing that somebody shown disagrees with."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy import select

from certificates.evidence.models import Submission
from certificates.evidence.reading import hiding
from certificates.scoring.errors import LOST, EvidencePreparingError
from certificates.scoring.models import Purpose, ScoringTask, TaskId, TaskState
from certificates.scoring.sheets.packets import clean_file
from certificates.scoring.sheets.pages import ScoringPage, own_task
from courses.media import places, showing
from courses.media.models import Speaker
from courses.media.places import Sight
from courses.media.showing import MediaView
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import find_file

PLACE = "task"
PLAYED = ("video/", "audio/", "application/pdf")


def init_app(app: Flask) -> None:
    """Let raters see the files of their tasks in the player."""
    places.provide(app, Role.TRAINER, PLACE, find)


def find(actor: Actor, key: int, file_id: int) -> Sight | None:
    """Return a file of a task as its rater may see it; None where it is not theirs, or no copy names nobody yet."""
    try:
        task = own_task(TaskId(key), actor=actor)
        wanted = StoredFileId(file_id)
        shown, clean = clean_file(task, wanted)
    except (NotFoundError, *LOST):
        return None
    file = db.session.get(StoredFile, wanted)
    if clean is None or file is None:
        return None
    author = select(Submission.person_id).where(Submission.id == task.submission_id)
    person_id = db.session.scalar(author)
    return Sight(
        file=file,
        name=shown.name,
        back=url_for("trainer_scoring.task", task_id=task.id),
        sent=clean,
        speaker=Speaker.RATER if task.state is TaskState.HELD else None,
        task_id=task.id,
        reads=_reads(task),
        mask=str if person_id is None else hiding(person_id),
    )


def views_of(here: ScoringPage, *, actor: Actor) -> dict[StoredFileId, MediaView]:
    """Return what the player shows of each file of a page that it can show now."""
    return {
        file.id: showing.view_of(Role.TRAINER, PLACE, here.task_id, file.id, actor=actor)
        for file in here.evidence.files
        if file.media_type.startswith(PLAYED) and file.id in here.ready
    }


def evidence_file(task_id: TaskId, file_id: StoredFileId, *, actor: Actor) -> tuple[StoredFile, str]:
    """Return the copy of a file that names nobody, with its neutral name, for who holds the task or finished it.

    Raises NotFoundError, EvidencePreparingError while there is no such copy, and as ``own_task``.
    """
    task = own_task(task_id, actor=actor)
    shown, clean = clean_file(task, file_id)
    if clean is None:
        raise EvidencePreparingError
    return find_file(clean.id, institute_id=task.institute_id), shown.name


def _reads(task: ScoringTask) -> frozenset[int]:
    """Return whose comments are read besides one's own: a third person reads the raters' once they handed in."""
    if task.purpose is not Purpose.ADJUDICATION or task.state is not TaskState.SCORED:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(ScoringTask.id).where(
                ScoringTask.submission_id == task.submission_id,
                ScoringTask.round == task.round,
                ScoringTask.id != task.id,
            )
        )
    )
