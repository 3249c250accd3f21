"""Checking a registration: asked for on a page, done by the worker step by step, each result kept as it comes."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, RetryPolicy
from lti.launches.models import ResourceLink
from lti.platforms.models import Deployment, Registration, RegistrationId
from lti.platforms.tool import SCOPES
from lti.services.accounts import Account
from lti.setup.connecting import owned
from lti.setup.models import CheckState, RegistrationCheck
from lti.setup.probes import Finding, Probe, Target, token_step

log = logging.getLogger(__name__)
JOB_KIND: Final = "lti.check"
STEPS: Final = ("keys", "login", *(token_step(scope) for scope in SCOPES), "roster", "lineitems")
AGAIN_AFTER: Final = timedelta(seconds=30)
"""A check that was asked for is not asked for again while it runs, but one whose worker died is after this."""

PATIENCE_S: Final = 20.0
"""How long a check goes on to ask. With a last answer that takes as long as any may, it ends within its lease."""

POLICY: Final = RetryPolicy(first=timedelta(seconds=5), most_attempts=3)


def init_app(app: Flask) -> None:
    """Let the worker check registrations."""
    worker.handle(app, JOB_KIND, check, retry=POLICY)


def ask_check(registration_id: RegistrationId, *, actor: Actor) -> None:
    """Wish for a check; what an earlier one found gives way. One that is under way is not begun anew.

    Raises PlatformGoneError.
    """
    with transaction() as session:
        row = owned(registration_id, actor)
        if _is_under_way(registration_id, session):
            return
        session.execute(delete(RegistrationCheck).where(RegistrationCheck.registration_id == registration_id))
        at = now()
        session.add_all(
            RegistrationCheck(
                institute_id=row.institute_id,
                registration_id=registration_id,
                step=step,
                place=place,
                state=CheckState.WAITING,
                asked_at=at,
            )
            for place, step in enumerate(STEPS)
        )
        outbox.put(kind=JOB_KIND, key=str(registration_id))
        audit.record("lti.check_asked", actor=actor, subject=("lti_registration", registration_id))


def _is_under_way(registration_id: RegistrationId, session: Session) -> bool:
    mine = RegistrationCheck.registration_id == registration_id
    open_states = RegistrationCheck.state.in_([CheckState.WAITING, CheckState.RUNNING])
    asked = session.scalar(select(RegistrationCheck.asked_at).where(mine, open_states).limit(1))
    return asked is not None and now() - asked < AGAIN_AFTER


def check(job: LeasedJob) -> Done:
    """Do every step of a check. A step that fails is a result, not a reason to try again.

    A platform that hardly answers does not keep the worker from everybody else: what is left then is not tried.
    """
    registration_id = RegistrationId(int(job.key))
    target = _target(registration_id)
    if target is None:
        return Done("gone")
    ends = time.monotonic() + PATIENCE_S
    for step, ask in Probe(target).steps().items():
        if time.monotonic() > ends:
            _note(registration_id, step, CheckState.SKIPPED, Finding(CheckState.SKIPPED, "no-time"))
            continue
        _note(registration_id, step, CheckState.RUNNING)
        try:
            found = ask()
        except Exception as error:  # whatever a platform answers, the check goes on to its next step
            log.warning("step %s of a check failed", step, exc_info=error)
            found = Finding(CheckState.FAILED, "unexpected")
        _note(registration_id, step, found.state, found)
    return Done()


def _target(registration_id: RegistrationId) -> Target | None:
    """Read what is checked; services are those of the course that was opened last."""
    with transaction() as session:
        row = session.get(Registration, registration_id)
        if row is None:
            return None
        return Target(
            account=Account.of(row),
            family=row.family,
            auth_url=row.auth_url,
            jwks_url=row.jwks_url,
            roster_url=_latest(row, "nrps_url", session),
            lineitems_url=_latest(row, "lineitems_url", session),
        )


def _latest(registration: Registration, name: str, session: Session) -> str | None:
    """Return an address of a service; a course of another institute's deployment is not this one's to read."""
    column = getattr(ResourceLink, name)
    found: str | None = session.scalar(
        select(column)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .where(
            Deployment.registration_id == registration.id,
            Deployment.institute_id == registration.institute_id,
            column.is_not(None),
        )
        .order_by(ResourceLink.updated_at.desc(), ResourceLink.id.desc())
        .limit(1)
    )
    return found


def _note(
    registration_id: RegistrationId, step: str, state: CheckState, found: Finding | None = None
) -> None:
    values: dict[str, Any] = {"state": state, "finding": "", "about": {}, "finished_at": None}
    if found is not None:
        values |= {"finding": found.code, "about": dict(found.about), "finished_at": now()}
    with transaction() as session:
        session.execute(
            update(RegistrationCheck)
            .where(RegistrationCheck.registration_id == registration_id, RegistrationCheck.step == step)
            .values(values)
        )
