"""A database with sessions in it gets the sums of its months, and counts as it did before."""

from __future__ import annotations

from dataclasses import replace

import flask_migrate
from sqlalchemy import text

from courses.hours.policies import DEFAULT
from courses.hours.queries import hours_of
from courses.hours.setting import set_policy
from courses.hours.totals import totals_of_institute
from courses.sessions.models import Kind, Mode
from institute.actors import Actor
from institute.db import db
from institute.paths import MIGRATIONS
from tests.courses.coaching.conftest import Pair
from tests.courses.conftest import Studied


def test_sessions_logged_before_are_summed_and_policies_count_as_they_did(
    pair: Pair, studied: Studied, system: Actor
) -> None:
    both = DEFAULT.counting | {(Kind.GROUP, Mode.VIDEO)}
    set_policy(studied.programme_id, replace(DEFAULT, counting=both, one_to_one_minimum=False), actor=system)
    pair.answer(pair.log(day="2026-09-10"))
    pair.answer(pair.log(mode="phone"))
    pair.answer(pair.log(day="2026-10-12", mode="video"))
    pair.log(day="2026-10-10")
    pair.answer(pair.log(day="2026-10-11"), "dispute", difference="length", reason="Shorter")
    db.session.rollback()
    before, total = hours_of(pair.enrolment_id), totals_of_institute(system.institute_id)
    db.session.remove()
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0032")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM session_log")).scalar_one() == 5
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert hours_of(pair.enrolment_id) == before
    assert totals_of_institute(system.institute_id) == total
