"""A gradebook column may belong to a course alone: the step there and back keeps columns and their scores."""

from __future__ import annotations

import flask_migrate
from sqlalchemy import text

from institute.db import db
from institute.paths import MIGRATIONS
from tests.lti.services.classroom import Classroom
from tests.lti.services.marking import Marking

ITEMS = "SELECT id, resource_link_id, tag, resource_id, url, score_maximum FROM lti_line_item ORDER BY id"
SCORES = "SELECT id, line_item_id, person_id, version, given, maximum FROM lti_score ORDER BY id"


def rows(statement: str) -> list[tuple[object, ...]]:
    """Return what a statement finds."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_columns_and_their_scores_are_kept(classroom: Classroom) -> None:
    marking = Marking(classroom)
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1, 2)
    classroom.work()
    marking.score(learner, 4, 4)
    db.session.remove()
    items, scores = rows(ITEMS), rows(SCORES)
    assert (len(items), len(scores)) == (2, 2)
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0009")
    try:
        assert (rows(ITEMS), rows(SCORES)) == (items[:1], scores[:1])
    finally:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert (rows(ITEMS), rows(SCORES)) == (items[:1], scores[:1])
    assert rows("SELECT label, context_id FROM lti_line_item") == [("", None)]
    db.session.remove()
