"""The sample's past: told once, through the rules that hold for everybody, and only to those who have not begun."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission
from certificates.evidence.states import SubmissionState
from courses.cohorts.enrolling import enrol
from courses.cohorts.models import Cohort, Enrolment, EnrolmentState
from courses.cohorts.ticking import StepAddress, tick
from courses.hours.queries import hours_of
from courses.loading.history import tell_history
from courses.loading.institutes import load_institute
from courses.loading.tables import FolderError
from courses.sessions.models import SessionLog, SessionState
from institute import clock
from institute.actors import Actor
from institute.paths import ROOT
from institute.people.models import Person
from tests.browsing import Visitor

SAMPLE = ROOT / "courses" / "sample"


def load_sample(app: Flask) -> None:
    """Run the command that `make run` runs."""
    result = app.test_cli_runner().invoke(args=["institute", "load-sample"])
    assert result.exit_code == 0, result.output


def counts(session: Session) -> tuple[int, int]:
    """Return how many sessions and submissions there are."""
    session.rollback()
    return (
        session.scalar(select(func.count(SessionLog.id))) or 0,
        session.scalar(select(func.count(Submission.id))) or 0,
    )


def enrolment_of(session: Session, key: str) -> Enrolment:
    """Return the enrolment of a person of the sample."""
    return session.scalars(
        select(Enrolment).join(Person, Person.id == Enrolment.person_id).where(Person.key == key)
    ).one()


def test_the_sample_comes_with_a_past_in_which_one_session_waits_and_two_months_are_kept(
    app: Flask, session: Session
) -> None:
    load_sample(app)
    lucia = enrolment_of(session, "lucia")
    assert lucia.state is EnrolmentState.ACTIVE
    states = session.scalars(select(SessionLog.state).where(SessionLog.enrolment_id == lucia.id)).all()
    assert states.count(SessionState.SUBMITTED) == 1
    figures = hours_of(lucia.id)
    assert [month.counted >= month.minimum for month in figures.months[:2]] == [True, True]
    assert set(session.scalars(select(Submission.state))) == {
        SubmissionState.ACCEPTED,
        SubmissionState.SUBMITTED,
    }


def test_loading_again_tells_nothing_twice(app: Flask, session: Session) -> None:
    load_sample(app)
    told = counts(session)
    assert min(told) > 0
    load_sample(app)
    assert counts(session) == told


def test_whoever_has_begun_keeps_their_own_past(app: Flask, session: Session) -> None:
    institute_id = load_institute(SAMPLE)
    session.rollback()
    cohort = session.scalars(select(Cohort)).one()
    for key in ("lucia", "meiling"):
        enrol(cohort.id, enrolment_of(session, key).person_id, actor=Actor(institute_id, None))
    load_sample(app)
    assert counts(session) == (0, 0)


@pytest.mark.parametrize(
    ("said", "instead", "key"),
    [
        ('day = "2026-09-08"', 'day = "2026-09-31"', "day"),
        ('begins = "15:00"', 'begins = "3 pm"', "begins"),
        (
            'answer = "confirmed"',
            'answer = "disputed"\ndifference = "everything"\nreason = "No"',
            "difference",
        ),
    ],
)
def test_a_past_that_cannot_be_told_is_refused_by_a_sentence(
    app: Flask, tmp_path: Path, said: str, instead: str, key: str
) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder)
    history = (folder / "history.toml").read_text(encoding="utf-8")
    (folder / "history.toml").write_text(history.replace(said, instead, 1), encoding="utf-8")
    with app.test_request_context():
        institute_id = load_institute(folder)
        with pytest.raises(FolderError) as caught:
            tell_history(folder, institute_id)
        assert key in caught.value.text


def test_a_log_soon_after_midnight_begins_without_times_and_blames_nobody(
    app: Flask, session: Session, sign_in: Callable[..., Visitor]
) -> None:
    load_sample(app)
    lucia = enrolment_of(session, "lucia")
    step = Actor(lucia.institute_id, lucia.person_id, place=lucia.cohort_id)
    for key in ("share-plan", "read-next-objectives"):
        tick(lucia.id, StepAddress("module-1", "segment-2", key), actor=step)
    coach = session.scalars(select(Person).where(Person.key == "amina")).one()
    tomorrow = clock.now().astimezone(ZoneInfo("America/Los_Angeles")) + timedelta(days=1)
    with clock.frozen(tomorrow.replace(hour=0, minute=30)):
        page = sign_in(coach, place=lucia.cohort_id).get(f"/coach/sessions/new/{lucia.id}").text
    assert "It shows here as soon as date and times are complete." in page
    assert "Write a time such as 15:30." not in page
