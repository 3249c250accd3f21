"""What somebody is qualified for: it ends, a reminder comes before, the lead may end it, linked accounts share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.calibration.attempts import RaterQualification
from certificates.calibration.qualified import may_score, untils_of
from certificates.calibration.telling import remind_of_ends
from institute.actors import Actor
from institute.people.linking import link_people
from institute.people.models import Person
from tests.certificates.calibration.conftest import Lead, MakeSet, take
from tests.certificates.scoring.conftest import KEY, MakeTrainer, Trainer
from tests.institute import post


def held(session: Session) -> RaterQualification:
    """Return the newest qualification."""
    session.rollback()
    return session.scalars(select(RaterQualification)).one()


def test_it_holds_to_its_last_day_and_not_longer(
    trainer: Trainer, make_set: MakeSet, session: Session
) -> None:
    make_set()
    take(trainer)
    row, day_ = held(session), timedelta(days=1)
    for day, may in (
        (row.since, True),
        (row.until, True),
        (row.until + day_, False),
        (row.since - day_, False),
    ):
        assert may_score(trainer.person.id, trainer.person.institute_id, KEY, day) is may


def test_the_lead_ends_it_with_a_word(
    trainer: Trainer, lead: Lead, make_set: MakeSet, session: Session
) -> None:
    make_set()
    take(trainer)
    path = f"/scoring-lead/calibration/qualifications/{held(session).id}/end"
    assert lead.visitor.post(path, {"reason": ""}).status_code == 422
    assert lead.visitor.post(path, {"reason": "Reads far too kindly."}).status_code == 303
    assert lead.visitor.post(path, {"reason": "Again."}).status_code == 303
    assert held(session).end_reason == "Reads far too kindly."
    assert not may_score(trainer.person.id, trainer.person.institute_id, KEY)
    assert (
        lead.visitor.post("/scoring-lead/calibration/qualifications/999999/end", {"reason": "x"}).status_code
        == 404
    )


def test_two_accounts_of_one_person_share_what_one_passed(
    make_trainer: MakeTrainer, make_set: MakeSet
) -> None:
    make_set()
    one, other = make_trainer(name="Grace Kim"), make_trainer(name="Grace K.")
    take(one)
    link_people(one.person.id, other.person.id, actor=Actor(one.person.institute_id, None))
    assert may_score(other.person.id, other.person.institute_id, KEY)


@pytest.fixture
def reached(make_person: Callable[..., Person], make_trainer: MakeTrainer) -> Trainer:
    """A trainer who has an address."""
    return make_trainer(make_person(name="Grace Kim", email="grace@example.test", locale="en"))


def test_a_reminder_comes_once_within_thirty_days_of_the_end(
    reached: Trainer, make_set: MakeSet, session: Session
) -> None:
    make_set()
    take(reached)
    until = held(session).until
    remind_of_ends(until - timedelta(days=31))
    assert post.deliver() == []
    for _ in range(2):
        remind_of_ends(until - timedelta(days=30))
    [mail] = post.deliver()
    assert mail["Subject"] == "Your calibration ends soon"
    assert "Plan rubric" in post.text_of(mail)


def test_who_was_let_try_again_is_told(reached: Trainer, lead: Lead, make_set: MakeSet) -> None:
    make_set()
    take(reached, off=1)
    take(reached, off=1)
    lead.visitor.post(
        f"/scoring-lead/calibration/raters/{reached.person.id}/{KEY}/unlock", {"training": "An hour."}
    )
    [mail] = post.deliver()
    assert mail["Subject"] == "You can try the calibration again"


def test_many_are_asked_for_at_once(make_trainer: MakeTrainer, make_set: MakeSet) -> None:
    make_set()
    able, other = make_trainer(name="Able"), make_trainer(name="Other")
    take(able)
    assert set(untils_of([able.person.id, other.person.id], KEY)) == {able.person.id}
    assert untils_of([], KEY) == {}


def test_a_failed_attempt_takes_nothing_away(trainer: Trainer, make_set: MakeSet) -> None:
    make_set()
    assert take(trainer).passed
    assert not take(trainer, off=1).passed
    assert may_score(trainer.person.id, trainer.person.institute_id, KEY)
