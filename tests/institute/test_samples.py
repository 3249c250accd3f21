"""A sample institute goes with everything in it; a real one, and every other, stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from courses.commands import SAMPLE
from courses.loading.history import tell_history
from courses.loading.institutes import load_institute, open_folder
from institute.actors import Actor, InstituteId, Role
from institute.audit.models import AuditEvent
from institute.audit.sealing import seal_events
from institute.db import Base, db, transaction
from institute.jobs import worker
from institute.people.institutes import find_institute, put_person
from institute.people.models import Institute, Person
from institute.people.removing import KEPT, owned_by
from tests.browsing import Visitor, visit
from tests.programmes import programme, publish


def _told(session: Session) -> InstituteId:
    """Load the sample with its past, as the command does."""
    opened = open_folder(SAMPLE)
    with transaction():
        institute_id = load_institute(opened)
        tell_history(SAMPLE, institute_id)
    session.rollback()
    return institute_id


def _rows(institute_id: InstituteId) -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table).where(mine)) or 0
        for table, mine in owned_by(institute_id).items()
    }


def _administrator(app: Flask, institute_id: InstituteId) -> Visitor:
    person = db.session.scalars(
        select(Person).where(Person.institute_id == institute_id).order_by(Person.id)
    ).first()
    assert person is not None
    return visit(app, person, roles=[Role.ADMINISTRATOR])


def test_sample_goes_with_everything_in_it_and_its_decisions_stay(app: Flask, session: Session) -> None:
    institute_id = _told(session)
    visitor = _administrator(app, institute_id)
    before = _rows(institute_id)
    assert {name for name, count in before.items() if count} > {
        "person",
        "session_log",
        "segment",
        "score_sheet",
    }
    assert "Remove it when you have seen enough" in visitor.get("/administrator/").text
    assert visitor.post("/administrator/sample/").status_code == 303
    assert "is being removed" in visitor.get("/administrator/sample/").text
    worker.run_once(app)
    session.rollback()
    assert not any(_rows(institute_id).values())
    kept = session.get_one(Institute, institute_id)
    assert (kept.slug, kept.removed_at is not None) == (f"removed-{institute_id}", True)
    assert "sample.removed" in session.scalars(select(AuditEvent.action)).all()
    assert visitor.get("/administrator/").status_code == 401
    assert _told(session) != institute_id  # and it can be loaded again


def test_every_table_belongs_to_the_institute_or_is_nobody_s(app: Flask) -> None:
    shared = {table.name for table in Base.metadata.sorted_tables} - {
        table.name for table in owned_by(InstituteId(1))
    }
    assert shared - KEPT == {"audit_head", "lti_tool_key", "outbox", "worker_beat"}


def test_other_institute_is_not_touched_and_what_is_append_only_is_so_again(
    app: Flask, session: Session, make_institute: Callable[..., Institute]
) -> None:
    other = make_institute(slug="harbour")
    theirs_to_keep = Actor(institute_id=InstituteId(other.id), person_id=None)
    put_person(key="ana", name="Ana Ruiz", email="ana@example.test", locale=None, actor=theirs_to_keep)
    institute_id = _told(session)
    seal_events()
    theirs = _rows(InstituteId(other.id))
    run = app.test_cli_runner().invoke
    assert run(args=["institute", "remove-sample", "--institute", "harbour"]).exit_code == 1
    removed = run(args=["institute", "remove-sample", "--institute", "valley"])
    assert removed.exit_code == 0, removed.output
    session.rollback()
    assert (_rows(InstituteId(other.id)), any(_rows(institute_id).values())) == (theirs, False)
    assert run(args=["institute", "audit-check"]).exit_code == 0
    assert find_institute().id == other.id
    publish(programme(), actor=theirs_to_keep)
    for table in ("programme_version", "audit_event"):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as writing:
            writing.execute(Base.metadata.tables[table].delete())


def test_real_institute_cannot_be_removed(
    app: Flask, institute: Institute, make_person: Callable[..., Person]
) -> None:
    visitor = visit(app, make_person(name="Ana Ruiz"), roles=[Role.ADMINISTRATOR])
    assert "This is no sample" in visitor.get("/administrator/sample/").text
    answer = visitor.post("/administrator/sample/")
    assert (answer.status_code, "Only a sample institute can be removed." in answer.text) == (409, True)
    assert "sample institute" not in visitor.get("/administrator/").text
