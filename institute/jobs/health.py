"""What /readyz asks of the worker and of the audit chain."""

from __future__ import annotations

from typing import Final

from flask import Flask
from sqlalchemy import func, select

from institute.audit.sealing import oldest_unsealed_seconds
from institute.clock import now
from institute.db import db
from institute.jobs.models import WorkerBeat
from institute.web import health

OLDEST_BEAT: Final = 30.0
OLDEST_UNSEALED: Final = 120.0


def _worker() -> tuple[bool, float | None]:
    last = db.session.scalar(select(func.max(WorkerBeat.at)))
    if last is None:
        return False, None
    age = (now() - last).total_seconds()
    return age <= OLDEST_BEAT, round(age, 1)


def _audit() -> tuple[bool, float]:
    age = oldest_unsealed_seconds()
    return age <= OLDEST_UNSEALED, round(age, 1)


def init_app(app: Flask) -> None:
    """Let /readyz ask both."""
    health.add(app, "worker_beat_age", _worker)
    health.add(app, "audit_unsealed_age", _audit)
