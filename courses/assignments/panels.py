"""What the coordinator's home shows: whom to assign next, what waits, and the whole at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from courses.assignments.apart import ConflictLine, apart_page
from courses.assignments.hearing import ConcernLine, concerns_of, count_open, heard_by
from courses.assignments.listing import Asked, AssignmentList, Show, list_assignments
from courses.assignments.people import cohort_lines
from courses.assignments.staff import StaffLine, staff_page
from courses.coaches import qualifying
from courses.coaches.standings import Standing
from institute.actors import Actor, Role

ON_HOME = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a coordinator beside assignments."""

    concerns: tuple[ConcernLine, ...]
    lacking: tuple[StaffLine, ...]
    conflicts: tuple[ConflictLine, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Glance:
    """The whole in numbers."""

    people: int
    waiting: int
    coaches: int
    full: tuple[StaffLine, ...]
    asks: bool


def next_panel(actor: Actor) -> AssignmentList | None:
    """Return the first people without a coach, None where everybody has one."""
    found = list_assignments(actor, Asked(show=Show.WAITING), most=ON_HOME)
    return found if found.lines else None


def ending_panel(actor: Actor) -> AssignmentList | None:
    """Return the spans that end within 60 days or have ended, None where none does."""
    found = list_assignments(actor, Asked(show=Show.ENDING), most=ON_HOME)
    return found if found.lines else None


def waiting_panel(actor: Actor) -> Waiting | None:
    """Return what else waits: concerns, coaches who lack something, conflicts, people of whom nothing is known."""
    staff = staff_page(actor)
    lacking = [
        line
        for line in staff.lines
        if line.standing.expiring or (line.standing.missing and line.coach.people)
    ]
    conflicts = [
        line for line in apart_page(actor).conflicts if line.other is None or line.enrolment_id is not None
    ]
    unknown = sum(line.unknown for line in cohort_lines(actor))
    waiting = Waiting(heard_by(actor), tuple(lacking), tuple(conflicts), unknown)
    return waiting if waiting.concerns or lacking or conflicts or unknown else None


def glance_panel(actor: Actor) -> Glance:
    """Return the numbers: people, those without a coach, coaches, and who has more people than is usual."""
    counts = list_assignments(actor, most=1).counts
    staff = staff_page(actor)
    full = tuple(line for line in staff.lines if line.coach.people > line.coach.ratio)
    return Glance(
        people=counts[Show.EVERYBODY],
        waiting=counts[Show.WAITING],
        coaches=len(staff.lines),
        full=full,
        asks=bool(qualifying.requirements_of(actor.institute_id)),
    )


@dataclass(frozen=True, slots=True)
class Own:
    """What concerns one side of a coaching, on their home: how many concerns are open, and what they lack."""

    as_coach: bool
    open: int
    standing: Standing | None


def own_panel(actor: Actor) -> Own | None:
    """Return the open concerns of a participant or coach, and what a coach lacks; None where there is nothing."""
    as_coach = actor.has(Role.COACH) and g.get("area") is Role.COACH
    count, may_raise = count_open(actor, as_coach=as_coach)
    standing = None
    if as_coach and actor.person_id is not None:
        standing = qualifying.standings_of([actor.person_id], institute_id=actor.institute_id)[
            actor.person_id
        ]
    lacks = standing is not None and bool(standing.missing or standing.expiring)
    if not (count or lacks or may_raise):
        return None
    return Own(as_coach, count, standing if lacks else None)


def settings_panel(actor: Actor) -> int:
    """Return of an institute how many things it asks of its coaches."""
    return len(qualifying.requirements_of(actor.institute_id))


def raise_section(actor: Actor, key: int) -> int | None:
    """Return the enrolment about which a coach may raise a concern; None where they are not its coach."""
    coachings = concerns_of(actor, as_coach=True).coachings if actor.has(Role.COACH) else ()
    return key if any(one.enrolment_id == key for one in coachings) else None
