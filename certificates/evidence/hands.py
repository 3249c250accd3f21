"""Whose hands a piece of evidence is in: the participant's own, those of the coach of the day, or the office's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from certificates.evidence.models import Owner
from courses.cohorts.coordinating import sees
from courses.cohorts.members import coached_today
from courses.cohorts.models import Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import LEFT, EnrolmentHere, enrolment_here
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError

_OPEN: Final = frozenset({EnrolmentState.ACTIVE})
_OPEN_TO_THE_OFFICE: Final = frozenset(
    {EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED}
)


@dataclass(frozen=True, slots=True)
class RouteNames:
    """What an area's addresses call a requirement, a file and an item: different things have different names."""

    key: str
    file: str
    item: str


NAMES: Final = {
    Owner.CANDIDATE: RouteNames("requirement_key", "evidence_file_id", "evidence_item_id"),
    Owner.COACH: RouteNames("coached_key", "coached_file_id", "coached_item_id"),
    Owner.OFFICE: RouteNames("office_key", "office_file_id", "office_item_id"),
}


@dataclass(frozen=True, slots=True)
class Hands:
    """Who reads or hands in: ``owner`` for the enrolment of ``enrolment_id``; a participant for their own."""

    owner: Owner = Owner.CANDIDATE
    enrolment_id: EnrolmentId | None = None

    def enrolment(self, actor: Actor) -> EnrolmentHere:
        """Return the enrolment that the pages are about. Raises NotFoundError where it is not the actor's to see."""
        if self.owner is Owner.CANDIDATE:
            return own_enrolment(actor)
        if self.enrolment_id is None:
            raise NotFoundError
        if self.owner is Owner.COACH:
            coached_today(self.enrolment_id, actor=actor)
        elif not _office_sees(self.enrolment_id, actor):
            raise NotFoundError
        row = db.session.get(Enrolment, self.enrolment_id)
        if row is None or row.institute_id != actor.institute_id or row.state in LEFT:
            raise NotFoundError
        return enrolment_here(row)

    @property
    def names(self) -> RouteNames:
        """What the addresses of these hands' area are made of."""
        return NAMES[self.owner]

    def route(self, requirement_key: str) -> dict[str, Any]:
        """Return what the addresses of a requirement's routes are made with."""
        about: dict[str, Any] = {self.names.key: requirement_key}
        return about if self.enrolment_id is None else about | {"enrolment_id": self.enrolment_id}

    def may_write(self, state: EnrolmentState) -> bool:
        """Tell whether these hands may write for an enrolment in that state: the office also once it is completed."""
        return state in (_OPEN_TO_THE_OFFICE if self.owner is Owner.OFFICE else _OPEN)


OWN: Final = Hands()


def _office_sees(enrolment_id: EnrolmentId, actor: Actor) -> bool:
    if actor.has(Role.ADMINISTRATOR):
        return True
    return actor.has(Role.COORDINATOR) and sees(enrolment_id, actor)
