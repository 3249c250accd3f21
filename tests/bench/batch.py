"""1,000 certificates issued in one batch, the worker killed about 30 times at random: each once, none lost, how long.

Checked, issued and, with ``--documents``, typeset and signed as well, by one worker in a process of its own; SIGKILL
comes at a random moment and the next worker goes on when the lease of the last has ended (its clock runs ahead). In
the end every application has one award, numbers have no gap, and each document is whole. Target: at most 60 ms of
CPU a certificate for checking and issuing, at most 400 MB in the worker.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from certificates.awards.batches.making import JOB_KIND, begin_batch, mark_of, start_batch
from certificates.awards.batches.models import BatchId, BatchState, IssueBatch, IssueBatchLine, LineState
from certificates.awards.issuing.issuing import JOB_KIND as DOCUMENT
from certificates.awards.models import ApplicationId, Award
from courses.cohorts.models import Enrolment
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.files.reading import open_file
from institute.jobs import outbox, worker
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.bench.measuring import make_app
from tests.certificates.awards.many import make_many

MOST_MS = 60
MOST_MB = 400
ROUNDS = 500


def office(app: Flask, many: int) -> tuple[Actor, tuple[ApplicationId, ...]]:
    """Let many people apply at the sample institute; return an administrator and the applications."""
    with app.app_context():
        like = db.session.scalars(select(Enrolment)).first()
        assert like is not None
        with transaction() as session:
            person = Person(institute_id=like.institute_id, name="Ruth Mensah")
            session.add(person)
            session.flush()
            who = PersonId(person.id)
        system = Actor(institute_id=like.institute_id, person_id=None)
        grant_role(who, Role.ADMINISTRATOR, actor=system)
        db.session.rollback()
        like = db.session.scalars(select(Enrolment)).first()
        assert like is not None
        made = make_many(many, like=like, actor=system, session=db.session())
        acting = Actor(institute_id=system.institute_id, person_id=who, roles=frozenset({Role.ADMINISTRATOR}))
        return acting, made.applications


def leave(app: Flask, kinds: set[str]) -> None:
    """Let the worker do jobs of these kinds alone."""
    handlers = app.extensions["jobs"].handlers
    for kind in set(handlers) - kinds:
        del handlers[kind]


def is_busy(app: Flask, batch_id: BatchId, *, documents: bool) -> bool:
    """Tell whether something is left to do."""
    with app.app_context():
        state = db.session.get_one(IssueBatch, batch_id).state
        left = db.session.scalar(
            select(func.count(Award.id))
            .join(IssueBatchLine, IssueBatchLine.award_id == Award.id)
            .where(IssueBatchLine.batch_id == batch_id, Award.document_file_id.is_(None))
        )
        return state in {BatchState.CHECKING, BatchState.RUNNING} or bool(documents and left)


def work(app: Flask, batch_id: BatchId, pauses: list[float], *, documents: bool) -> tuple[int, float, float]:
    """Let workers work, each killed after a pause of ``pauses`` then unharmed; return kills, CPU seconds, most MB."""
    ahead, kills, spent, most = 0.0, 0, 0.0, 0.0
    for _ in range(ROUNDS):
        if not is_busy(app, batch_id, documents=documents):
            break
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        pid = os.fork()
        if pid == 0:
            with clock.shift(seconds=ahead):
                worker.run_once(app)
            os._exit(0)
        if pauses:
            time.sleep(pauses.pop())
            os.kill(pid, signal.SIGKILL)
        _, status, used = os.wait4(pid, 0)
        kills += os.WIFSIGNALED(status)
        spent += used.ru_utime + used.ru_stime
        most = max(most, used.ru_maxrss / 1024)
        ahead += outbox.LEASE.total_seconds() + 1
    return kills, spent, most


def check(app: Flask, batch_id: BatchId, many: int, *, documents: bool) -> None:
    """Hold what is there against what was asked for. Raises AssertionError."""
    with app.app_context():
        states = select(IssueBatchLine.state, func.count()).where(IssueBatchLine.batch_id == batch_id)
        found = dict(db.session.execute(states.group_by(IssueBatchLine.state)).all())
        assert found == {LineState.ISSUED: many}, found
        lines = select(IssueBatchLine.award_id).where(IssueBatchLine.batch_id == batch_id)
        awards = db.session.scalars(select(Award).where(Award.id.in_(lines))).all()
        assert len({one.application_id for one in awards}) == len({one.code for one in awards}) == many
        numbers = sorted(one.number for one in awards)
        assert numbers == list(range(numbers[0], numbers[0] + many)), "the numbers have a gap"
        for one in awards if documents else ():
            assert one.document_file_id is not None
            _, file = open_file(one.document_file_id, institute_id=one.institute_id)
            with file:
                assert hashlib.sha256(file.read()).hexdigest() == one.document_sha256


def measure(many: int, kills: int, *, documents: bool) -> None:
    """Check, issue and make them all; print what it took."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        actor, applications = office(app, many)
        with app.app_context():
            batch_id = begin_batch(applications, actor=actor)
        leave(app, {JOB_KIND, DOCUMENT} if documents else {JOB_KIND})
        each = kills // (3 if documents else 2)
        for what in ("checked", "issued"):
            pauses = [chance.uniform(0.2, 2.0) for _ in range(each)]
            if what == "issued":
                with app.app_context():
                    start_batch(batch_id, seen=mark_of(batch_id, db.session())[0], actor=actor)
                pauses += [chance.uniform(0.5, 6.0) for _ in range(each)] if documents else []
            began = time.monotonic()
            killed, spent, most = work(app, batch_id, pauses, documents=documents and what == "issued")
            seconds = time.monotonic() - began
            sys.stdout.write(
                f"  {what}{' and made' if documents and what == 'issued' else ''}: {seconds:6.1f} s,"
                f" {1000 * spent / many:5.1f} ms of CPU each, killed {killed} times, at most {most:.0f} MB\n"
            )
            sys.stdout.flush()
        check(app, batch_id, many, documents=documents)
    sys.stdout.write(
        f"  {many} certificates, each once, numbers without a gap   target: {MOST_MS} ms of CPU each, {MOST_MB} MB\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("many", nargs="?", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--documents", action="store_true", help="have the PDF of each made too")
    given = parser.parse_args()
    measure(given.many, given.kills, documents=given.documents)
