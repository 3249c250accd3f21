"""Writing a sheet: saved as one goes, nothing outside the rubric, no word lost, no name shown."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionFile
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Criterion
from certificates.scoring.models import ScoreRevision
from certificates.scoring.sheets.writing import LONGEST_COMMENT
from institute.db import db
from institute.files.models import StoredFileId
from tests.certificates.scoring.conftest import (
    CANDIDATE_NAME,
    Desk,
    MakeDesk,
    MakeTrainer,
    Trainer,
    fields_on,
)

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def held(desk: Desk, trainer: Trainer) -> Desk:
    """The submission, held by the trainer."""
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    return desk


def revisions(session: Session) -> list[tuple[int | None, str, bool]]:
    """Return what was ever saved: (level, comment, late)."""
    session.rollback()
    return [
        (row.level, row.comment, row.late) for row in session.query(ScoreRevision).order_by(ScoreRevision.id)
    ]


def test_the_page_shows_evidence_and_rubric_and_no_name_of_the_candidate(
    make_desk: MakeDesk, trainer: Trainer
) -> None:
    file = ("Featherstonehaugh plan.txt", io.BytesIO(b"My plan, in a file."))
    desk = make_desk("We begin with listening.", files=[file])
    trainer.visitor.post(f"{desk.path}/take")
    page = trainer.visitor.get(desk.path).text
    for shown in (
        "We begin with listening.",
        "Criterion 1",
        "Descriptor 2.4",
        "Exemplifies",
        "File 1",
        "Names hidden",
    ):
        assert shown in page
    for part in (*CANDIDATE_NAME.split(), f"person/{desk.person.id}"):
        assert part not in page
    address = re.search(rf"{desk.path}/files/\d+", page)
    assert address is not None
    with trainer.visitor.get(address.group() + "?download") as answer:
        assert answer.data == b"My plan, in a file."
        assert "Featherstonehaugh" not in str(answer.headers)
        assert "attachment" in answer.headers["Content-Disposition"]


def test_files_are_for_who_holds_the_task(
    make_desk: MakeDesk, trainer: Trainer, make_trainer: MakeTrainer, session: Session
) -> None:
    desk, second = (
        make_desk(name=name, files=[("a.txt", io.BytesIO(b"text of " + name.encode()))])
        for name in ("One", "Two")
    )
    trainer.visitor.post(f"{desk.path}/take")
    files = {row.submission_id: row.file_id for row in session.scalars(select(SubmissionFile))}
    own: StoredFileId = files[desk.submission_id]
    with trainer.visitor.get(f"{desk.path}/files/{own}") as answer:
        assert answer.status_code == 200
    assert trainer.visitor.get(f"{desk.path}/files/{files[second.submission_id]}").status_code == 404
    assert trainer.visitor.get(f"{second.path}/files/{files[second.submission_id]}").status_code == 404
    assert make_trainer(name="Other").visitor.get(f"{desk.path}/files/{own}").status_code == 404


def test_saved_scores_stand_on_the_page_and_begin_the_scoring(held: Desk, trainer: Trainer) -> None:
    assert trainer.visitor.post(held.path, held.fields((None, "Reading"))).status_code == 303
    assert str(held.state) == "screening"
    assert trainer.visitor.post(held.path, held.fields((3, "Clear"), base=1)).status_code == 303
    assert held.state is SubmissionState.IN_SCORING
    page = trainer.visitor.get(held.path).text
    assert "1 of 2 scored" in page
    assert "1 left before you can hand in" in page
    assert fields_on(page)[f"level-{held.criteria()[0]}"] == "3"
    assert fields_on(page)[f"comment-{held.criteria()[0]}"] == "Clear"


def test_a_page_that_saves_by_itself_gets_the_pieces_that_changed(held: Desk, trainer: Trainer) -> None:
    answer = trainer.visitor.post(held.path, held.fields((4, "By itself")), headers=FETCH)
    assert answer.status_code == 200
    assert "1 of 2 scored" in answer.text
    assert f'id="base-{held.criteria()[0]}" name="base-{held.criteria()[0]}" value="1"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("level", ["0", "5", "-1", "3.5", "٣", "1e1", "x", str(10**30), "³", " 3", "3\x00"])
def test_a_score_outside_the_rubric_is_refused_and_what_was_typed_stays(
    held: Desk, trainer: Trainer, session: Session, level: str
) -> None:
    for path in (held.path, f"{held.path}/hand-in", f"{held.path}/give-back"):
        answer = trainer.visitor.post(path, held.fields((level, "My words"), (2, "More words")))
        assert answer.status_code == 422
        assert "A score of this rubric is a whole number from 1 to 4." in answer.text
        assert "My words" in answer.text
        assert "More words" in answer.text
    assert revisions(session) == []


def test_a_comment_that_is_too_long_is_refused_and_kept_on_the_page(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    answer = trainer.visitor.post(held.path, held.fields((3, "a" * (LONGEST_COMMENT + 1))))
    assert answer.status_code == 422
    assert "a" * (LONGEST_COMMENT + 1) in answer.text
    assert revisions(session) == []
    assert trainer.visitor.post(held.path, held.fields((3, "a" * LONGEST_COMMENT))).status_code == 303


@pytest.mark.parametrize(
    "text", ["a\x00b", "\u202eabc", "😀" * 500, "\r\n\r\n", "<script>alert(1)</script>", "é\u0301" * 9]
)
def test_any_text_is_a_comment(held: Desk, trainer: Trainer, text: str) -> None:
    assert trainer.visitor.post(held.path, held.fields((3, text))).status_code == 303
    assert trainer.visitor.get(held.path).status_code == 200
    assert "<script>alert" not in trainer.visitor.get(held.path).text


@pytest.mark.parametrize("base", ["", "x", "-1", str(10**30), "7"])
def test_a_broken_base_never_overwrites(held: Desk, trainer: Trainer, session: Session, base: str) -> None:
    trainer.visitor.post(held.path, held.fields((3, "First")))
    fields = held.fields((2, "Second"))
    fields[f"base-{held.criteria()[0]}"] = base
    assert trainer.visitor.post(held.path, fields).status_code == 303
    assert revisions(session) == [(3, "First", False), (2, "Second", True)]


def test_a_late_save_from_a_second_window_loses_no_word_and_shows_both_texts(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    first, second = (fields_on(trainer.visitor.get(held.path).text) for _ in range(2))
    criterion = held.criteria()[0]
    trainer.visitor.post(held.path, {**first, f"level-{criterion}": "3", f"comment-{criterion}": "From one"})
    trainer.visitor.post(held.path, {**second, f"level-{criterion}": "2", f"comment-{criterion}": "From two"})
    page = trainer.visitor.get(held.path).text
    assert fields_on(page)[f"comment-{criterion}"] == "From one"
    assert "From two" in page
    assert "Also written in another window" in page
    late = re.search(r"/late/(\d+)", page)
    assert late is not None
    answer = trainer.visitor.post(f"{held.path}/late/{late.group(1)}", {**fields_on(page), "late": "keep"})
    assert answer.status_code == 303
    page = trainer.visitor.get(held.path).text
    assert fields_on(page)[f"comment-{criterion}"] == "From one\n\nFrom two"
    assert fields_on(page)[f"level-{criterion}"] == "3"
    assert "Also written in another window" not in page
    assert [saved[2] for saved in revisions(session)] == [False, True, False]


def test_a_late_text_may_be_left_out_once(held: Desk, trainer: Trainer, session: Session) -> None:
    trainer.visitor.post(held.path, held.fields((3, "One")))
    trainer.visitor.post(held.path, held.fields((2, "Two")))
    page = trainer.visitor.get(held.path).text
    late = re.search(r"/late/(\d+)", page)
    assert late is not None
    for wish in ("drop", "keep"):
        sent = {**fields_on(trainer.visitor.get(held.path).text), "late": wish}
        assert trainer.visitor.post(f"{held.path}/late/{late.group(1)}", sent).status_code == 303
    assert len(revisions(session)) == 2
    assert "Two" not in trainer.visitor.get(held.path).text
    assert trainer.visitor.post(f"{held.path}/late/999999", {}).status_code == 404


def test_the_same_late_text_is_kept_once_and_an_unchanged_one_not_at_all(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    trainer.visitor.post(held.path, held.fields((3, "One")))
    trainer.visitor.post(held.path, held.fields((3, "One more"), base=1))
    for _ in range(2):
        trainer.visitor.post(held.path, held.fields((1, "Late")))
    trainer.visitor.post(held.path, held.fields((3, "One"), base=1))
    trainer.visitor.post(held.path, held.fields((3, "One more"), base=2))
    assert revisions(session) == [(3, "One", False), (3, "One more", False), (1, "Late", True)]


def test_a_window_that_goes_on_writing_is_not_disturbed_by_a_late_one(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    trainer.visitor.post(held.path, held.fields((3, "One")))
    trainer.visitor.post(held.path, held.fields((1, "Late")))
    trainer.visitor.post(held.path, held.fields((3, "One and on"), base=1))
    assert revisions(session)[-1] == (3, "One and on", False)
    assert "Late" in trainer.visitor.get(held.path).text


def test_what_was_written_waits_for_its_rater_and_is_not_seen_by_the_next(
    held: Desk, trainer: Trainer, make_trainer: MakeTrainer
) -> None:
    other = make_trainer(name="Other")
    assert trainer.visitor.post(f"{held.path}/give-back", held.fields((3, "Mine alone"))).status_code == 303
    other.visitor.post(f"{held.path}/take")
    assert "Mine alone" not in other.visitor.get(held.path).text
    answer = trainer.visitor.post(held.path, held.fields((2, "Stale tab"), base=1))
    assert answer.status_code == 409
    assert "Another trainer has this evidence" in answer.text
    for words in ("Mine alone", "Stale tab"):
        assert words in answer.text
    assert "Stale tab" not in other.visitor.get(held.path).text
    other.visitor.post(f"{held.path}/give-back")
    trainer.visitor.post(f"{held.path}/take")
    assert "Mine alone" in trainer.visitor.get(held.path).text


def test_a_criterion_of_another_rubric_is_not_written(
    held: Desk, trainer: Trainer, app: Flask, session: Session
) -> None:
    others = db.session.scalars(select(Criterion.id)).all()
    sent = {f"base-{max(others) + 1}": "0", f"level-{max(others) + 1}": "3"}
    assert trainer.visitor.post(held.path, sent).status_code == 303
    assert revisions(session) == []
