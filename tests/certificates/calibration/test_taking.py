"""Taking a set: papers one by one, the known scores at once, two tries, then training."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.calibration.attempts import CalibrationAttempt, RaterQualification
from certificates.calibration.models import CalibrationSet
from certificates.calibration.qualified import may_score
from institute.actors import PersonId
from tests.certificates.calibration.conftest import Lead, MakeSet, fields, in_session, take
from tests.certificates.scoring.conftest import KEY, MakeTrainer, Trainer


def may(trainer: Trainer) -> bool:
    """Tell whether a trainer may score by the rubric today."""
    return may_score(PersonId(trainer.person.id), trainer.person.institute_id, KEY)


def test_without_a_set_everybody_may_score(trainer: Trainer) -> None:
    assert may(trainer)
    assert "Nothing to calibrate" in trainer.visitor.get("/trainer/calibration/").text


def test_a_draft_keeps_nobody_from_scoring(trainer: Trainer, make_set: MakeSet) -> None:
    make_set(publishing=False)
    assert may(trainer)


def test_who_reads_as_the_papers_are_known_passes_and_may_score_for_twelve_months(
    trainer: Trainer, make_set: MakeSet, session: Session
) -> None:
    make_set()
    assert not may(trainer)
    attempt = take(trainer)
    assert (attempt.passed, attempt.scores, attempt.exact, attempt.near) == (True, 4, 4, 4)
    held = session.scalars(select(RaterQualification)).one()
    assert (held.until.year - held.since.year, held.until.month) == (1, held.since.month)
    assert may(trainer)
    assert "May score until" in trainer.visitor.get("/trainer/calibration/").text


def test_known_scores_and_reasons_are_shown_at_once_and_not_before(
    trainer: Trainer, make_set: MakeSet
) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    page = trainer.visitor.get(in_session(begun.location), follow_redirects=True)
    assert "Because it is a" not in page.text
    path = in_session(page.request.path)
    assert trainer.visitor.post(f"{path}/hand-in", fields(int(path.rpartition("/")[2]))).status_code == 303
    shown = trainer.visitor.get(path).text
    assert shown.count("Because it is a") == 2
    assert "Exactly" in shown


def test_a_paper_that_is_handed_in_stands(trainer: Trainer, make_set: MakeSet) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    page = trainer.visitor.get(in_session(begun.location), follow_redirects=True)
    path = in_session(page.request.path)
    form = fields(int(path.rpartition("/")[2]), off=1)
    assert trainer.visitor.post(f"{path}/hand-in", form).status_code == 303
    assert trainer.visitor.post(f"{path}/hand-in", form).status_code == 409
    assert trainer.visitor.post(path, form).status_code == 409


def test_handing_in_early_says_what_is_left_and_keeps_what_was_chosen(
    trainer: Trainer, make_set: MakeSet
) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(trainer.visitor.get(in_session(begun.location), follow_redirects=True).request.path)
    form = fields(int(path.rpartition("/")[2]))
    first = next(name for name in form if name.startswith("level-"))
    del form[first]
    note = first.replace("level", "comment")
    answer = trainer.visitor.post(f"{path}/hand-in", {**form, note: "Not sure yet."})
    assert answer.status_code == 422
    assert "Score every criterion" in answer.text
    assert "Not sure yet." in answer.text


@pytest.mark.parametrize("level", ["0", "5", "-1", "x", "9" * 30, "٣", "2.5"])
def test_a_score_outside_the_rubric_is_refused(trainer: Trainer, make_set: MakeSet, level: str) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(trainer.visitor.get(in_session(begun.location), follow_redirects=True).request.path)
    form = fields(int(path.rpartition("/")[2]))
    form[next(name for name in form if name.startswith("level-"))] = level
    answer = trainer.visitor.post(path, form)
    assert answer.status_code == 422
    assert "whole number from 1 to 4" in answer.text


def test_a_page_that_saves_by_itself_gets_its_pieces_and_nothing_known(
    trainer: Trainer, make_set: MakeSet
) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(trainer.visitor.get(in_session(begun.location), follow_redirects=True).request.path)
    form = fields(int(path.rpartition("/")[2])) | {"comment-0": "x\x00"}
    answer = trainer.visitor.post(path, form, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    assert "2 of 2 scored" in answer.text
    assert "Because" not in answer.text


def test_two_failed_tries_then_training_and_the_lead_opens_two_more(
    trainer: Trainer, lead: Lead, make_set: MakeSet
) -> None:
    make_set()
    for number in (1, 2):
        attempt = take(trainer, off=1)
        assert (attempt.number, attempt.passed, attempt.exact) == (number, False, 0)
    assert not may(trainer)
    assert trainer.visitor.post(f"/trainer/calibration/{KEY}/begin").status_code == 409
    assert "Training first" in trainer.visitor.get("/trainer/calibration/").text
    path = f"/scoring-lead/calibration/raters/{trainer.person.id}/{KEY}/unlock"
    assert lead.visitor.post(path, {"training": "  "}).status_code == 422
    assert lead.visitor.post(path, {"training": "An afternoon with anchors."}).status_code == 303
    assert lead.visitor.post(path, {"training": "Again."}).status_code == 409
    assert take(trainer).passed
    assert may(trainer)


def test_one_score_far_off_fails_whatever_the_shares(trainer: Trainer, make_set: MakeSet) -> None:
    make_set([(1, 1)] * 5)
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(begun.location)
    attempt_id = int(path.rpartition("/")[2])
    here = in_session(trainer.visitor.get(path, follow_redirects=True).request.path)
    form = fields(int(here.rpartition("/")[2]))
    form[next(name for name in form if name.startswith("level-"))] = "3"
    assert trainer.visitor.post(f"{here}/hand-in", form).status_code == 303
    attempt = take(trainer)
    assert (attempt.id, attempt.exact, attempt.near, attempt.passed) == (attempt_id, 9, 9, False)


def test_begin_twice_goes_on_with_the_open_attempt(
    trainer: Trainer, make_set: MakeSet, session: Session
) -> None:
    make_set()
    for _ in range(2):
        trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    assert len(session.scalars(select(CalibrationAttempt)).all()) == 1


def test_a_second_try_takes_another_set_where_there_is_one(
    trainer: Trainer, make_set: MakeSet, session: Session
) -> None:
    sets = {make_set(), make_set([(2, 2), (3, 3)])}
    taken = {take(trainer, off=1).set_id, take(trainer, off=1).set_id}
    assert taken == sets
    assert len(session.scalars(select(CalibrationSet)).all()) == 2


def test_an_attempt_is_its_own_trainer_s_alone(
    trainer: Trainer, make_trainer: MakeTrainer, make_set: MakeSet, make_person: object
) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(begun.location)
    paper = in_session(trainer.visitor.get(path, follow_redirects=True).request.path)
    other = make_trainer(name="Grace Kim")
    for address in (path, paper):
        assert other.visitor.get(address).status_code == 404
    form = fields(int(paper.rpartition("/")[2]))
    assert other.visitor.post(paper, form).status_code == 404
    assert other.visitor.post(f"{paper}/hand-in", form).status_code == 404


def test_a_criterion_of_another_rubric_is_ignored_and_nothing_breaks(
    trainer: Trainer, make_set: MakeSet
) -> None:
    make_set()
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    path = in_session(trainer.visitor.get(in_session(begun.location), follow_redirects=True).request.path)
    form = {"base-999999": "0", "level-999999": "2", "base-": "x", "level-٣": "1"}
    assert trainer.visitor.post(path, form).status_code == 303


def test_a_retired_set_gates_nobody_and_who_is_at_it_may_finish(
    trainer: Trainer, make_set: MakeSet, lead: Lead
) -> None:
    set_id = make_set()
    trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    assert lead.visitor.post(f"/scoring-lead/calibration/sets/{set_id}/retire").status_code == 303
    assert may(trainer)
    assert take(trainer).passed
