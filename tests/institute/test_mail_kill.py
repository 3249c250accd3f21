"""A worker killed while it sends: the message is never lost, at most doubled, and a double is recognised."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import clock
from institute.actors import Role
from institute.config import Settings, current_settings
from institute.jobs import outbox, worker
from institute.jobs.models import JobState, OutboxRow
from institute.messages.asking import SIGN_IN
from institute.messages.mail import JOB_KIND
from institute.paths import ROOT
from institute.people.models import Grant, Person
from tests.institute import post
from tests.institute.mailserver import MailServer, serving

MAILS = select(OutboxRow.state).where(OutboxRow.kind == JOB_KIND)


def killed_worker(settings: Settings, server: MailServer, at: str) -> None:
    """Run a worker of its own, which dies when the server has read up to ``at``."""
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
        "SMTP_URL": server.url(),
        "MAIL_FROM": "coaching@institute.example",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "institute", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:

        def kill(reached: str) -> None:
            if reached == at:
                process.send_signal(signal.SIGKILL)
                process.wait(10)

        server.on = kill
        assert process.wait(60) == -signal.SIGKILL
    server.on = lambda _reached: None


@pytest.fixture
def trainer(app: Flask, make_person: Callable[..., Person]) -> Person:
    """Somebody who may sign in by mail."""
    made = make_person(email="tomas@example.org")
    post.store(Grant(institute_id=made.institute_id, person_id=made.id, role=Role.TRAINER))
    return made


@pytest.mark.parametrize(("at", "copies"), [("CONNECT", 1), ("DATA", 1), ("DATA-END", 2), ("QUIT", 2)])
def test_message_of_a_killed_worker_arrives_and_a_second_copy_has_the_same_id(
    app: Flask, session: Session, trainer: Person, at: str, copies: int
) -> None:
    settings = current_settings()
    with serving() as server:
        post.tell(trainer, kind=SIGN_IN)
        killed_worker(settings, server, at)
        session.rollback()
        assert session.scalars(MAILS).one() is JobState.LEASED
        post.use_server(app, settings, server.url())
        with clock.shift(seconds=outbox.LEASE.total_seconds() + 5):
            while worker.run_once(app):  # the killed worker had wished for the day's tasks, too
                pass
    messages = [post.read(taken.raw) for taken in server.received]
    assert len(messages) == copies
    assert len({message["Message-ID"] for message in messages}) == 1
    session.rollback()
    assert session.scalars(MAILS).one() is JobState.DONE
