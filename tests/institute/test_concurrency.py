"""Web, worker and command line write to one database at once: no update is lost, nobody hears "locked"."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from institute.actors import Role
from institute.audit.models import AuditEvent
from institute.audit.sealing import first_broken_position
from institute.config import Settings
from institute.jobs.models import OutboxRow, WorkerBeat
from institute.messages.models import SignInLink
from institute.paths import ROOT
from institute.people.models import Person
from institute.web.models import AnsweredForm
from tests.browsing import Visitor

WISHES = 60
WISHERS = 3
FORMS = 25
PEOPLE = 4
LINKS = 3
WISH = f"""
from institute.jobs import outbox
from wsgi import app
with app.app_context():
    for _ in range({WISHES}):
        outbox.put(kind="counter", key="one-row-for-all")
"""


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
    }


def _start(settings: Settings, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_writing_together_loses_no_update(
    app: Flask,
    settings: Settings,
    session: Session,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    visitors = [sign_in(make_person(), roles=[Role.PARTICIPANT]) for _ in range(PEOPLE)]
    worker = _start(settings, "-m", "flask", "--app", "wsgi", "institute", "worker")
    ending = [_start(settings, "-c", WISH) for _ in range(WISHERS)]
    ending += [
        _start(settings, "-m", "flask", "--app", "wsgi", "institute", "admin-link") for _ in range(LINKS)
    ]

    def send(visitor: Visitor) -> list[int]:
        return [visitor.post("/language", {"locale": "es"}).status_code for _ in range(FORMS)]

    try:
        with ThreadPoolExecutor(PEOPLE) as threads:
            statuses = [status for answers in threads.map(send, visitors) for status in answers]
        outputs = [process.communicate(timeout=120)[0] for process in ending]
    finally:
        worker.terminate()
        told = worker.communicate(timeout=30)[0]

    assert statuses == [303] * (FORMS * PEOPLE)
    assert [process.returncode for process in ending] == [0] * len(ending), outputs
    assert "locked" not in told + "".join(outputs)
    session.rollback()
    counted = select(OutboxRow.version).where(OutboxRow.kind == "counter")
    assert session.scalars(counted).one() == WISHES * WISHERS
    assert session.scalar(select(func.count()).select_from(AnsweredForm)) == FORMS * PEOPLE
    assert session.scalar(select(func.count()).select_from(SignInLink)) == LINKS
    assert session.scalar(select(func.count()).select_from(WorkerBeat)) == 1
    assert (session.scalar(select(func.count()).select_from(AuditEvent)) or 0) >= LINKS
    assert first_broken_position() is None
