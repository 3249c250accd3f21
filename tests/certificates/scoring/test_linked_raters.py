"""A duty holds between people, whichever of their accounts it was taken on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from courses.cohorts.assigning import assign_coach
from institute.actors import Actor
from institute.db import transaction
from institute.people.linking import link_people
from institute.people.models import Person, Supervision
from tests.certificates.scoring.conftest import Desk, Trainer

MakePerson = Callable[..., Person]


def in_queue(desk: Desk, trainer: Trainer) -> tuple[bool, int]:
    """Tell whether the trainer is offered the evidence, and how taking it is answered."""
    offered = "Take it" in trainer.visitor.get("/trainer/scoring/").text
    return offered, trainer.visitor.post(f"{desk.path}/take").status_code


def test_nobody_scores_their_own_other_account(desk: Desk, trainer: Trainer, asked: Actor) -> None:
    link_people(desk.person.id, trainer.person.id, actor=asked)
    assert in_queue(desk, trainer) == (False, 409)


def test_nobody_scores_whom_their_other_account_coached(
    desk: Desk, trainer: Trainer, asked: Actor, make_person: MakePerson
) -> None:
    coach = make_person(name="Tomás at the other platform")
    assign_coach(desk.enrolment_id, coach.id, since=date(2026, 9, 1), actor=asked)
    link_people(coach.id, trainer.person.id, actor=asked)
    assert in_queue(desk, trainer) == (False, 409)


def test_nobody_scores_the_other_account_of_whom_they_supervise(
    desk: Desk, trainer: Trainer, asked: Actor, make_person: MakePerson
) -> None:
    subordinate = make_person(name="Lucía at the other platform")
    with transaction() as session:
        session.add(
            Supervision(
                institute_id=asked.institute_id,
                supervisor_id=trainer.person.id,
                subordinate_id=subordinate.id,
                since=date(2026, 1, 1),
            )
        )
    link_people(desk.person.id, subordinate.id, actor=asked)
    assert in_queue(desk, trainer) == (False, 409)


def test_other_accounts_of_strangers_keep_nobody_from_scoring(
    desk: Desk, trainer: Trainer, asked: Actor, make_person: MakePerson
) -> None:
    link_people(desk.person.id, make_person(name="Lucía there").id, actor=asked)
    link_people(trainer.person.id, make_person(name="Tomás there").id, actor=asked)
    assert in_queue(desk, trainer) == (True, 303)
