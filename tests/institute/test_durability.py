"""What waits for the disk: every commit, but for rows that somebody can make again at once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from institute.db import db, transaction

ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": 2, "postgresql": "on"}
WAITS_NOT = {"sqlite": 1, "postgresql": "off"}


def asked(*, durable: bool) -> object:
    """Return how the database says it commits a transaction."""
    with transaction(durable=durable) as session:
        return session.scalar(text(ASKED[session.get_bind().dialect.name]))


def test_commit_waits_for_the_disk_unless_it_need_not(app: Flask) -> None:
    kind = db.engine.dialect.name
    if kind == "postgresql":  # a server for tests may be told not to wait at all
        with transaction() as session:
            session.execute(text("SET synchronous_commit = on"))
    found = [asked(durable=durable) for durable in (True, False, False, True)]
    assert found == [WAITS[kind], WAITS_NOT[kind], WAITS_NOT[kind], WAITS[kind]]


def test_what_must_last_cannot_be_written_with_what_need_not(app: Flask) -> None:
    with transaction(durable=False), pytest.raises(RuntimeError), transaction():
        pass


def test_what_need_not_last_may_be_written_with_what_must(app: Flask) -> None:
    before = asked(durable=True)
    with transaction() as session, transaction(durable=False):
        assert session.scalar(text(ASKED[session.get_bind().dialect.name])) == before
