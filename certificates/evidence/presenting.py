"""Presentations: when and where one takes place, and that it did. The office says both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from certificates.evidence.desks import Desk, open_presentation
from certificates.evidence.drafting import renew
from certificates.evidence.errors import (
    PresentationStateError,
    RequirementRetiredError,
)
from certificates.evidence.hands import Hands
from certificates.evidence.models import (
    LONGEST_ADDRESS,
    LONGEST_PLACE,
    LONGEST_PRESENTATION,
    Presentation,
    Submission,
)
from certificates.evidence.states import SubmissionState
from certificates.evidence.submitting import hand_in
from courses.coaches.periods import typed_number
from courses.library.checking import is_web_address
from courses.meetings.sheets import read_day
from courses.sessions.wall_time import Reading, instant_of, reading_of
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import gettext
from institute.web.forms import storable

USUAL_MINUTES: Final = 45
PAST_DAYS: Final = 366
COMING_DAYS: Final = 3 * 366


@dataclass(frozen=True, slots=True)
class PresentationSheet:
    """The form of a presentation, as it was typed."""

    day: str = ""
    begins: str = ""
    minutes: str = str(USUAL_MINUTES)
    place: str = ""
    link: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> PresentationSheet:
        """Take the fields of a form."""
        return cls(
            **{
                name: " ".join(storable(form.get(name, "")).split())[: LONGEST_ADDRESS + 1]
                for name in cls.__dataclass_fields__
            }
        )

    @classmethod
    def of(cls, row: Presentation) -> PresentationSheet:
        """Fill the form with what is set."""
        local = row.starts_at.astimezone(ZoneInfo(row.zone))
        return cls(f"{local:%Y-%m-%d}", f"{local:%H:%M}", str(row.minutes), row.place, row.link)


@dataclass
class PresentationChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: PresentationSheet
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return list(self.problems.items())


def schedule(
    requirement_key: str, sheet: PresentationSheet, *, hands: Hands, actor: Actor
) -> PresentationChecked:
    """Set, or change, when and where a presentation takes place; nothing happens where something is wrong.

    Where the one before came back, this begins the next attempt. Raises NotFoundError, EvidenceClosedError,
    PresentationStateError once it was held, and what ``drafting.begin_again`` raises.
    """
    checked = PresentationChecked(sheet)
    with transaction() as session:
        desk = open_presentation(requirement_key, session=session, actor=actor, hands=hands)
        zone = hands.enrolment(actor).timezone
        starts, minutes = _read(checked, ZoneInfo(zone))
        if checked.problems or starts is None:
            return checked
        draft = _draft(desk, session)
        row = session.get(Presentation, draft.id)
        if row is None:
            row = Presentation(submission_id=draft.id, institute_id=draft.institute_id)
            session.add(row)
        row.starts_at, row.minutes, row.zone = starts, minutes, zone
        row.place, row.link = sheet.place, sheet.link
        row.scheduled_by, row.scheduled_at = _person(actor), now()
        session.flush()
        audit.record(
            "presentation.scheduled",
            actor=actor,
            subject=("submission", draft.id),
            details={"starts": starts.isoformat(), "minutes": minutes},
        )
    return checked


def hold(requirement_key: str, *, hands: Hands, actor: Actor) -> None:
    """Say that a presentation took place: it is submitted as it is, and those who score it can begin.

    Raises NotFoundError, EvidenceClosedError, PresentationStateError where none is set, it was held, or its time is
    still to come.
    """
    with transaction() as session:
        desk = open_presentation(requirement_key, session=session, actor=actor, hands=hands)
        draft = desk.latest
        if draft is None or draft.state is not SubmissionState.DRAFT:
            raise PresentationStateError
        row = session.get(Presentation, draft.id, with_for_update=True)
        if row is None or row.starts_at > now():
            raise PresentationStateError
        row.held_at, row.held_by = now(), _person(actor)
        session.flush()
        audit.record("presentation.held", actor=actor, subject=("submission", draft.id))
        hand_in(draft, desk, session=session)


def call_off(requirement_key: str, *, hands: Hands, actor: Actor) -> None:
    """Take back the time of a presentation that was not held; what was prepared for it stays. Raises as ``hold``."""
    with transaction() as session:
        desk = open_presentation(requirement_key, session=session, actor=actor, hands=hands)
        draft = desk.latest
        row = session.get(Presentation, draft.id) if draft is not None else None
        if draft is None or row is None or draft.state is not SubmissionState.DRAFT:
            raise PresentationStateError
        session.delete(row)
        audit.record("presentation.called-off", actor=actor, subject=("submission", draft.id))


def _draft(desk: Desk, session: Session) -> Submission:
    """Return the draft that a presentation belongs to, begun or begun anew where it has to be."""
    if desk.latest is None:
        if desk.requirement.retired_at is not None:
            raise RequirementRetiredError
        return desk.begin()
    if desk.latest.state is SubmissionState.DRAFT:
        return desk.latest
    return renew(desk, desk.latest, session=session)


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFoundError
    return actor.person_id


def _read(checked: PresentationChecked, zone: ZoneInfo) -> tuple[datetime | None, int]:
    minutes = _check_place(checked)
    starts = _check_time(checked, zone)
    return (None if checked.problems else starts), minutes


def _check_time(checked: PresentationChecked, zone: ZoneInfo) -> datetime | None:
    day, clock = read_day(checked.sheet.day), _clock(checked.sheet.begins)
    far = None if day is None else (day - now().date()).days
    if far is None or not -PAST_DAYS <= far <= COMING_DAYS:
        checked.problems["day"] = gettext("Choose a day of the past year or of the next three.")
    if clock is None:
        checked.problems["begins"] = gettext("Say when it begins, such as 14:30.")
    if day is None or clock is None or checked.problems:
        return None
    wall = datetime.combine(day, clock)
    if reading_of(wall, zone) is Reading.NEVER:
        checked.problems["begins"] = gettext("The clocks go forward in that night: this time does not exist.")
        return None
    return instant_of(wall, zone)


def _check_place(checked: PresentationChecked) -> int:
    sheet, problems = checked.sheet, checked.problems
    minutes = typed_number(sheet.minutes, most=LONGEST_PRESENTATION)
    if not minutes:
        problems["minutes"] = gettext(
            "Say how long it takes: whole minutes, %(most)s at most.", most=LONGEST_PRESENTATION
        )
    if len(sheet.place) > LONGEST_PLACE:
        problems["place"] = gettext("The place has %(most)s characters at most.", most=LONGEST_PLACE)
    if sheet.link and (len(sheet.link) > LONGEST_ADDRESS or not is_web_address(sheet.link)):
        problems["link"] = gettext("This is no address on the web. It begins with https://.")
    if not sheet.place and not sheet.link:
        problems["place"] = gettext("Say where it takes place: a room, or a link to a video call.")
    return minutes or 0


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
