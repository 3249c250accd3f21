"""What a programme asks for each month, and which sessions count towards it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from courses.catalogue.models import Programme, ProgrammeId
from courses.coaching.models import CoachingPolicy, Kind, Mode
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Policy:
    """Minutes for each month, and the pairs of kind and mode that count.

    Sessions of other pairs are logged and shown, and add nothing to the hours.
    """

    minimum: int = 270
    target: int = 360
    counting: frozenset[tuple[Kind, Mode]] = frozenset(
        {(Kind.ONE_TO_ONE, Mode.IN_PERSON), (Kind.ONE_TO_ONE, Mode.VIDEO)}
    )

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.target:
            raise ValueError(f"a minimum of {self.minimum} with a target of {self.target} minutes")

    def counts(self, kind: Kind, mode: Mode) -> bool:
        """Tell whether a session of this kind, held in this way, counts."""
        return (kind, mode) in self.counting


DEFAULT: Final = Policy()


def set_policy(programme_id: ProgrammeId, policy: Policy, *, actor: Actor) -> None:
    """Say what a programme of the actor's institute asks for. The same a second time changes nothing.

    Raises NotFoundError if the programme is not of the institute.
    """
    with transaction() as session:
        programme = session.get(Programme, programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        row = session.get(CoachingPolicy, programme_id)
        if row is None:
            row = CoachingPolicy(programme_id=programme_id, institute_id=actor.institute_id)
            session.add(row)
        row.minimum_minutes, row.target_minutes = policy.minimum, policy.target
        row.counting = " ".join(sorted(f"{kind}/{mode}" for kind, mode in policy.counting))
        if row in session.new or session.is_modified(row):
            session.flush()
            audit.record("coaching.policy-set", actor=actor, subject=("programme", programme_id))


def policy_of(programme_id: ProgrammeId) -> Policy:
    """Return what a programme asks for: the usual, unless it says otherwise."""
    row = db.session.get(CoachingPolicy, programme_id)
    return DEFAULT if row is None else read_policy(row.minimum_minutes, row.target_minutes, row.counting)


@lru_cache(maxsize=256)
def read_policy(minimum: int | None, target: int | None, counting: str | None) -> Policy:
    """Return a stored policy as a value; the usual one where nothing is stored."""
    if minimum is None or target is None or counting is None:
        return DEFAULT
    pairs = (pair.split("/") for pair in counting.split())
    return Policy(minimum, target, frozenset((Kind(kind), Mode(mode)) for kind, mode in pairs))
