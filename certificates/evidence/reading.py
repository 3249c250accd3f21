"""Reading what was submitted, without its author's name: what a scorer is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Final

from sqlalchemy import select

from certificates.evidence.items import item_line, items_of
from certificates.evidence.masking import masked, names_in
from certificates.evidence.models import (
    ItemKind,
    Presentation,
    Requirement,
    RequirementId,
    Submission,
    SubmissionFile,
    SubmissionId,
)
from certificates.evidence.pages import PresentationLine, presented
from certificates.evidence.states import SubmissionState
from courses.media import sharing
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.files import cleaning
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import Localised
from institute.people.linking import same_person
from institute.people.models import Person

_CALLED: Final = {"image": "picture", "video": "video", "audio": "sound"}


@dataclass(frozen=True, slots=True)
class PacketFile:
    """A file of a packet. ``name`` is a neutral one ("file-1.pdf"): authors put their names into file names.

    ``kind`` is document, picture, video or sound. ``withdrawn``: somebody shown in it does not agree any more.
    """

    id: StoredFileId
    name: str
    size: int
    media_type: str
    kind: str = "document"
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PacketItem:
    """A link, a plan or a session of a packet; ``rows`` are (what it is, text)."""

    kind: ItemKind
    title: str
    url: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EvidencePacket:
    """One attempt as it was submitted. Nothing in it says whose it is, unless ``seen``: raters were in the room.

    ``language`` is the author's.
    """

    submission_id: SubmissionId
    requirement_id: RequirementId
    requirement_key: str
    requirement_title: Localised
    instructions: Localised
    rubric_key: str | None
    attempt: int
    state: SubmissionState
    text: str
    files: tuple[PacketFile, ...]
    submitted_at: datetime
    items: tuple[PacketItem, ...] = ()
    presentation: PresentationLine | None = None
    language: str = "en"

    @property
    def seen(self) -> bool:
        """Whether those who score it saw whose it is: a presentation is held before them."""
        return self.presentation is not None


def packet(submission_id: SubmissionId, *, institute_id: InstituteId, blind: bool = True) -> EvidencePacket:
    """Return what was submitted; ``blind`` hides its author's name and address in every text.

    Raises NotFoundError if there is none in the institute, or only a draft.
    """
    row = db.session.execute(
        select(Submission, Requirement, Presentation)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(Presentation, Presentation.submission_id == Submission.id)
        .where(
            Submission.id == submission_id,
            Submission.institute_id == institute_id,
            Submission.state != SubmissionState.DRAFT,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    submission, requirement, presentation = row
    assert submission.submitted_at is not None  # noqa: S101  (the table says so)
    hide = hiding(submission.person_id) if blind else str
    return EvidencePacket(
        submission_id=submission.id,
        requirement_id=requirement.id,
        requirement_key=requirement.key,
        requirement_title=requirement.title,
        instructions=requirement.instructions,
        rubric_key=requirement.rubric_key,
        attempt=submission.attempt,
        state=submission.state,
        text=hide(submission.text),
        files=_files(submission.id),
        submitted_at=submission.submitted_at,
        items=_items(submission.id, hide),
        presentation=presented(presentation),
        language=submission.language,
    )


def packet_file(
    submission_id: SubmissionId, file_id: StoredFileId, *, institute_id: InstituteId
) -> PacketFile:
    """Return a file of what was submitted, under its neutral name. Raises NotFoundError."""
    found = packet(submission_id, institute_id=institute_id).files
    for file in found:
        if file.id == file_id:
            return file
    raise NotFoundError


def file_for_rater(
    submission_id: SubmissionId, file_id: StoredFileId, *, institute_id: InstituteId
) -> StoredFile | None:
    """Return the copy of a file that names nobody; None while the worker has not made it, or consent was withdrawn.

    Raises NotFoundError as ``packet_file``.
    """
    if packet_file(submission_id, file_id, institute_id=institute_id).withdrawn:
        return None
    clean = cleaning.clean_of(file_id)
    return None if clean is None else db.session.get(StoredFile, clean)


def hiding(person_id: PersonId) -> Callable[[str], str]:
    """Return what takes a person's name and address out of a text, whichever of their accounts it stands in."""
    people = db.session.execute(
        select(Person.name, Person.email).where(Person.id.in_(same_person(person_id)))
    )
    names: set[str] = set()
    for name, email in people:
        names |= names_in(name)
        names |= {email} if email else set()
    return lambda text: masked(text, names)


def _items(submission_id: SubmissionId, hide: Callable[[str], str]) -> tuple[PacketItem, ...]:
    lines = (item_line(item) for item in items_of([submission_id]).get(submission_id, ()))
    return tuple(
        PacketItem(one.kind, hide(one.title), one.url, tuple((label, hide(text)) for label, text in one.rows))
        for one in lines
    )


def _files(submission_id: SubmissionId) -> tuple[PacketFile, ...]:
    rows = db.session.scalars(
        select(StoredFile)
        .join(SubmissionFile, SubmissionFile.file_id == StoredFile.id)
        .where(SubmissionFile.submission_id == submission_id)
        .order_by(SubmissionFile.position)
    )
    return tuple(neutral_file(number, file) for number, file in enumerate(rows, start=1))


def neutral_file(number: int, file: StoredFile) -> PacketFile:
    """Return a stored file as the so-manyth of a packet."""
    kind = _CALLED.get(file.media_type.partition("/")[0], "document")
    stem = kind if kind in {"video", "sound"} else "file"
    return PacketFile(
        file.id,
        f"{stem}-{number}{PurePath(file.name).suffix.lower()}",
        file.size,
        file.media_type,
        kind,
        withdrawn=sharing.hidden(file.id, institute_id=file.institute_id),
    )
