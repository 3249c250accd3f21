"""Links learn to say what they send: the step there begins nothing by itself, and both ways keep links and scores."""

from __future__ import annotations

import flask_migrate
from sqlalchemy import text

from institute.db import db
from institute.paths import MIGRATIONS
from tests.lti.services.classroom import TARGET, Classroom
from tests.lti.services.test_evidence_migration import SCORES, rows

LINKS = "SELECT resource_link_id, target FROM lti_resource_link ORDER BY resource_link_id"
CHOICES = "SELECT resource_link_id, grade FROM lti_resource_link ORDER BY resource_link_id"


def test_links_to_the_hours_go_on_sending_nothing_and_all_others_go_on_as_before(
    classroom: Classroom,
) -> None:
    link = classroom.link("a-segment")
    classroom.link("hours", target="hours:mine")
    classroom.link("home", target=None)
    classroom.tick(classroom.learner(link), 1, 2)
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE lti_resource_link SET grade = 'level' WHERE resource_link_id = 'home'")
        )
    db.session.remove()
    scores = rows(SCORES)
    assert len(scores) == 2
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0020")
    try:
        assert rows(LINKS) == [("a-segment", TARGET), ("home", None), ("hours", "hours:mine")]
        assert rows(SCORES) == scores
    finally:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert rows(CHOICES) == [("a-segment", None), ("home", None), ("hours", "none")]
    assert rows(SCORES) == scores
    db.session.remove()
