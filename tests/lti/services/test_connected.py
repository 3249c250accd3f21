"""Whoever has an account at two platforms has one grade: that of the row by which they take part in the cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from institute.actors import Actor, Role
from institute.db import db
from institute.people.linking import link_people, unlink_people
from institute.people.models import Institute, Person, PersonLink
from lti.launches.models import ResourceLink
from lti.sandbox.faults import Fault
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from lti.services.retrying import retry_link
from tests.lti.services.classroom import Classroom, Learner, stored
from tests.lti.services.conftest import MakePlatform
from tests.lti.services.marking import Marking
from tests.lti.services.test_delivery import COLUMN, bodies, cells

WHILE = timedelta(minutes=3)


@dataclass
class Side:
    """A course of one platform, and the account that somebody has there."""

    platform: RunningSandbox
    classroom: Classroom
    link: ResourceLink
    learner: Learner

    @property
    def grade(self) -> float | None:
        """What the gradebook shows in the link's column."""
        cell = cells(self.platform).get((COLUMN, self.learner.sub))
        return cell.grade if cell else None

    def tick(self, *steps: int) -> None:
        """Do something with this account."""
        self.classroom.tick(self.learner, *steps)

    def work(self) -> None:
        """Let the worker do all that is due in a while, at both platforms."""
        self.classroom.work_through(WHILE)


@pytest.fixture
def sides(app: Flask, institute: Institute, make_platform: MakePlatform) -> tuple[Side, Side]:
    """One cohort, taught through two platforms; somebody takes part from each."""
    kept, other = make_platform(), make_platform()
    here = Classroom(app, institute, kept.url)
    there = Classroom(app, institute, other.url, joins=here.cohort_id)
    links = here.link(), there.link()
    return (
        Side(kept, here, links[0], here.learner(links[0])),
        Side(other, there, links[1], there.learner(links[1])),
    )


def connect(kept: Side, other: Side) -> None:
    """Find out that both are one person."""
    link_people(kept.learner.person_id, other.learner.person_id, actor=kept.classroom.actor)


def disconnect(side: Side) -> None:
    """Tell them apart again."""
    unlink_people(db.session.scalars(select(PersonLink.id)).one(), actor=side.classroom.actor)


def test_both_gradebooks_show_the_work_of_the_row_that_takes_part(sides: tuple[Side, Side]) -> None:
    kept, other = sides
    kept.tick(1, 2)
    other.tick(1, 2, 3, 4)
    kept.work()
    assert (kept.grade, other.grade) == (40, 80)
    connect(kept, other)
    kept.work()
    assert (kept.grade, other.grade) == (40, 40)
    kept.tick(3)
    kept.work()
    assert (kept.grade, other.grade) == (60, 60)


def test_two_rows_of_one_person_never_write_one_cell_in_turn(sides: tuple[Side, Side]) -> None:
    kept, other = sides
    kept.tick(1)
    connect(kept, other)
    kept.work()
    sent = len(bodies(kept.platform)), len(bodies(other.platform))
    other.tick(1, 2, 3)
    other.classroom.launch(other.learner, other.link)
    kept.work()
    assert (len(bodies(kept.platform)), len(bodies(other.platform))) == sent
    assert (kept.grade, other.grade) == (20, 20)


def test_what_waits_in_the_name_of_the_other_row_is_not_sent_any_more_even_if_asked_for(
    sides: tuple[Side, Side],
) -> None:
    kept, other = sides
    other.platform.sandbox.faults.add(Fault("scores", 503))
    kept.tick(1)
    other.tick(1, 2, 3)
    kept.classroom.work()
    refused = len(bodies(other.platform))
    connect(kept, other)
    administrator = stored(Person(institute_id=kept.classroom.institute.id, name="Ruth"))
    actor = Actor(kept.classroom.institute.id, administrator.id, frozenset({Role.ADMINISTRATOR}))
    retry_link(other.link.id, actor=actor)
    other.platform.sandbox.faults.clear()
    kept.work()
    assert {sent["scoreGiven"] for sent in bodies(other.platform)[refused:]} == {1}
    assert (kept.grade, other.grade) == (20, 20)
    assert retry_link(other.link.id, actor=actor) == 0


@pytest.mark.parametrize("done", [(), (1, 2, 3, 4)], ids=["nothing", "something"])
def test_told_apart_again_each_gradebook_shows_the_work_of_its_own_account(
    sides: tuple[Side, Side], done: tuple[int, ...]
) -> None:
    kept, other = sides
    kept.tick(1, 2)
    other.tick(*done)
    connect(kept, other)
    kept.work()
    assert (kept.grade, other.grade) == (40, 40)
    disconnect(kept)
    kept.work()
    assert (kept.grade, other.grade) == (40, 20 * len(done))
    kept.tick(3)
    kept.work()
    assert (kept.grade, other.grade) == (60, 20 * len(done))


def test_connected_a_second_time_the_same_holds(sides: tuple[Side, Side]) -> None:
    kept, other = sides
    kept.tick(1, 2)
    other.tick(1)
    connect(kept, other)
    disconnect(kept)
    connect(other, kept)
    kept.work()
    assert (kept.grade, other.grade) == (20, 20)
    assert sum(score.state is ScoreState.SENT for score in kept.classroom.scores()) == 2


def test_a_released_score_arrives_in_both_gradebooks(sides: tuple[Side, Side]) -> None:
    kept, other = sides
    marking = Marking(kept.classroom)
    connect(kept, other)
    marking.score(kept.learner, 3, 3)
    kept.work()
    for side in sides:
        assert cells(side.platform)["The plan", side.learner.sub].grade == 3


def test_where_the_row_that_takes_part_has_done_nothing_the_others_work_is_shown_no_more(
    sides: tuple[Side, Side],
) -> None:
    kept, other = sides
    other.tick(1, 2)
    kept.work()
    assert (kept.grade, other.grade) == (None, 40)
    connect(kept, other)
    kept.work()
    assert (kept.grade, other.grade) == (None, 0)
