"""Files beside the rubric: comments that only who wrote them reads, and nothing once consent is withdrawn."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from sqlalchemy import select

from certificates.evidence.models import SubmissionFile
from certificates.evidence.states import SubmissionState
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import SINGLE
from certificates.scoring.models import Purpose
from courses.media.models import Clip, Consent, ConsentState, ConsentWay, Medium, PersonShown, ShownKind
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.files.models import StoredFile, StoredFileId
from tests.certificates.scoring.conftest import Desk, MakeDesk, MakeTrainer, Trainer
from tests.certificates.scoring.conftest import rubric_draft as draft
from tests.certificates.scoring.test_adjudicating import Round


def pages() -> io.BytesIO:
    """Return a document of two pages."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(written)
    written.seek(0)
    return written


@pytest.fixture
def desk(asked: Actor, make_desk: MakeDesk) -> Desk:
    """Evidence with a document, which two raters score."""
    define_rubric(draft(policy=replace(SINGLE, raters=2)), actor=asked)
    return make_desk("My plan for the site.", files=[("plan.pdf", pages())])


def file_of(desk: Desk) -> StoredFileId:
    """Return the document's id."""
    return db.session.scalars(
        select(SubmissionFile.file_id).where(SubmissionFile.submission_id == desk.submission_id)
    ).one()


def say(desk: Desk, trainer: Trainer, path: str, text: str) -> int:
    """Let a rater say something about the first page."""
    place = path.replace("/trainer/scoring/", "/trainer/media/files/task/")
    form = {"page": "1", "kind": "question", "text": text}
    return trainer.visitor.post(f"{place}/{file_of(desk)}/comments", form).status_code


def withdraw(desk: Desk) -> None:
    """Let somebody who is shown in the document take their consent back."""
    with transaction() as session:
        file = session.get_one(StoredFile, file_of(desk))
        clip = Clip(
            institute_id=file.institute_id,
            enrolment_id=desk.enrolment_id,
            person_id=desk.person.id,
            sha256=file.sha256,
            medium=Medium.DOCUMENT,
            title="A family",
            removed_at=now(),
        )
        session.add(clip)
        session.flush()
        shown = PersonShown(
            institute_id=file.institute_id, clip_id=clip.id, label="Mateo", kind=ShownKind.CHILD
        )
        session.add(shown)
        session.flush()
        session.add(
            Consent(
                institute_id=file.institute_id,
                person_shown_id=shown.id,
                state=ConsentState.WITHDRAWN,
                way=ConsentWay.LINK,
                contact_name="Rosa",
                contact_email="rosa@family.example",
                locale="es",
                answered_at=now(),
            )
        )


def test_a_comment_on_a_page_is_read_by_its_rater_and_by_the_third_person_afterwards(
    desk: Desk, make_trainer: MakeTrainer
) -> None:
    found = Round(desk, make_trainer)
    first = found.take(Purpose.FIRST, "Ada First")
    path = found.path(Purpose.FIRST)
    assert say(desk, first, path, "Who is that at the door?") == 303
    assert "Who is that at the door?" in first.visitor.get(path).text
    assert first.visitor.post(f"{path}/hand-in", desk.fields((1, ""), (1, ""))).status_code == 303
    second = found.take(Purpose.SECOND, "Bela Second")
    path = found.path(Purpose.SECOND)
    assert "Who is that at the door?" not in second.visitor.get(path).text
    assert second.visitor.post(f"{path}/hand-in", desk.fields((4, ""), (4, ""))).status_code == 303
    third = found.take(Purpose.ADJUDICATION, "Cleo Third")
    path = found.path(Purpose.ADJUDICATION)
    assert "Who is that at the door?" not in third.visitor.get(path).text
    assert third.visitor.post(f"{path}/hand-in", desk.fields((3, ""), (3, ""))).status_code == 303
    page = third.visitor.get(path).text
    assert "Who is that at the door?" in page
    assert "Ada First" not in page


def test_nobody_else_says_anything_about_a_file(desk: Desk, make_trainer: MakeTrainer) -> None:
    found = Round(desk, make_trainer)
    rater = found.take(Purpose.FIRST, "Ada First")
    path = found.path(Purpose.FIRST)
    assert say(desk, make_trainer(name="Stranger"), path, "Hello") == 404
    assert rater.visitor.post(f"{path}/hand-in", desk.fields((1, ""), (1, ""))).status_code == 303
    assert say(desk, rater, path, "One more") in {403, 404, 409}
    assert "One more" not in rater.visitor.get(path).text


def test_consent_that_was_withdrawn_hides_everything_and_offers_to_return_it(
    desk: Desk, make_trainer: MakeTrainer
) -> None:
    found = Round(desk, make_trainer)
    rater = found.take(Purpose.FIRST, "Ada First")
    path = found.path(Purpose.FIRST)
    assert say(desk, rater, path, "Who is that at the door?") == 303
    rater.visitor.post(path, desk.fields((3, "Saved before")))
    withdraw(desk)
    page = rater.visitor.get(path)
    assert page.status_code == 409
    for told in ("Consent was withdrawn", "Saved before", "Return the evidence"):
        assert told in page.text
    for hidden in ("Who is that at the door?", "My plan for the site."):
        assert hidden not in page.text
    assert rater.visitor.get(f"{path}/files/{file_of(desk)}").status_code in {404, 409, 503}
    answer = rater.visitor.post(f"{path}/hand-in", desk.fields((3, "Typed just now"), (3, ""), base=1))
    assert answer.status_code == 409
    assert "Typed just now" in answer.text
    reason = {"code": "incomplete", "reason": "Somebody who is shown does not agree any more."}
    assert rater.visitor.post(f"{path}/return", reason).status_code == 303
    assert desk.state is SubmissionState.RETURNED_UNSCORABLE
