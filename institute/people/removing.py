"""Removing a sample institute with everything in it: people, content, hours, certificates, registrations, files.

What stays is the chain of decisions, which holds ids and digests and no names, and the bare row that it refers to.
Only an institute that was loaded as a sample can be removed: real ones hold records that others rely on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, text, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, InstituteId
from institute.audit.models import AuditEvent, AuditSeal
from institute.clock import now
from institute.db import Base, db, transaction
from institute.errors import ConflictError
from institute.files.storing import expect_sweep
from institute.i18n import SOURCE_LOCALE, Localised, lazy_gettext
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome
from institute.people.models import Institute, Person

KIND: Final = "sample.remove"
KEPT: Final = frozenset(one.__tablename__ for one in (AuditEvent, AuditSeal, Institute))


class NotASampleError(ConflictError):
    """The institute is a real one."""

    code = "NOT-A-SAMPLE"
    sentence = lazy_gettext("Only a sample institute can be removed.")


def is_sample(institute_id: InstituteId) -> bool:
    """Tell whether an institute is a sample that is still there."""
    found = db.session.get(Institute, institute_id)
    return found is not None and found.sample and found.removed_at is None


def count_people(institute_id: InstituteId) -> int:
    """Return how many people an institute has."""
    return db.session.scalar(select(func.count()).where(Person.institute_id == institute_id)) or 0


def is_on_its_way(institute_id: InstituteId) -> bool:
    """Tell whether the worker was asked to remove an institute."""
    waiting = select(OutboxRow.id).where(
        OutboxRow.kind == KIND,
        OutboxRow.key == str(institute_id),
        OutboxRow.state.in_([JobState.READY, JobState.LEASED]),
    )
    return db.session.scalar(waiting) is not None


def wish_for_removal(*, actor: Actor) -> None:
    """Have the worker remove the actor's institute. Raises NotASampleError."""
    with transaction():
        if not is_sample(actor.institute_id):
            raise NotASampleError
        audit.record("sample.removal_wished", actor=actor, subject=("institute", actor.institute_id))
        outbox.put(kind=KIND, key=str(actor.institute_id), payload={"institute": actor.institute_id})


def remove_when_wished(job: LeasedJob) -> Outcome:
    """Remove the institute that a job names, unless it is gone already."""
    institute_id = InstituteId(int(job.payload["institute"]))
    if is_sample(institute_id):
        remove_sample(institute_id, actor=Actor(institute_id=institute_id, person_id=None))
    return Done()


def remove_sample(institute_id: InstituteId, *, actor: Actor) -> None:
    """Remove a sample with everything in it, in one transaction. Raises NotASampleError."""
    with transaction() as session:
        found = session.get(Institute, institute_id, with_for_update=True)
        if found is None or not found.sample or found.removed_at is not None:
            raise NotASampleError
        owned = owned_by(institute_id)
        with _append_only_suspended(session.connection(), list(owned)):
            _untie(owned, session)
            for table in reversed(Base.metadata.sorted_tables):
                if table in owned:
                    session.execute(delete(table).where(owned[table]))
        found.slug, found.removed_at = f"removed-{institute_id}", now()
        found.name = Localised.of({SOURCE_LOCALE: "Removed sample"})
        audit.record("sample.removed", actor=actor, subject=("institute", institute_id))
        expect_sweep()


def owned_by(institute_id: InstituteId) -> dict[Table, ColumnElement[bool]]:
    """Return every table that holds rows of an institute, with the condition for those rows.

    A table belongs to the institute by its own column, or by what it must refer to.
    """
    found: dict[Table, ColumnElement[bool]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in KEPT:
            continue
        if "institute_id" in table.c:
            found[table] = table.c.institute_id == institute_id
            continue
        keys = sorted(table.foreign_keys, key=lambda key: (bool(key.parent.nullable), key.parent.name))
        owner = next(
            (key for key in keys if key.column.table in found and key.column.table is not table), None
        )
        if owner is not None:
            above = owner.column.table
            found[table] = owner.parent.in_(select(owner.column).where(found[above]))
    return found


def _untie(owned: dict[Table, ColumnElement[bool]], session: Session) -> None:
    """Empty the references that go round in a circle, so that rows can go in order."""
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    for table, mine in owned.items():
        for key in table.foreign_keys:
            above = key.column.table
            if key.parent.nullable and above in owned and order[above] > order[table]:
                session.execute(update(table).where(mine).values({key.parent.name: None}))


@contextmanager
def _append_only_suspended(connection: Connection, tables: list[Table]) -> Iterator[None]:
    """Let rows go that nothing else may touch; the guards are back before anything is committed."""
    names = {table.name for table in tables}
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        for name in sorted(names):
            connection.exec_driver_sql(f"ALTER TABLE {quote(name)} DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for name in sorted(names):
            connection.exec_driver_sql(f"ALTER TABLE {quote(name)} ENABLE TRIGGER USER")
        return
    triggers = connection.execute(
        text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    ).all()
    guards = [row for row in triggers if row.tbl_name in names]
    for row in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {row.name}")
    yield
    for row in guards:
        connection.exec_driver_sql(row.sql)
