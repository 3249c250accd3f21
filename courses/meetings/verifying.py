"""The employer's word: a link that is mailed to a contact without an account, and answered once.

The token is made when the letter is written and kept hashed only. Looking uses nothing up; a link that was used, is too
old, was replaced, or never existed is answered alike.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from flask import Flask, current_app
from sqlalchemy import delete, select, update

from courses.catalogue.durations import say_minutes
from courses.meetings import errors
from courses.meetings.models import (
    TEXT_LENGTH,
    MakeUpId,
    MakeUpLink,
    MakeUpState,
    Meeting,
    MeetingKind,
    MeetingMakeUp,
)
from courses.meetings.wording import say_meeting_kind, title_of
from courses.sessions.wording import say_day
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import DomainError
from institute.files.handing import KeptFile
from institute.files.models import StoredFile
from institute.files.storing import expect_sweep, record
from institute.i18n import Localised, gettext, ngettext
from institute.messages import outside
from institute.messages.composing import Action, isolated
from institute.messages.mail import About
from institute.messages.outside import OutsideLetter
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number

LETTER: Final = "make-up.verify"
GOOD_FOR: Final = timedelta(days=14)


class Verdict(StrEnum):
    """What a contact says."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Question:
    """What a contact is asked: whether this person made up for this meeting, on that day and for so long."""

    make_up_id: MakeUpId
    institute_name: Localised
    person_name: str
    contact_name: str
    employer: str
    own_title: str
    kind: MeetingKind
    meeting_starts: datetime
    meeting_ends: datetime
    zone: str
    held_on: date
    minutes: int
    locale: str
    sheet: StoredFile | None
    expires_at: datetime

    @property
    def meeting_title(self) -> str:
        """What the meeting is called, in the language that is spoken when it is read."""
        return self.own_title or say_meeting_kind(self.kind)


def init_app(app: Flask, answered: Callable[[MeetingMakeUp], None]) -> None:
    """Let the worker write the letters; ``answered`` is told of each make-up that an employer answered."""
    app.extensions["make_up_answered"] = answered
    outside.add(app, LETTER, write_letter)


def ask_contact(made: MeetingMakeUp) -> None:
    """Ask the contact of a make-up by mail, in the transaction of the report."""
    outside.tell(LETTER, {"make_up": made.id}, key=str(made.id), locale=made.locale)


def write_letter(about: About) -> OutsideLetter | None:
    """Write the letter with a new link, or return None where nobody needs the answer any more; older links end."""
    with transaction() as session:
        made = session.get(MeetingMakeUp, int(about["make_up"]), with_for_update=True)
        meeting = session.get(Meeting, made.meeting_id) if made is not None else None
        if made is None or meeting is None or made.state is not MakeUpState.ASKED:
            return None
        token = secrets.token_urlsafe(32)
        session.execute(
            delete(MakeUpLink).where(MakeUpLink.make_up_id == made.id, MakeUpLink.used_at.is_(None))
        )
        session.add(
            MakeUpLink(
                token_hash=_hash(token),
                institute_id=made.institute_id,
                make_up_id=made.id,
                expires_at=now() + GOOD_FOR,
            )
        )
        person = session.get_one(Person, made.person_id)
        facts = {
            "name": isolated(name_or_number(person.name, person.id)),
            "title": isolated(title_of(meeting)),
            "day": say_day(made.held_on),
            "length": say_minutes(made.minutes),
            "employer": isolated(made.employer),
        }
        return OutsideLetter(
            institute_id=made.institute_id,
            address=made.contact_email,
            subject=gettext("Please verify that a meeting was made up for"),
            paragraphs=(
                gettext("Hello %(name)s,", name=isolated(made.contact_name)),
                gettext(
                    "%(name)s missed “%(title)s” and says that %(employer)s delivered it on %(day)s, %(length)s, and "
                    "that you can verify it.",
                    **facts,
                ),
                gettext("Please look at it and say whether it took place like this. You need no account."),
            ),
            action=Action(gettext("Look and answer"), f"{current_settings().public_url}/make-up/{token}"),
            notes=ngettext(
                "The link works once and for %(num)s day.",
                "The link works once and for %(num)s days.",
                GOOD_FOR.days,
            ),
        )


def find_question(token: str) -> Question | None:
    """Return what a link asks, or None for one that does not work (any more). Looking uses nothing up."""
    row = db.session.execute(
        select(MakeUpLink.expires_at, MeetingMakeUp, Meeting, Person, Institute.name, StoredFile)
        .join(MeetingMakeUp, MeetingMakeUp.id == MakeUpLink.make_up_id)
        .join(Meeting, Meeting.id == MeetingMakeUp.meeting_id)
        .join(Person, Person.id == MeetingMakeUp.person_id)
        .join(Institute, Institute.id == MeetingMakeUp.institute_id)
        .outerjoin(StoredFile, StoredFile.id == MeetingMakeUp.sheet_id)
        .where(
            MakeUpLink.token_hash == _hash(token),
            MakeUpLink.used_at.is_(None),
            MakeUpLink.expires_at > now(),
            MeetingMakeUp.state == MakeUpState.ASKED,
            Meeting.cancelled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    expires_at, made, meeting, person, institute_name, sheet = row
    return Question(
        make_up_id=made.id,
        institute_name=institute_name,
        person_name=name_or_number(person.name, person.id),
        contact_name=made.contact_name,
        employer=made.employer,
        own_title=meeting.title,
        kind=meeting.kind,
        meeting_starts=meeting.starts,
        meeting_ends=meeting.ends,
        zone=meeting.zone,
        held_on=made.held_on,
        minutes=made.minutes,
        locale=made.locale,
        sheet=sheet,
        expires_at=expires_at,
    )


def check_answer(question: Question, verdict: str, words: str, *, with_sheet: bool) -> dict[str, DomainError]:
    """Return what an answer lacks, by field: nothing is verified without a sheet, nothing refused without a word."""
    if verdict not in list(Verdict):
        return {"verdict": errors.AnswerMissingError()}
    if len(words) > TEXT_LENGTH:
        return {"words": errors.TextLengthError(length=len(words), most=TEXT_LENGTH)}
    if verdict == Verdict.NO and not words:
        return {"words": errors.ReasonMissingError()}
    if verdict == Verdict.YES and question.sheet is None and not with_sheet:
        return {"sheet": errors.SheetMissingError()}
    return {}


def answer(token: str, verdict: Verdict, words: str, sheet: KeptFile | None) -> bool:
    """Take a contact's answer and use the link up; return False if it does not work (any more).

    A sheet that comes along takes the place of the one that was reported.
    """
    with transaction() as session:
        question = find_question(token)
        made = session.get(MeetingMakeUp, question.make_up_id, with_for_update=True) if question else None
        taken = session.execute(
            update(MakeUpLink)
            .where(MakeUpLink.token_hash == _hash(token), MakeUpLink.used_at.is_(None))
            .values(used_at=now())
            .returning(MakeUpLink.token_hash)
        ).one_or_none()
        if made is None or taken is None or made.state is not MakeUpState.ASKED:
            if sheet is not None:
                expect_sweep()
            return False
        if sheet is not None:
            made.sheet_id = record(
                sheet.blob,
                institute_id=made.institute_id,
                name=sheet.checked.name,
                media_type=sheet.checked.media_type,
                owner_id=None,
            )
        made.state = MakeUpState.VERIFIED if verdict is Verdict.YES else MakeUpState.DECLINED
        made.answered_at, made.answer = now(), words
        session.flush()
        system = Actor(
            institute_id=made.institute_id, person_id=None, door="link", door_key=_hash(token)[:16]
        )
        audit.record(f"make-up.{made.state}", actor=system, subject=("meeting_make_up", made.id))
        cast("Callable[[MeetingMakeUp], None]", current_app.extensions["make_up_answered"])(made)
        return True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
