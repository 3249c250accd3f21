"""Workers that die anywhere in a list, and two that read one at once: everybody is here once, nobody has left."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from courses.cohorts.models import Enrolment
from institute import clock
from institute.config import Settings
from institute.db import db
from lti.launches.models import LtiIdentity
from lti.roster.models import Roster, RosterState
from lti.roster.passes import begin
from lti.roster.reading import read_roster
from lti.roster.storing import Page, store_page
from tests.lti.roster.conftest import Course, listing, member
from tests.lti.services.scripted import ScriptedPlatform
from tests.lti.services.workers import WorkerNursery, nursery

KILLS = int(os.environ.get("KILLS", "8"))
LEASE_SECONDS = 61
PAGES = 40
PER_PAGE = 5


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


def tell_pages(scripted: ScriptedPlatform) -> set[str]:
    """Set a list of many short pages, and return whom it names."""
    subs = [f"m-{number}" for number in range(PAGES * PER_PAGE)]
    for page in range(PAGES):
        people = [member(sub) for sub in subs[page * PER_PAGE : (page + 1) * PER_PAGE]]
        following = f"{scripted.url}/members-{page + 1}" if page + 1 < PAGES else ""
        path = f"/members-{page}" if page else "/members"
        scripted.tell("GET", path, listing(*people, following=following))
    return set(subs)


def test_killed_at_random_moments_everybody_is_here_once(
    course: Course, scripted: ScriptedPlatform, workers: WorkerNursery, settings: Settings
) -> None:
    everybody = tell_pages(scripted)
    course.launched("teacher-0")
    rng = random.Random(20261122)
    for round_ in range(KILLS):
        workers.run(settings, ahead=round_ * LEASE_SECONDS, kill_after=rng.uniform(0.02, 0.4))
        assert not any(one.has_left for one in course.roll().values())
    with clock.shift(seconds=(KILLS + 1) * LEASE_SECONDS):
        assert course.read().state is RosterState.READ
    assert set(course.roll()) == everybody
    assert {one.enrolment for one in course.roll().values()} == {"invited"}
    assert db.session.scalar(select(func.count()).select_from(LtiIdentity)) == len(everybody) + 1
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == len(everybody) + 1


def test_a_page_that_another_worker_stored_meanwhile_is_not_stored_again(
    course: Course, scripted: ScriptedPlatform
) -> None:
    tell_pages(scripted)
    course.launched("teacher-0")
    late = begin(course.context_id)
    assert late is not None
    read_roster(course.context_id)
    whole = course.roll()
    assert store_page(late, Page((), None, None)) is None
    assert course.roll() == whole
    db.session.expire_all()
    assert db.session.scalars(select(Roster.state)).one() is RosterState.READ


def test_a_long_list_is_read_in_several_turns(course: Course, scripted: ScriptedPlatform) -> None:
    everybody = tell_pages(scripted)
    course.launched("teacher-0")
    turns = 1
    while not read_roster(course.context_id, within=0):
        turns += 1
    assert turns > PAGES / 2
    assert set(course.roll()) == everybody
