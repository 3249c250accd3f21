"""The audit chain: append-only, sealed, and a change shows."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from institute import audit, clock
from institute.actors import Actor
from institute.audit.models import AuditEvent, AuditHead, AuditSeal
from institute.audit.sealing import first_broken_position, oldest_unsealed_seconds, seal_events
from institute.db import db, transaction

DAY = 86_400


def _decide(actor: Actor, times: int) -> None:
    for number in range(times):
        audit.record("test.decided", actor=actor, subject=("thing", number))


def test_events_cannot_be_changed_or_deleted(app: Flask, system: Actor) -> None:
    _decide(system, 1)
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
            session.execute(text(statement))


def test_sealing_chains_every_event_once(app: Flask, system: Actor, session: Session) -> None:
    _decide(system, 3)
    with clock.shift(seconds=10):
        assert seal_events() == 3
        assert seal_events() == 0
        assert oldest_unsealed_seconds() == 0
    assert first_broken_position() is None
    assert [seal.position for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.position))] == [
        1,
        2,
        3,
    ]


def test_event_changed_behind_the_triggers_breaks_the_chain(app: Flask, system: Actor) -> None:
    _decide(system, 3)
    with clock.shift(seconds=10):
        seal_events()
    with transaction() as session:
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_event_no_update"))
        else:
            session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_update"))
        second = session.scalars(select(AuditEvent).order_by(AuditEvent.id).offset(1).limit(1)).one()
        second.action = "test.denied"
    try:
        assert first_broken_position() == 2
        result = app.test_cli_runner().invoke(args=["institute", "audit-check"])
        assert result.exit_code == 1
        assert "broken at position 2" in result.output
    finally:
        if db.engine.dialect.name != "sqlite":
            with transaction() as session:
                session.execute(text("ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_update"))


def test_each_day_s_head_is_signed_once(app: Flask, system: Actor, session: Session) -> None:
    _decide(system, 2)
    with clock.shift(seconds=10):
        seal_events()
    with clock.shift(seconds=DAY + 10):
        seal_events()
        seal_events()
    heads = session.scalars(select(AuditHead)).all()
    assert [head.position for head in heads] == [2]


def test_age_of_the_oldest_unsealed_event_is_told(app: Flask, system: Actor) -> None:
    _decide(system, 1)
    with clock.shift(seconds=300):
        assert 299 < oldest_unsealed_seconds() < 302
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["checks"]["audit_unsealed_age"]["ok"] is False
