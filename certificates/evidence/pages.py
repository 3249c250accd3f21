"""What the pages of whoever hands in evidence show: one requirement with its attempts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.evidence.hands import OWN, Hands
from certificates.evidence.items import ItemLine, Offered, item_line, items_of, offered
from certificates.evidence.models import (
    ItemKind,
    Owner,
    Presentation,
    Requirement,
    RequirementKind,
    Submission,
    SubmissionFile,
    SubmissionId,
)
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.evidence.renewing import attempts_of, refusal_of
from certificates.evidence.states import SENT_BACK, SubmissionState
from certificates.evidence.uploading import digest_of
from certificates.levels.models import Level
from courses.catalogue.naming import is_slug
from courses.cohorts.queries import EnrolmentHere
from courses.media import sharing
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as it is listed; ``size`` counts bytes.

    ``clip_id`` is where its owner names who is shown in it; ``shareable`` whether everybody agrees.
    """

    id: StoredFileId
    name: str
    size: int
    media_type: str
    clip_id: int | None = None
    shareable: bool = True

    @property
    def is_recording(self) -> bool:
        """Whether it is film or sound."""
        return sharing.is_recording(self.media_type)


@dataclass(frozen=True, slots=True)
class PresentationLine:
    """When and where a presentation takes place, on the clock of its zone."""

    starts: datetime
    minutes: int
    zone: str
    place: str
    link: str
    held_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt with what belongs to it; times stand in the cohort's zone. ``saved_today``: its day is known."""

    id: SubmissionId
    number: int
    state: SubmissionState
    text: str
    saved_at: datetime
    saved_today: bool
    submitted_at: datetime | None
    author: str
    files: tuple[FileLine, ...]
    items: tuple[ItemLine, ...]
    presentation: PresentationLine | None


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """One requirement: what is asked for, the latest attempt at it, and those before.

    ``name`` is whose evidence it is, empty for one's own; ``others`` are the titles of what may be handed in instead.
    ``refusal`` is what keeps another attempt from being made after one that came back.
    """

    enrolment: EnrolmentHere
    hands: Hands
    name: str
    asked: Requirement
    level_name: Localised
    standing: RequirementStatus | None
    others: tuple[tuple[str, Localised], ...]
    attempts: int | None
    offered: tuple[Offered, ...]
    refusal: DomainError | None
    latest: Attempt | None
    earlier: tuple[Attempt, ...]

    @property
    def key(self) -> str:
        """The requirement's key."""
        return self.asked.key

    @property
    def route(self) -> dict[str, Any]:
        """What the addresses of this page's routes are made with."""
        return self.hands.route(self.key)

    def file_route(self, file_id: int) -> dict[str, Any]:
        """What the addresses of the routes of a file are made with."""
        return self.route | {self.hands.names.file: file_id}

    def item_route(self, item_id: int) -> dict[str, Any]:
        """What the addresses of the routes of an item are made with."""
        return self.route | {self.hands.names.item: item_id}

    @property
    def mine(self) -> bool:
        """Whether it is the reader's to hand in."""
        return self.asked.owner is self.hands.owner

    @property
    def presents(self) -> bool:
        """Whether it is a presentation: that is submitted by taking place."""
        return self.asked.kind is RequirementKind.PRESENTATION

    @property
    def state(self) -> SubmissionState | None:
        """The state of the latest attempt."""
        return self.latest.state if self.latest else None

    @property
    def writable(self) -> bool:
        """Whether something can be written and added now."""
        begun = self.state is SubmissionState.DRAFT or (self.latest is None and self.asked.retired_at is None)
        return begun and self.mine and self.asked.asks and self.hands.may_write(self.enrolment.state)

    @property
    def sent_back(self) -> bool:
        """Whether a new version can be begun now."""
        came_back = self.state in SENT_BACK and self.refusal is None
        return came_back and self.mine and self.hands.may_write(self.enrolment.state)

    @property
    def text(self) -> str:
        """The text of the latest attempt."""
        return self.latest.text if self.latest else ""

    @property
    def base(self) -> str:
        """The digest of that text, for the form."""
        return digest_of(self.text)

    @property
    def room(self) -> int:
        """How many files more can be added."""
        return max(0, self.asked.most_files - len(self.latest.files if self.latest else ()))

    @property
    def room_for_links(self) -> int:
        """How many links more can be added."""
        links = [one for one in (self.latest.items if self.latest else ()) if one.kind is ItemKind.LINK]
        return max(0, self.asked.most_links - len(links))


def requirement_page(requirement_key: str, *, actor: Actor, hands: Hands = OWN) -> RequirementPage:
    """Return one requirement of an enrolment as its reader may see it: drafts are their owner's alone.

    The coach and the office see what they hand in themselves, and nothing else. Raises NotFoundError.
    """
    enrolment = hands.enrolment(actor)
    if not is_slug(requirement_key):
        raise NotFoundError
    row = db.session.execute(
        select(Requirement, Level.name)
        .join(Level, Level.id == Requirement.level_id)
        .where(Requirement.institute_id == enrolment.institute_id, Requirement.key == requirement_key)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    requirement, level_name = row
    if hands.owner is not Owner.CANDIDATE and requirement.owner is not hands.owner:
        raise NotFoundError
    attempts = _attempts(requirement, enrolment, drafts=requirement.owner is hands.owner)
    if requirement.retired_at is not None and not attempts:
        raise NotFoundError
    states = requirement_states(enrolment.id)
    page = RequirementPage(
        enrolment=enrolment,
        hands=hands,
        name="" if hands is OWN else _name_of(enrolment),
        asked=requirement,
        level_name=level_name,
        standing=states.get(requirement.key),
        others=_others(requirement, states),
        attempts=attempts_of(requirement),
        offered=(),
        refusal=_refusal(requirement, attempts[0]) if attempts else None,
        latest=attempts[0] if attempts else None,
        earlier=tuple(attempts[1:]),
    )
    if requirement.takes_items and page.writable:
        return replace(page, offered=offered(enrolment.id, hands.owner))
    return page


def own_file(requirement_key: str, file_id: int, *, actor: Actor, hands: Hands = OWN) -> StoredFile:
    """Return a file of one of the attempts at a requirement that the actor may see. Raises NotFoundError."""
    page = requirement_page(requirement_key, actor=actor, hands=hands)
    attempts = [*page.earlier, *([page.latest] if page.latest else [])]
    if file_id not in {file.id for attempt in attempts for file in attempt.files}:
        raise NotFoundError
    return db.session.get_one(StoredFile, file_id)


def _refusal(requirement: Requirement, latest: Attempt) -> DomainError | None:
    if latest.state not in SENT_BACK:
        return None
    session = db.session()
    return refusal_of(requirement, session.get_one(Submission, latest.id), session)


def _others(
    requirement: Requirement, states: Mapping[str, RequirementStatus]
) -> tuple[tuple[str, Localised], ...]:
    if requirement.choice is None:
        return ()
    return tuple(
        (key, one.title)
        for key, one in states.items()
        if key != requirement.key and (one.level_id, one.choice) == (requirement.level_id, requirement.choice)
    )


def _name_of(enrolment: EnrolmentHere) -> str:
    person = db.session.get_one(Person, enrolment.person_id)
    return name_or_number(person.name, person.id)


def _attempts(requirement: Requirement, enrolment: EnrolmentHere, *, drafts: bool) -> list[Attempt]:
    """Return all attempts, the latest first; without ``drafts`` those alone that were handed in, or are scheduled."""
    rows = db.session.execute(
        select(Submission, Person.name, Presentation)
        .join(Person, Person.id == Submission.author_id)
        .outerjoin(Presentation, Presentation.submission_id == Submission.id)
        .where(Submission.requirement_id == requirement.id, Submission.enrolment_id == enrolment.id)
        .order_by(Submission.attempt.desc())
    ).all()
    seen = [row for row in rows if drafts or row[0].state is not SubmissionState.DRAFT]
    numbers = [row[0].id for row in seen]
    files, items = _files(numbers), items_of(numbers)
    zone = ZoneInfo(enrolment.timezone)
    return [
        Attempt(
            id=one.id,
            number=one.attempt,
            state=one.state,
            text=one.text,
            saved_at=one.saved_at.astimezone(zone),
            saved_today=one.saved_at.astimezone(zone).date() == now().astimezone(zone).date(),
            submitted_at=one.submitted_at.astimezone(zone) if one.submitted_at else None,
            author=name_or_number(name, one.author_id),
            files=tuple(files.get(one.id, ())),
            items=tuple(item_line(item) for item in items.get(one.id, ())),
            presentation=presented(presentation),
        )
        for one, name, presentation in seen
    ]


def presented(row: Presentation | None) -> PresentationLine | None:
    """Return a presentation as pages show it, None where there is none."""
    return None if row is None else presentation_line(row)


def presentation_line(row: Presentation) -> PresentationLine:
    """Return a presentation as pages show it."""
    zone = ZoneInfo(row.zone)
    return PresentationLine(
        row.starts_at.astimezone(zone), row.minutes, row.zone, row.place, row.link, row.held_at
    )


def _files(submissions: list[SubmissionId]) -> dict[SubmissionId, list[FileLine]]:
    found: dict[SubmissionId, list[FileLine]] = {}
    if not submissions:
        return found
    rows = db.session.execute(
        select(SubmissionFile.submission_id, StoredFile)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(SubmissionFile.submission_id.in_(submissions))
        .order_by(SubmissionFile.submission_id, SubmissionFile.position)
    )
    for submission_id, file in rows:
        found.setdefault(submission_id, []).append(_file_line(file))
    return found


def _file_line(file: StoredFile) -> FileLine:
    if not sharing.is_recording(file.media_type):
        return FileLine(file.id, file.name, file.size, file.media_type)
    clip = sharing.clip_of(file.id, institute_id=file.institute_id)
    agreed = sharing.shareable(file.id, institute_id=file.institute_id)
    return FileLine(
        file.id, file.name, file.size, file.media_type, clip.id if clip else None, shareable=agreed
    )
