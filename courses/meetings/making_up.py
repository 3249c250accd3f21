"""Making up for a missed meeting at one's employer's: reported with a contact, who verifies it by a mailed link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.assigning import local_day
from courses.meetings import errors
from courses.meetings.attending import note_counted
from courses.meetings.audience import find_led, find_standing, meeting_day
from courses.meetings.letters import tell_answered
from courses.meetings.models import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    MakeUpId,
    MakeUpState,
    Meeting,
    MeetingAttendance,
    MeetingId,
    MeetingMakeUp,
)
from courses.meetings.sheets import read_day
from courses.meetings.verifying import ask_contact
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.files.handing import KeptFile
from institute.files.models import StoredFileId
from institute.files.storing import expect_sweep, record
from institute.i18n import current_locale, supported
from institute.messages.addresses import Address, parse_address
from institute.people.linking import same_person
from institute.people.models import Person
from institute.web.forms import storable

DIGITS: Final = 4
STANDING: Final = (MakeUpState.ASKED, MakeUpState.VERIFIED)


@dataclass(frozen=True, slots=True)
class Report:
    """What stands in the form of a make-up, letter by letter."""

    held_on: str = ""
    minutes: str = ""
    employer: str = ""
    contact_name: str = ""
    contact_email: str = ""
    locale: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(**{name: storable(form.get(name, "")).strip() for name in cls.__dataclass_fields__})


@dataclass(slots=True)
class ReportChecked:
    """A report with what came of it: the make-up, or by field what to mend."""

    report: Report
    make_up_id: MakeUpId | None = None
    problems: dict[str, DomainError] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def report_make_up(
    meeting_id: MeetingId,
    report: Report,
    sheet: KeptFile | None,
    *,
    refused: DomainError | None = None,
    actor: Actor,
) -> ReportChecked:
    """Report that the actor made up for a meeting, and ask the contact by mail; return what came of it.

    ``sheet`` is the sign-in sheet, if it is there already; ``refused`` says why the one that was sent cannot be taken.
    Raises NotFoundError, MeetingCancelledError, NotOverError, NothingMissedError, MakeUpStandsError.
    """
    with transaction() as session:
        meeting = find_standing(meeting_id, actor=actor, session=session)
        person_id = actor.person_id
        if person_id is None:
            raise NotFoundError
        _refuse_needless(meeting, person_id, session=session)
        checked = ReportChecked(report)
        if refused is not None:
            checked.problems["sheet"] = refused
        address = _check(checked, meeting, person_id, session=session)
        day = read_day(report.held_on)
        if checked.problems or day is None or address is None:
            if sheet is not None:
                expect_sweep()
            return checked
        made = MeetingMakeUp(
            institute_id=meeting.institute_id,
            meeting_id=meeting.id,
            person_id=person_id,
            held_on=day,
            minutes=int(report.minutes),
            employer=report.employer,
            contact_name=report.contact_name,
            contact_email=str(address)[:EMAIL_LENGTH],
            locale=supported(report.locale) or current_locale(),
            sheet_id=_keep(sheet, meeting, person_id),
            state=MakeUpState.ASKED,
            reported_by=person_id,
        )
        session.add(made)
        session.flush()
        checked.make_up_id = made.id
        audit.record("make-up.reported", actor=actor, subject=("meeting_make_up", made.id))
        ask_contact(made)
        return checked


def take_back(make_up_id: MakeUpId, *, actor: Actor) -> MeetingId:
    """Take a report of one's own back that nobody answered yet; return the meeting.

    Raises NotFoundError, MakeUpSettledError.
    """
    with transaction() as session:
        made = own_make_up(make_up_id, actor=actor, session=session, lock=True)
        if made.state is MakeUpState.WITHDRAWN:
            return made.meeting_id
        if made.state is not MakeUpState.ASKED:
            raise errors.MakeUpSettledError
        made.state = MakeUpState.WITHDRAWN
        audit.record("make-up.withdrawn", actor=actor, subject=("meeting_make_up", make_up_id))
        return made.meeting_id


def ask_again(make_up_id: MakeUpId, *, actor: Actor, leading: bool) -> MeetingId:
    """Mail the contact a new link; the old ones end. Return the meeting. Raises NotFoundError, MakeUpSettledError."""
    with transaction() as session:
        find = led_make_up if leading else own_make_up
        made = find(make_up_id, actor=actor, session=session, lock=True)
        if made.state is not MakeUpState.ASKED:
            raise errors.MakeUpSettledError
        ask_contact(made)
        audit.record("make-up.asked-again", actor=actor, subject=("meeting_make_up", make_up_id))
        return made.meeting_id


def set_aside(make_up_id: MakeUpId, reason: str, *, actor: Actor) -> dict[str, DomainError]:
    """Let a make-up count no more, or not at all, as the one who leads the meeting; return what has to be mended.

    Raises NotFoundError, MakeUpSettledError for one that does not count anyway.
    """
    with transaction() as session:
        made = led_make_up(make_up_id, actor=actor, session=session, lock=True)
        if made.state not in STANDING:
            raise errors.MakeUpSettledError
        if not reason:
            return {"reason": errors.ReasonMissingError()}
        if len(reason) > TEXT_LENGTH:
            return {"reason": errors.TextLengthError(length=len(reason), most=TEXT_LENGTH)}
        made.state, made.answered_at, made.answer = MakeUpState.DECLINED, now(), reason
        session.flush()
        tell_answered(made)
        note_counted(session.get_one(Meeting, made.meeting_id), made.person_id, actor=actor)
        audit.record("make-up.set-aside", actor=actor, subject=("meeting_make_up", make_up_id))
        return {}


def own_make_up(make_up_id: MakeUpId, *, actor: Actor, session: Session, lock: bool = False) -> MeetingMakeUp:
    """Return a make-up of the actor's own. Raises NotFoundError."""
    made = session.get(MeetingMakeUp, make_up_id, with_for_update=lock or None, populate_existing=lock)
    if made is None or made.institute_id != actor.institute_id or made.person_id != actor.person_id:
        raise NotFoundError
    return made


def led_make_up(make_up_id: MakeUpId, *, actor: Actor, session: Session, lock: bool = False) -> MeetingMakeUp:
    """Return a make-up for a meeting that the actor leads. Raises NotFoundError."""
    made = session.get(MeetingMakeUp, make_up_id, with_for_update=lock or None, populate_existing=lock)
    if made is None or made.institute_id != actor.institute_id:
        raise NotFoundError
    find_led(made.meeting_id, actor=actor, session=session)
    return made


def note_answered(made: MeetingMakeUp) -> None:
    """Tell whoever reported a make-up what the employer says, and the coaches' room what counts now."""
    tell_answered(made)
    session = db.session()
    meeting = session.get_one(Meeting, made.meeting_id)
    note_counted(meeting, made.person_id, actor=Actor(institute_id=made.institute_id, person_id=None))


def attended_of(meeting: Meeting, person_id: PersonId, *, session: Session) -> int:
    """Return how many minutes of a meeting somebody attended, 0 where nothing is recorded."""
    return (
        session.scalar(
            select(MeetingAttendance.minutes).where(
                MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.person_id == person_id
            )
        )
        or 0
    )


def _refuse_needless(meeting: Meeting, person_id: PersonId, *, session: Session) -> None:
    if meeting.ends > now():
        raise errors.NotOverError
    if attended_of(meeting, person_id, session=session) >= meeting.minutes:
        raise errors.NothingMissedError
    standing = session.scalar(
        select(MeetingMakeUp.id).where(
            MeetingMakeUp.meeting_id == meeting.id,
            MeetingMakeUp.person_id == person_id,
            MeetingMakeUp.state.in_(STANDING),
        )
    )
    if standing is not None:
        raise errors.MakeUpStandsError


def _check(
    checked: ReportChecked, meeting: Meeting, person_id: PersonId, *, session: Session
) -> Address | None:
    report, problems = checked.report, checked.problems
    day = read_day(report.held_on)
    if day is None or not meeting_day(meeting) <= day <= local_day(meeting.zone):
        problems["held_on"] = errors.MakeUpDayError()
    typed = report.minutes
    minutes = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else 0
    if not 1 <= minutes <= meeting.minutes:
        problems["minutes"] = errors.MakeUpMinutesError(most=meeting.minutes)
    for name in ("employer", "contact_name"):
        length = len(getattr(report, name))
        if not length:
            problems[name] = errors.NameMissingError()
        elif length > NAME_LENGTH:
            problems[name] = errors.TextLengthError(length=length, most=NAME_LENGTH)
    address = parse_address(report.contact_email)
    if address is None:
        problems["contact_email"] = errors.AddressError()
    elif _is_own(address, person_id, session=session):
        problems["contact_email"] = errors.OwnAddressError()
    return address


def _is_own(address: Address, person_id: PersonId, *, session: Session) -> bool:
    own = session.scalars(select(Person.email).where(Person.id.in_(same_person(person_id))))
    return any(
        found is not None and found.spellings == address.spellings for found in map(parse_address, own)
    )


def _keep(sheet: KeptFile | None, meeting: Meeting, person_id: PersonId | None) -> StoredFileId | None:
    if sheet is None:
        return None
    return record(
        sheet.blob,
        institute_id=meeting.institute_id,
        name=sheet.checked.name,
        media_type=sheet.checked.media_type,
        owner_id=person_id,
    )
