"""Releasing scores: once, whole, frozen; or returning evidence that cannot be scored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from certificates.evidence.drafting import begin_again
from certificates.evidence.states import SubmissionState
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.scoring.events import ScoresReleased
from certificates.scoring.models import ScoreRevision, ScoringTask
from certificates.scoring.outcomes.queries import results_in_cohort, results_of, summary_of
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease, ScoringReturn
from institute import events
from institute.actors import Actor, Role
from institute.audit.models import AuditEvent
from institute.db import db, transaction
from institute.jobs.models import OutboxRow
from institute.people.models import Supervision
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import CANDIDATE_NAME, KEY, Desk, MakeDesk, MakeTrainer, Trainer
from tests.courses.conftest import Studied


def released(desk: Desk, trainer: Trainer, *scores: tuple[int, str]) -> None:
    """Take a task, score it and release it."""
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    answer = trainer.visitor.post(f"{desk.path}/hand-in", desk.fields(*scores))
    assert answer.status_code == 303, answer.text


def participant_of(desk: Desk, studied: Studied, sign_in: Callable[..., Visitor]) -> Visitor:
    """Return a browser of whoever submitted."""
    return sign_in(desk.person, roles=[Role.PARTICIPANT], place=studied.cohort_id)


def test_released_scores_are_exact_and_accepted_from_the_cut_on(
    desk: Desk, trainer: Trainer, app: Flask, session: Session
) -> None:
    heard: list[ScoresReleased] = []
    events.subscribe(app, ScoresReleased, heard.append)
    released(desk, trainer, (2, "Say more about families."), (4, ""))
    assert desk.state is SubmissionState.ACCEPTED
    result = results_of(desk.enrolment_id)[KEY]
    assert (result.score, result.maximum, result.passed) == (Fraction(3), Fraction(4), True)
    assert result.criteria == {"criterion-1": 2, "criterion-2": 4}
    assert result.rater_ids == {trainer.person.id}
    [event] = heard
    assert (event.person_id, event.requirement_key, event.score, event.passed) == (
        desk.person.id,
        KEY,
        Fraction(3),
        True,
    )
    told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail")).all()
    assert [row.payload["mail"] for row in told] == ["scores.released"]
    actions = session.scalars(select(AuditEvent.action)).all()
    assert "scores.released" in actions


def test_below_the_cut_a_new_version_may_be_sent_and_is_scored_for_what_was_below(
    desk: Desk, trainer: Trainer, studied: Studied, make_trainer: MakeTrainer
) -> None:
    released(desk, trainer, (2, "Not yet"), (3, ""))
    assert desk.state is SubmissionState.RELEASED
    assert results_of(desk.enrolment_id)[KEY].score == Fraction(5, 2)
    assert results_of(desk.enrolment_id)[KEY].passed is False
    actor = Actor(
        desk.person.institute_id, desk.person.id, frozenset({Role.PARTICIPANT}), place=studied.cohort_id
    )
    second = begin_again(KEY, actor=actor)
    submit(KEY, take_in("A better plan", digest_of("My plan for the site."), []), actor=actor)
    task_id = db.session.scalars(select(ScoringTask.id).where(ScoringTask.submission_id == second)).one()
    again = Desk(desk.person, desk.enrolment_id, second, task_id)
    other = make_trainer(name="Second rater")
    other.visitor.post(f"{again.path}/take")
    page = other.visitor.get(again.path).text
    assert "Attempt 2" in page
    assert "Not yet" not in page
    assert other.visitor.post(f"{again.path}/hand-in", again.fields((4, ""), (4, ""))).status_code == 303
    result = results_in_cohort(desk.person.id, studied.cohort_id)[KEY]
    assert (result.score, result.submission_id) == (Fraction(7, 2), second)


def test_releasing_early_says_what_is_left_and_keeps_what_was_written(
    desk: Desk, trainer: Trainer, session: Session
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    answer = trainer.visitor.post(f"{desk.path}/hand-in", desk.fields((3, "Kept"), (None, "No score yet")))
    assert answer.status_code == 422
    assert "1 criterion is left before you can hand in." in answer.text
    assert f"#criterion-{desk.criteria()[1]}" in answer.text
    assert "No score yet" in answer.text
    assert desk.state is SubmissionState.IN_SCORING
    assert session.scalars(select(ScoreRelease)).all() == []
    assert "Kept" in trainer.visitor.get(desk.path).text


def test_a_text_from_another_window_keeps_the_scores_from_being_released(
    desk: Desk, trainer: Trainer
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    trainer.visitor.post(desk.path, desk.fields((3, "One"), (3, "")))
    trainer.visitor.post(desk.path, desk.fields((3, "Two")))
    assert trainer.visitor.post(f"{desk.path}/hand-in", {}).status_code == 422


def test_released_twice_at_once_nothing_is_doubled(desk: Desk, trainer: Trainer, session: Session) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    fields = desk.fields((3, "x"), (3, "y"))
    session.rollback()
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: trainer.visitor.post(f"{desk.path}/hand-in", fields).status_code, range(4))
        )
    assert sorted(answers) == [303, 409, 409, 409]
    for table, count in ((ScoreRelease, 1), (CriterionScore, 2)):
        assert session.scalar(select(func.count()).select_from(table)) == count
    sent = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail")).all()
    assert [row.version for row in sent] == [1]


def test_of_two_trainers_the_one_who_lost_the_task_is_told_and_changes_nothing(
    desk: Desk, trainer: Trainer, make_trainer: MakeTrainer, session: Session
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    fields = desk.fields((4, "First rater"), (4, ""))
    trainer.visitor.post(f"{desk.path}/give-back")
    other = make_trainer(name="Second rater")
    released(desk, other, (2, "Second rater"), (2, ""))
    assert trainer.visitor.post(f"{desk.path}/hand-in", fields).status_code in {404, 409}
    [release] = session.scalars(select(ScoreRelease))
    assert release.score == 2
    assert session.scalars(select(CriterionScore).where(CriterionScore.level_numerator == 4)).all() == []


def test_the_same_form_sent_again_lands_on_the_first_answer(desk: Desk, trainer: Trainer) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    fields = {**desk.fields((3, ""), (3, "")), "_once": "sent-once-and-again"}
    for _ in range(2):
        assert trainer.visitor.post(f"{desk.path}/hand-in", fields).status_code == 303


def test_a_released_sheet_is_read_by_its_rater_and_written_by_nobody(desk: Desk, trainer: Trainer) -> None:
    released(desk, trainer, (3, "As released"), (3, ""))
    page = trainer.visitor.get(desk.path)
    assert page.status_code == 200
    assert "As released" in page.text
    assert "<textarea" not in page.text
    for action in ("", "/hand-in", "/give-back", "/return"):
        sent = {**desk.fields((1, "Changed"), base=1), "code": "incomplete", "reason": "x"}
        assert trainer.visitor.post(desk.path + action, sent).status_code == 409, action
    assert "Changed" not in trainer.visitor.get(desk.path).text


@pytest.mark.every_value
@pytest.mark.parametrize(
    "table", ["score_release", "criterion_score", "rubric", "criterion", "criterion_level"]
)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_keeps_what_was_released(
    desk: Desk, trainer: Trainer, table: str, verb: str
) -> None:
    released(desk, trainer, (3, ""), (3, ""))
    column = {
        "criterion_score": "carried",
        "criterion_level": "number",
        "criterion": "position",
        "rubric": "version",
    }.get(table, "maximum")
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql(verb.format(table, column, column))


def test_who_became_the_candidates_supervisor_meanwhile_neither_releases_nor_returns(
    desk: Desk, trainer: Trainer
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    with transaction() as session:
        session.add(
            Supervision(
                institute_id=desk.person.institute_id,
                supervisor_id=trainer.person.id,
                subordinate_id=desk.person.id,
                since=db.session.get_one(ScoringTask, desk.task_id).due,
            )
        )
    condition = {"code": "incomplete", "reason": "Page two is missing."}
    for way, more in (("hand-in", {}), ("return", condition)):
        answer = trainer.visitor.post(f"{desk.path}/{way}", desk.fields((3, ""), (3, "")) | more)
        assert answer.status_code == 409
        assert "another duty" in answer.text
        assert desk.state is SubmissionState.SCREENING


def test_the_participant_reads_the_scores_and_not_who_gave_them(
    desk: Desk, trainer: Trainer, studied: Studied, sign_in: Callable[..., Visitor]
) -> None:
    participant = participant_of(desk, studied, sign_in)
    address = f"/participant/scores/{desk.submission_id}"
    assert participant.get(address).status_code == 404
    released(desk, trainer, (2, "Name who acts."), (3, "Good <evidence>."))
    for path in (address, f"/participant/evidence/{KEY}"):
        page = participant.get(path)
        assert page.status_code == 200
        for shown in (
            "2.5 of 4",
            "Name who acts.",
            "Good &lt;evidence&gt;.",
            "Descriptor 1.2",
            "Revise and send again",
        ):
            assert shown in page.text, (path, shown)
        assert "Tomás" not in page.text


def test_the_scores_of_another_are_not_there(
    make_desk: MakeDesk,
    trainer: Trainer,
    studied: Studied,
    sign_in: Callable[..., Visitor],
) -> None:
    desk, other = make_desk(), make_desk(name="Other")
    released(desk, trainer, (3, "Private"), (3, ""))
    stranger = participant_of(other, studied, sign_in)
    assert stranger.get(f"/participant/scores/{desk.submission_id}").status_code == 404
    assert stranger.get(f"/participant/scores/{10**30}").status_code == 404
    assert "Private" not in stranger.get(f"/participant/evidence/{KEY}").text


def test_evidence_that_cannot_be_scored_goes_back_with_a_reason(
    desk: Desk, trainer: Trainer, studied: Studied, sign_in: Callable[..., Visitor], session: Session
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    trainer.visitor.post(desk.path, desk.fields((3, "Begun")))
    sent = {"code": "unreadable", "reason": "File 2 does not open."}
    assert trainer.visitor.post(f"{desk.path}/return", sent).status_code == 303
    assert desk.state is SubmissionState.RETURNED_UNSCORABLE
    page = participant_of(desk, studied, sign_in).get(f"/participant/scores/{desk.submission_id}").text
    assert "File 2 does not open." in page
    assert "A file cannot be opened or read" in page
    assert "File 2 does not open." in trainer.visitor.get(desk.path).text
    assert results_of(desk.enrolment_id) == {}
    told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail")).all()
    assert [row.payload["mail"] for row in told] == ["evidence.returned"]
    assert trainer.visitor.post(f"{desk.path}/return", sent).status_code == 409
    assert len(session.scalars(select(ScoringReturn)).all()) == 1


@pytest.mark.parametrize(
    "sent", [{}, {"code": "unreadable"}, {"code": "nothing", "reason": "x"}, {"code": "", "reason": " \n "}]
)
def test_a_return_needs_a_code_and_a_reason_and_keeps_what_was_typed(
    desk: Desk, trainer: Trainer, sent: dict[str, str]
) -> None:
    trainer.visitor.post(f"{desk.path}/take")
    answer = trainer.visitor.post(f"{desk.path}/return", {**desk.fields((3, "Still here")), **sent})
    assert answer.status_code == 422
    assert "Still here" in answer.text
    assert desk.state in {SubmissionState.SCREENING, SubmissionState.IN_SCORING}


def test_the_summary_for_a_gradebook_is_plain_text_that_fits(desk: Desk, trainer: Trainer) -> None:
    released(desk, trainer, (2, "Name who acts."), (4, "x" * 3000))
    text = summary_of(desk.submission_id, "en", longest=1000)
    assert text.startswith(
        "Criterion 1: 2/4 – Approaches. Name who acts.\nCriterion 2: 4/4 – Exemplifies. xxx"
    )
    assert len(text) == 1000
    assert CANDIDATE_NAME not in text


def test_revisions_stay_after_the_release(desk: Desk, trainer: Trainer, session: Session) -> None:
    released(desk, trainer, (3, "x"), (3, "y"))
    assert session.scalar(select(func.count()).select_from(ScoreRevision)) == 2
