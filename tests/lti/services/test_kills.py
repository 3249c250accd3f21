"""The worker is killed at every named point and at random moments: the gradebook ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest

from courses.cohorts.queries import progress_of
from institute import clock
from institute.clock import now
from institute.config import Settings
from institute.db import db
from lti.launches.models import ResourceLink
from lti.sandbox.server import RunningSandbox
from lti.services.killpoints import POINTS
from lti.services.models import ScoreState
from tests.lti.services.classroom import STEPS, TARGET, Classroom
from tests.lti.services.test_delivery import COLUMN, calls, cells
from tests.lti.services.workers import WorkerNursery, nursery

KILLS = int(os.environ.get("KILLS", "20"))
LEASE_SECONDS = 61
LONGEST_LIFE_SECONDS = 0.25


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


def assert_as_if_nothing_had_happened(classroom: Classroom, platform: RunningSandbox) -> None:
    """Compare the platform's gradebook with what people have done, and the rows with the gradebook."""
    expected = {}
    for learner in classroom.learners:
        done, total = progress_of(learner.person_id, classroom.cohort_id, TARGET)
        if done:
            expected[COLUMN, learner.sub] = done * 100 / total
    assert {place: cell.grade for place, cell in cells(platform).items()} == expected
    assert {score.state for score in classroom.scores()} <= {ScoreState.SENT, ScoreState.IDLE}
    assert all(score.sent_version == score.version for score in classroom.scores())
    with platform.sandbox.store.reading() as store:
        assert store.execute("SELECT COUNT(*) FROM line_item").fetchone()[0] == 1


@pytest.mark.every_value
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_the_score_arrives_once_in_effect(
    classroom: Classroom, platform: RunningSandbox, workers: WorkerNursery, settings: Settings, point: str
) -> None:
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1, 2)
    assert workers.run(settings, kill_at=point) == -signal.SIGKILL
    classroom.tick(learner, 3)
    assert workers.run(settings, ahead=LEASE_SECONDS, kill_at=point) in {0, -signal.SIGKILL}
    with clock.shift(seconds=2 * LEASE_SECONDS):
        classroom.work_through(timedelta(minutes=5))
    assert_as_if_nothing_had_happened(classroom, platform)
    taken = [call for call in calls(platform, "scores") if call["status"] == 200]
    assert len(taken) <= 3


def test_killed_at_random_moments_the_gradebook_ends_right(
    classroom: Classroom, platform: RunningSandbox, workers: WorkerNursery, settings: Settings
) -> None:
    rng = random.Random(20261122)
    link: ResourceLink = classroom.link()
    for sub in ("participant-1", "participant-2", "coach-1"):
        classroom.learner(link, sub)
    killed = 0
    for round_ in range(KILLS):
        _do_something(classroom, rng)
        # Each worker lives later than the lease of the one before, which took its jobs to the grave.
        platform.sandbox.shift = timedelta(seconds=round_ * LEASE_SECONDS)
        ended = workers.run(
            settings, ahead=round_ * LEASE_SECONDS, kill_after=rng.random() * LONGEST_LIFE_SECONDS
        )
        killed += ended == -signal.SIGKILL
    with clock.frozen(now() + timedelta(seconds=(KILLS + 1) * LEASE_SECONDS)):
        platform.sandbox.shift = timedelta(0)
        classroom.work_through(timedelta(hours=2))
    db.session.rollback()
    assert killed >= KILLS // 4
    assert_as_if_nothing_had_happened(classroom, platform)


def _do_something(classroom: Classroom, rng: random.Random) -> None:
    for learner in classroom.learners:
        step = rng.randint(1, STEPS)
        act = rng.choice((classroom.tick, classroom.tick, classroom.untick))
        act(learner, step)
