"""What waits for an administrator: requests of platforms, with what they would change, and deployments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from institute.actors import Actor
from institute.db import db
from lti.platforms import requests
from lti.platforms.models import Registration
from lti.platforms.requests import RequestRow
from lti.setup.listing import count_waiting_deployments

COMPARED: Final = ("auth_url", "token_url", "jwks_url")


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request, and the addresses that approving it would change: (field, present one, wanted one)."""

    row: RequestRow
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, for the administrator's home."""

    requests: int
    deployments: int


def waiting_requests(actor: Actor) -> list[WaitingRequest]:
    """Return the requests that wait for the institute, oldest first. Two queries."""
    rows = requests.list_waiting(actor.institute_id)
    present = {
        one.id: one
        for one in db.session.scalars(
            select(Registration).where(
                Registration.id.in_([row.updates for row in rows if row.updates is not None]),
                Registration.institute_id == actor.institute_id,
            )
        )
    }
    return [
        WaitingRequest(row, _changes(row, present.get(row.updates) if row.updates else None)) for row in rows
    ]


def _changes(row: RequestRow, present: Registration | None) -> tuple[tuple[str, str, str], ...]:
    if present is None:
        return ()
    return tuple(
        (name, getattr(present, name), getattr(row, name))
        for name in COMPARED
        if getattr(present, name) != getattr(row, name)
    )


def waiting_panel(actor: Actor) -> Waiting | None:
    """Return how much waits, None where nothing does."""
    found = Waiting(requests.count_waiting(actor.institute_id), count_waiting_deployments(actor))
    return found if found.requests or found.deployments else None
