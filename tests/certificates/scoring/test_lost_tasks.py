"""A task that is a rater's no longer: a clear sentence, status 409, and every word that they wrote, theirs alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.scoring.models import ScoreRevision, ScoringTask, TaskScore, TaskState
from courses.cohorts.models import CoachAssignment
from institute.actors import Actor
from institute.db import db, transaction
from tests.certificates.scoring.conftest import CANDIDATE_NAME, Desk, MakeTrainer, Trainer, fields_on

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def held(desk: Desk, trainer: Trainer) -> Desk:
    """A submission that the trainer holds and began to score."""
    assert trainer.visitor.post(f"{desk.path}/take").status_code == 303
    assert trainer.visitor.post(desk.path, desk.fields((3, "Saved before"))).status_code == 303
    return desk


def become_coach(desk: Desk, trainer: Trainer) -> None:
    """Let the rater be the candidate's coach, whatever the rooms would say to it."""
    with transaction() as session:
        session.add(
            CoachAssignment(
                institute_id=trainer.person.institute_id,
                enrolment_id=desk.enrolment_id,
                coach_id=trainer.person.id,
                since=date(2026, 9, 1),
            )
        )


def give_to(desk: Desk, other: Trainer | None) -> None:
    """Let somebody else have the task, or nobody."""
    with transaction() as session:
        task = session.get_one(ScoringTask, desk.task_id)
        task.rater_id = other.person.id if other else None
        task.state = TaskState.HELD if other else TaskState.OPEN


def assert_lost(desk: Desk, trainer: Trainer, title: str, session: Session) -> None:
    """Check that nothing counts any more, and that no word is lost."""
    page = trainer.visitor.get(desk.path)
    assert page.status_code == 409
    assert title in page.text
    assert "Saved before" in page.text
    assert "My plan for the site." not in page.text
    fields = desk.fields((4, "Typed just now"), (2, "And this"), base=1)
    for path in ("", "/hand-in", "/give-back", "/return"):
        answer = trainer.visitor.post(desk.path + path, fields | {"code": "incomplete", "reason": "x"})
        assert answer.status_code == 409, path
        for words in (title, "Saved before", "Typed just now", "And this"):
            assert words in answer.text
        for part in CANDIDATE_NAME.split():
            assert part not in answer.text
    answer = trainer.visitor.post(
        desk.path, desk.fields((4, "From a page that saves by itself")), headers=FETCH
    )
    assert answer.status_code == 409
    assert "data-lost" in answer.text
    session.rollback()
    assert session.scalars(select(TaskScore)).all() == []
    kept = {row.comment: row.late for row in session.scalars(select(ScoreRevision))}
    assert kept == {
        "Saved before": False,
        "Typed just now": True,
        "And this": True,
        "From a page that saves by itself": True,
    }


def test_who_became_the_coach_meanwhile_reads_why_and_what_they_wrote(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    become_coach(held, trainer)
    assert_lost(held, trainer, "Another trainer must score this", session)


def test_whose_task_was_given_to_somebody_else_reads_why_and_what_they_wrote(
    held: Desk, trainer: Trainer, make_trainer: MakeTrainer, session: Session
) -> None:
    other = make_trainer(name="Other")
    give_to(held, other)
    assert_lost(held, trainer, "Another trainer has this evidence", session)


def test_whose_task_nobody_has_reads_why_and_what_they_wrote(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    give_to(held, None)
    assert_lost(held, trainer, "Take this evidence first", session)


def test_whose_task_was_withdrawn_reads_why_and_what_they_wrote(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    with transaction() as changing:
        changing.get_one(ScoringTask, held.task_id).state = TaskState.WITHDRAWN
    assert_lost(held, trainer, "This evidence needs no more scores", session)


def test_words_kept_meanwhile_wait_beside_the_sheet_when_the_task_comes_back(
    held: Desk, trainer: Trainer, make_trainer: MakeTrainer
) -> None:
    give_to(held, make_trainer(name="Other"))
    trainer.visitor.post(held.path, held.fields((4, "Typed just now"), base=1))
    give_to(held, trainer)
    page = trainer.visitor.get(held.path).text
    assert fields_on(page)[f"comment-{held.criteria()[0]}"] == "Saved before"
    assert "Typed just now" in page
    assert "Also written in another window" in page


def test_words_of_another_are_nobodys(
    held: Desk, trainer: Trainer, make_trainer: MakeTrainer, asked: Actor
) -> None:
    other = make_trainer(name="Other")
    give_to(held, None)
    assert other.visitor.post(f"{held.path}/take").status_code == 303
    trainer.visitor.post(held.path, held.fields((4, "Typed just now"), base=1))
    page = other.visitor.get(held.path).text
    for words in ("Saved before", "Typed just now"):
        assert words not in page
    assert make_trainer(name="Third").visitor.get(held.path).status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"comment-x": "a"},
        {"comment-": "a"},
        {"comment-99999999999": "a"},
        {"comment-0": "a"},
        {"comment-1": "a\x00b", "level-1": "9" * 40},
        {"comment-1": "😀" * 9000, "level-1": "incomplete"},
        {"comment-1": "x", "level-1": "-1"},
    ],
)
def test_nothing_that_is_sent_to_a_lost_task_breaks_it(
    held: Desk, trainer: Trainer, odd: dict[str, str]
) -> None:
    give_to(held, None)
    sent = {name.replace("-1", f"-{held.criteria()[0]}"): value for name, value in odd.items()}
    assert trainer.visitor.post(held.path, {"base-1": "0"} | sent).status_code == 409


def test_a_sheet_that_was_handed_in_is_read_and_not_written(
    held: Desk, trainer: Trainer, session: Session
) -> None:
    fields = held.fields((3, "Kept"), base=1) | fields_on(trainer.visitor.get(held.path).text)
    first, second = held.criteria()
    fields |= {f"comment-{first}": "Kept", f"level-{second}": "3"}
    assert trainer.visitor.post(f"{held.path}/hand-in", fields).status_code == 303
    page = trainer.visitor.get(held.path)
    assert page.status_code == 200
    assert "handed in and cannot be changed" in page.text
    answer = trainer.visitor.post(held.path, held.fields((1, "Too late"), base=2))
    assert answer.status_code == 409
    assert "Too late" in answer.text
    db.session.rollback()
    given = session.scalars(select(TaskScore)).one().given
    assert sorted(one.comment for one in given) == ["", "Kept"]
