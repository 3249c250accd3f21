"""What readers said about moments and pages: read by the author from the release on, never before, never by others."""

from __future__ import annotations

import io
from collections.abc import Callable

from sqlalchemy import select

from certificates.evidence.models import SubmissionFile
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from courses.media.models import CommentKind, MediaComment, Speaker
from institute.actors import Role
from institute.db import db, transaction
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import MakeDesk, Trainer
from tests.courses.conftest import Studied
from tests.papers import pdf

SAID = "Here you listen before you answer."


def test_a_readers_words_about_a_page_are_their_authors_from_the_release_on(
    make_desk: MakeDesk,
    trainer: Trainer,
    studied: Studied,
    sign_in: Callable[..., Visitor],
    make_person: Callable[..., Person],
) -> None:
    desk = make_desk(files=[("plan.pdf", io.BytesIO(pdf()))])
    file_id = db.session.scalars(
        select(SubmissionFile.file_id).where(SubmissionFile.submission_id == desk.submission_id)
    ).one()
    take_task(desk.task_id, actor=trainer.actor)
    with transaction() as writing:
        writing.add(
            MediaComment(
                institute_id=desk.person.institute_id,
                file_id=file_id,
                page=1,
                kind=CommentKind.STRENGTH,
                author_id=trainer.person.id,
                role=Speaker.RATER,
                text=SAID,
                task_id=desk.task_id,
            )
        )
    author = sign_in(desk.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    address = f"/participant/scores/{desk.submission_id}/files/{file_id}"
    assert author.get(address).status_code == 404
    criteria = desk.criteria()
    save_scores(desk.task_id, {one: Written(0, 3, "") for one in criteria}, actor=trainer.actor)
    hand_in(desk.task_id, actor=trainer.actor)
    page = author.get(f"/participant/scores/{desk.submission_id}").text
    assert "Said about your files" in page
    said = author.get(address)
    assert said.status_code == 200
    assert SAID in said.text
    assert trainer.person.name not in said.text
    assert "Reader 1" in said.text
    other = sign_in(make_person(name="Another"), roles=[Role.PARTICIPANT], place=studied.cohort_id)
    assert other.get(address).status_code == 404
