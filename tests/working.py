"""The worker of a test, told what to leave undone: typesetting and signing take longer than most tests are about."""

from __future__ import annotations

from collections.abc import Collection
from email.message import EmailMessage
from typing import Final

from flask import Flask, current_app

from certificates.awards.issuing.issuing import JOB_KIND as CERTIFICATES
from certificates.awards.issuing.papers import JOB_KIND as PAPERS
from certificates.awards.proof.statuses import JOB_KIND as STATUSES
from institute.jobs import worker
from tests.institute.post import written

SIGNED: Final = (CERTIFICATES, PAPERS, STATUSES)


def work(app: Flask, *, without: Collection[str] = (PAPERS,)) -> int:
    """Let the worker do what is due, but for the kinds ``without``, which wait; return how many jobs were done."""
    handlers = app.extensions["jobs"].handlers
    waiting = {kind: handlers.pop(kind) for kind in without}
    try:
        return worker.run_once(app)
    finally:
        handlers.update(waiting)


def letters() -> list[EmailMessage]:
    """Let the worker do what is due but sign nothing; return the letters that then stand in the folder."""
    work(current_app._get_current_object(), without=SIGNED)  # type: ignore[attr-defined]
    return written()
