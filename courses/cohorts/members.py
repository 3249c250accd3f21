"""One member of a cohort, as a coach or facilitator sees them."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.queries import load_outline
from courses.cohorts.enrolling import LAWFUL
from courses.cohorts.models import EnrolmentId, EnrolmentState
from courses.cohorts.queries import Standing, done_steps
from courses.cohorts.rosters import Member, find_coached, find_member
from institute.actors import Actor
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A member with their progress in every segment, and the states that may come next."""

    member: Member
    standing: Standing
    changes: tuple[EnrolmentState, ...]


def coached_today(enrolment_id: EnrolmentId, *, actor: Actor) -> Member:
    """Return somebody whom the actor coaches today. Raises NotFoundError."""
    for member in find_coached(actor):
        if member.enrolment_id == enrolment_id:
            return member
    raise NotFoundError


def coached_member(enrolment_id: EnrolmentId, *, actor: Actor) -> MemberPage:
    """Return the page of somebody whom the actor coaches today. Raises NotFoundError."""
    return _page(coached_today(enrolment_id, actor=actor), actor)


def cohort_member(enrolment_id: EnrolmentId, *, actor: Actor) -> MemberPage:
    """Return somebody of the cohort that the actor opened. Raises NotFoundError."""
    return _page(find_member(enrolment_id, actor), actor)


def _page(member: Member | None, actor: Actor) -> MemberPage:
    if member is None:
        raise NotFoundError
    outline = load_outline(actor.institute_id, member.version_id)
    changes = sorted(LAWFUL[member.state], key=list(EnrolmentState).index)
    return MemberPage(member, Standing(outline, done_steps(member.enrolment_id)), tuple(changes))
