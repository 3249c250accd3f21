"""What a participant's pages about evidence show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.evidence.models import Requirement, Submission, SubmissionFile, SubmissionId
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.evidence.states import ENDED, SubmissionState
from certificates.evidence.uploading import digest_of
from certificates.levels.models import Level
from courses.catalogue.naming import is_slug
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class LevelPart:
    """What one level asks for. ``complete`` where everything is accepted, or submitted where nobody scores it."""

    position: int
    name: Localised
    lines: tuple[RequirementStatus, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """All requirements: those of the next level, those of levels after it, those of levels that are complete."""

    enrolment: EnrolmentHere
    following: LevelPart | None
    later: tuple[LevelPart, ...]
    complete: tuple[LevelPart, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as it is listed; ``size`` counts bytes."""

    id: StoredFileId
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt with its files; times stand in the cohort's zone. ``saved_today`` says whether its day is known."""

    id: SubmissionId
    number: int
    state: SubmissionState
    text: str
    saved_at: datetime
    saved_today: bool
    submitted_at: datetime | None
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """One requirement: what is asked for, the latest attempt at it, and those before."""

    enrolment: EnrolmentHere
    key: str
    title: Localised
    instructions: Localised
    level_name: Localised
    most_files: int
    wants_text: bool
    scored: bool
    retired: bool
    latest: Attempt | None
    earlier: tuple[Attempt, ...]

    @property
    def state(self) -> SubmissionState | None:
        """The state of the latest attempt."""
        return self.latest.state if self.latest else None

    @property
    def writable(self) -> bool:
        """Whether something can be written and added now."""
        begun = self.state is SubmissionState.DRAFT or (self.latest is None and not self.retired)
        return begun and self.enrolment.active

    @property
    def sent_back(self) -> bool:
        """Whether a new version can be begun now."""
        return self.state in ENDED and self.enrolment.active

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
        return max(0, self.most_files - len(self.latest.files if self.latest else ()))


def evidence_list(actor: Actor) -> EvidenceList | None:
    """Return all requirements of a participant, or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    states = requirement_states(enrolment.id).values()
    parts = []
    for level in db.session.scalars(
        select(Level).where(Level.institute_id == enrolment.institute_id).order_by(Level.position)
    ):
        lines = tuple(line for line in states if line.level_id == level.id)
        if lines:
            parts.append(LevelPart(level.position, level.name, lines, all(map(_is_met, lines))))
    open_ones = [part for part in parts if not part.complete]
    return EvidenceList(
        enrolment=enrolment,
        following=open_ones[0] if open_ones else None,
        later=tuple(open_ones[1:]),
        complete=tuple(part for part in parts if part.complete),
        zone=ZoneInfo(enrolment.timezone),
    )


def requirement_page(requirement_key: str, *, actor: Actor) -> RequirementPage:
    """Return one requirement of a participant. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
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
    attempts = _attempts(requirement, enrolment)
    if requirement.retired_at is not None and not attempts:
        raise NotFoundError
    return RequirementPage(
        enrolment=enrolment,
        key=requirement.key,
        title=requirement.title,
        instructions=requirement.instructions,
        level_name=level_name,
        most_files=requirement.most_files,
        wants_text=requirement.wants_text,
        scored=requirement.scored,
        retired=requirement.retired_at is not None,
        latest=attempts[0] if attempts else None,
        earlier=tuple(attempts[1:]),
    )


def own_file(requirement_key: str, file_id: int, *, actor: Actor) -> StoredFile:
    """Return a file of one of the actor's own attempts at a requirement. Raises NotFoundError."""
    page = requirement_page(requirement_key, actor=actor)
    attempts = [*page.earlier, *([page.latest] if page.latest else [])]
    if file_id not in {file.id for attempt in attempts for file in attempt.files}:
        raise NotFoundError
    return db.session.get_one(StoredFile, file_id)


def _is_met(line: RequirementStatus) -> bool:
    if line.scored:
        return line.state is SubmissionState.ACCEPTED
    return line.state not in {None, SubmissionState.DRAFT, *ENDED}


def _attempts(requirement: Requirement, enrolment: EnrolmentHere) -> list[Attempt]:
    """Return all attempts, the latest first."""
    submissions = db.session.scalars(
        select(Submission)
        .where(Submission.requirement_id == requirement.id, Submission.enrolment_id == enrolment.id)
        .order_by(Submission.attempt.desc())
    ).all()
    files: dict[SubmissionId, list[FileLine]] = {submission.id: [] for submission in submissions}
    rows = db.session.execute(
        select(SubmissionFile.submission_id, StoredFile.id, StoredFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(SubmissionFile.submission_id.in_(files))
        .order_by(SubmissionFile.submission_id, SubmissionFile.position)
    )
    for submission_id, file_id, name, size in rows:
        files[submission_id].append(FileLine(file_id, name, size))
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
            files=tuple(files[one.id]),
        )
        for one in submissions
    ]
