"""Deployments and identities get an institute of their own: the step there and back keeps who came, and from where."""

from __future__ import annotations

from collections.abc import Callable

import flask_migrate
import pytest
from sqlalchemy import text

from institute.db import db, transaction
from institute.paths import MIGRATIONS
from institute.people.models import Grant, Institute, Person
from lti.platforms.models import Deployment
from tests.lti.acting import Course

KEPT = (
    "SELECT id, institute_id, registration_id, deployment_id, state FROM lti_deployment ORDER BY id",
    "SELECT id, institute_id, registration_id, sub, person_id FROM lti_identity ORDER BY id",
    "SELECT id, context_id, title, cohort_id FROM lti_context ORDER BY id",
    "SELECT id, resource_link_id, target, title FROM lti_resource_link ORDER BY id",
    "SELECT id, session_id, identity_id, is_learner FROM lti_launch ORDER BY id",
    "SELECT id, role, person_id FROM role_grant ORDER BY id",
)


def rows() -> list[list[tuple[object, ...]]]:
    """Return what is to be kept."""
    db.session.remove()
    with db.engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(text(statement))] for statement in KEPT]


def test_who_came_and_from_where_is_kept(course: Course) -> None:
    for sub in ("person-1", "person-2"):
        course.enter(sub=sub, custom={"target": "programme:programme-1"})
    with transaction() as session:
        person = session.query(Person).first()
        assert person is not None
        session.add(Grant(institute_id=person.institute_id, person_id=person.id, role="administrator"))
    before = rows()
    assert all(before)
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0018")
    try:
        assert rows() == before
    finally:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert rows() == before
    with db.engine.connect() as connection:
        added = connection.execute(text("SELECT mentored, other_roles FROM lti_launch")).all()
    assert {tuple(map(str, row)) for row in added} == {("[]", "[]")}
    assert course.enter(sub="person-1").status_code == 200


def test_way_back_is_refused_while_a_deployment_is_another_institute_s(
    course: Course, make_institute: Callable[..., Institute]
) -> None:
    other = make_institute(slug="harbour")
    with transaction() as session:
        session.add(
            Deployment(
                institute_id=other.id,
                registration_id=session.query(Deployment).first().registration_id,  # type: ignore[union-attr]
                deployment_id="deployment-2",
                state="active",
            )
        )
    db.session.remove()
    with pytest.raises(Exception, match=r"(?i)foreign|refer to nothing"):
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0018")
    db.session.remove()
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert db.session.query(Deployment).count() == 2
