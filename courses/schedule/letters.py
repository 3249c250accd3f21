"""The mails of the schedule: planned, moved, cancelled, asked for otherwise; and the reminders of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask

from courses.cohorts.models import EnrolmentId
from courses.schedule.models import PlannedSessionId, PlanState
from courses.schedule.queries import Planned, read_planned
from courses.schedule.topics import REMINDERS, SESSIONS
from courses.sessions.wording import say_day, say_mode, say_times, say_zone
from institute.actors import InstituteId, PersonId, Role
from institute.clock import now
from institute.i18n import LazyText, lazy_gettext
from institute.messages import mail
from institute.messages.composing import isolated
from institute.messages.mail import About, MailKind, SignInTo
from institute.people.models import Person

PLANNED: Final = "schedule.planned"
MOVED: Final = "schedule.moved"
CANCELLED: Final = "schedule.cancelled"
KEPT: Final = "schedule.kept"
ASKED: Final = "schedule.asked"
TOMORROW: Final = "schedule.tomorrow"
UNLOGGED: Final = "schedule.unlogged"

DAY_BEFORE: Final = timedelta(hours=24)
UNLOGGED_AFTER: Final = timedelta(days=2)
OPEN_FOR: Final = timedelta(days=7)

Check = Callable[[Planned, Person], bool]


def tell_planned(planned_id: PlannedSessionId, *, institute_id: InstituteId) -> None:
    """Tell those who take part, and wish for the reminders; belongs into the transaction that plans."""
    planned = _found(planned_id, institute_id)
    for member in planned.members:
        _tell(PLANNED, planned, member.person_id)
    _remind(planned)


def tell_moved(
    planned_id: PlannedSessionId, *, before: set[PersonId], timed: bool, institute_id: InstituteId
) -> None:
    """Tell everybody what changed for them: those who take part still, no longer, or from now on."""
    planned = _found(planned_id, institute_id)
    present = {member.person_id for member in planned.members}
    for person_id in sorted(present):
        if person_id not in before:
            _tell(PLANNED, planned, person_id)
        elif timed:
            _tell(MOVED, planned, person_id)
    for person_id in sorted(before - present):
        _tell(CANCELLED, planned, person_id)
    _remind(planned)


def tell_cancelled(planned_id: PlannedSessionId, *, institute_id: InstituteId) -> None:
    """Tell those who would have come."""
    planned = _found(planned_id, institute_id)
    for member in planned.members:
        _tell(CANCELLED, planned, member.person_id)


def tell_kept(
    planned_id: PlannedSessionId, asking: Iterable[EnrolmentId], *, institute_id: InstituteId
) -> None:
    """Tell those who asked for another time that it stays."""
    planned = _found(planned_id, institute_id)
    wanted = set(asking)
    for member in planned.members:
        if member.enrolment_id in wanted:
            _tell(KEPT, planned, member.person_id)


def tell_asked(planned: Planned, enrolment_id: EnrolmentId) -> None:
    """Tell the coach that somebody asks for another time."""
    about = {"planned": planned.id, "enrolment": enrolment_id}
    mail.tell(planned.coach_id, ASKED, about, institute_id=planned.institute_id)


def _found(planned_id: PlannedSessionId, institute_id: InstituteId) -> Planned:
    planned = read_planned(planned_id, institute_id=institute_id)
    if planned is None:
        raise LookupError(f"planned session {planned_id} is not there")
    return planned


def _tell(kind: str, planned: Planned, person_id: PersonId) -> None:
    about = {"planned": planned.id, "sequence": planned.sequence}
    mail.tell(person_id, kind, about, institute_id=planned.institute_id)


def _remind(planned: Planned) -> None:
    """Wish for each reminder once; the sequence in it lets those of former times lapse."""
    about = {"planned": planned.id, "sequence": planned.sequence}
    tomorrow = planned.starts - DAY_BEFORE
    if tomorrow > now():
        for person_id in (planned.coach_id, *(member.person_id for member in planned.members)):
            mail.tell(person_id, TOMORROW, about, institute_id=planned.institute_id, after=tomorrow)
    mail.tell(
        planned.coach_id,
        UNLOGGED,
        about,
        institute_id=planned.institute_id,
        after=planned.ends + UNLOGGED_AFTER,
    )


def _comes(planned: Planned, person: Person) -> bool:
    """Tell whether somebody takes part in what is planned still and has not begun."""
    coming = {one.person_id for one in planned.members if one.there}
    there = person.id in coming or (person.id == planned.coach_id and bool(coming))
    return there and planned.state is PlanState.PLANNED and planned.starts > now()


def _goes(planned: Planned, person: Person) -> bool:
    """Tell whether somebody no longer takes part, and would otherwise come."""
    out = person.id not in {member.person_id for member in planned.members}
    return (out or planned.state is PlanState.CANCELLED) and planned.starts > now()


def _unlogged(planned: Planned, person: Person) -> bool:
    return person.id == planned.coach_id and planned.waits_for_log


def _facts(check: Check, person: Person, about: About) -> Mapping[str, Any] | None:
    """Return what a mail says, or None where the plan went on meanwhile."""
    planned = read_planned(int(about["planned"]), institute_id=person.institute_id)
    if planned is None or planned.sequence != about["sequence"] or not check(planned, person):
        return None
    return _said(planned, person)


def _facts_of_asking(person: Person, about: About) -> Mapping[str, Any] | None:
    planned = read_planned(int(about["planned"]), institute_id=person.institute_id)
    if planned is None or not _comes(planned, person):
        return None
    asking = next((one for one in planned.members if one.enrolment_id == about["enrolment"]), None)
    if asking is None or asking.asked_at is None:
        return None
    return {**_said(planned, person), "other": isolated(asking.name), "word": isolated(asking.asked)}


def _said(planned: Planned, person: Person) -> dict[str, Any]:
    leads = person.id == planned.coach_id
    others = planned.names if leads else (planned.coach_name,)
    return {
        "other": isolated(others[0]) if len(others) == 1 else "",
        "count": len(others),
        "day": say_day(planned.day),
        "times": say_times(planned.starts, planned.ends, planned.zone),
        "zone": say_zone(planned.zone),
        "mode": say_mode(planned.mode),
        "place": "" if planned.joins_by_link else isolated(planned.place),
        "link": planned.place
        if planned.joins_by_link
        else "",  # bare: marks around it would become part of it
        "reason": isolated(planned.reason),
        "leads": leads,
    }


def _sign_in(person: Person, about: About) -> SignInTo:
    """Return the link to the plan; a coach's role is live, so the link need not carry it."""
    planned = read_planned(int(about["planned"]), institute_id=person.institute_id)
    place = planned.cohort_id if planned else None
    if planned is not None and planned.coach_id == person.id:
        target = mail.path_to("coach_schedule.detail", planned_id=planned.id)
        return SignInTo(place=place, target=target, valid_for=OPEN_FOR)
    there = planned is not None and person.id in {one.person_id for one in planned.members}
    target = (
        mail.path_to("participant_schedule.detail", planned_id=int(about["planned"]))
        if there
        else mail.path_to("participant_schedule.index")
    )
    return SignInTo(roles=(Role.PARTICIPANT,), place=place, target=target, valid_for=OPEN_FOR)


def _kind(kind: str, subject: LazyText, check: Check, **more: Any) -> MailKind:
    more.setdefault("facts", partial(_facts, check))
    template = f"courses/schedule/mail/{kind.partition('.')[2]}.txt"
    action = lazy_gettext("Look at the session")
    return MailKind(kind, subject, template, action=action, sign_in=_sign_in, **more)


def init_app(app: Flask) -> None:
    """Let ``tell`` know all kinds. Nobody should stand before a closed door: what falls out is always told at once."""
    kinds = (
        _kind(PLANNED, lazy_gettext("A coaching session is planned"), _comes, topic=SESSIONS),
        _kind(MOVED, lazy_gettext("A coaching session was moved"), _comes, duty=True),
        _kind(CANCELLED, lazy_gettext("A coaching session was cancelled"), _goes, duty=True),
        _kind(KEPT, lazy_gettext("Your coaching session stays as planned"), _comes, topic=SESSIONS),
        _kind(
            ASKED,
            lazy_gettext("Somebody asks for another time"),
            _comes,
            topic=SESSIONS,
            facts=_facts_of_asking,
        ),
        _kind(TOMORROW, lazy_gettext("Your next coaching session"), _comes, topic=REMINDERS),
        _kind(UNLOGGED, lazy_gettext("A coaching session has no log yet"), _unlogged, topic=REMINDERS),
    )
    for kind in kinds:
        mail.add(app, kind)
