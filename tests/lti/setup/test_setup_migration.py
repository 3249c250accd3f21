"""Registrations and keys of an older database are kept by the step there and back, and can be used at once."""

from __future__ import annotations

import flask_migrate
from sqlalchemy import text

from institute.db import db
from institute.paths import MIGRATIONS
from lti.platforms.keys import add_key, signing_key
from lti.platforms.models import Family, RegistrationId
from tests.lti.setup.conftest import stored

PLATFORMS = "SELECT id, institute_id, issuer, client_id, token_url FROM lti_registration ORDER BY id"
DEPLOYMENTS = "SELECT id, registration_id, deployment_id, state FROM lti_deployment ORDER BY id"
KEYS = "SELECT id, kid, retired_at FROM lti_tool_key ORDER BY id"


def rows(statement: str) -> list[tuple[object, ...]]:
    """Return what a statement finds."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_platforms_deployments_and_keys_are_kept(registration_id: RegistrationId) -> None:
    add_key()
    kid = signing_key()[0]
    db.session.remove()
    before = [rows(statement) for statement in (PLATFORMS, DEPLOYMENTS, KEYS)]
    assert [len(found) for found in before] == [1, 1, 2]
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0015")
    try:
        assert [rows(statement) for statement in (PLATFORMS, DEPLOYMENTS, KEYS)] == before
    finally:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert [rows(statement) for statement in (PLATFORMS, DEPLOYMENTS, KEYS)] == before
    row = stored(registration_id)
    assert (row.role_overrides, row.family, row.version, row.edition) == ({}, Family.OTHER, "", 1)
    assert signing_key()[0] == kid
    db.session.remove()
