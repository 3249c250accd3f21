"""The latest check of a registration, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from institute.actors import Actor
from institute.db import db
from lti.platforms.models import Family, RegistrationId
from lti.platforms.queries import own_registration
from lti.setup.models import CheckState, RegistrationCheck


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of the latest check."""

    step: str
    state: CheckState
    finding: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The latest check of a registration. ``finished_at`` is None while it runs."""

    steps: tuple[CheckStep, ...]
    asked_at: datetime
    finished_at: datetime | None

    @property
    def failed(self) -> int:
        """How many steps do not work."""
        return sum(one.state is CheckState.FAILED for one in self.steps)

    @property
    def done(self) -> int:
        """How many steps have a result."""
        return sum(one.state not in {CheckState.WAITING, CheckState.RUNNING} for one in self.steps)

    @property
    def begun(self) -> bool:
        """Whether the worker has taken it up."""
        return any(one.state is not CheckState.WAITING for one in self.steps)


def latest_check(registration_id: RegistrationId) -> CheckPage | None:
    """Return the latest check of a registration; None before the first. Whose it is, the caller knows."""
    rows = db.session.scalars(
        select(RegistrationCheck)
        .where(RegistrationCheck.registration_id == registration_id)
        .order_by(RegistrationCheck.place)
    ).all()
    if not rows:
        return None
    ends = [row.finished_at for row in rows]
    finished = max((end for end in ends if end is not None), default=None)
    return CheckPage(
        steps=tuple(CheckStep(row.step, row.state, row.finding, row.about) for row in rows),
        asked_at=rows[0].asked_at,
        finished_at=None if None in ends else finished,
    )


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """The latest check of the platform that a reader came through, and the software that its advice is for."""

    check: CheckPage
    family: Family


def own_check(actor: Actor, registration_id: int) -> OwnCheck | None:
    """Return the latest check of the platform that the actor came through; None before the first.

    What another institute's platform answered is that institute's.
    """
    row = own_registration(actor)
    if row.id != registration_id or row.institute_id != actor.institute_id:
        return None
    check = latest_check(row.id)
    return OwnCheck(check, row.family) if check else None
