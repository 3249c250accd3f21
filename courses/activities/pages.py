"""What the pages of the work show: for the person whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courses.activities.attaching import files_of
from courses.activities.desks import find_work, first_text
from courses.activities.history import earlier
from courses.activities.models import MOST_FILES, Outcome, Work
from courses.activities.places import Place, find_place
from courses.catalogue.doing import Way
from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft
from courses.catalogue.markdown import Reading, read
from courses.cohorts.errors import SegmentClosedError
from courses.cohorts.pages import coach_name
from courses.cohorts.ticking import StepAddress
from courses.instruments.filling import AreaPicture, Filled, first_area, open_items, picture_of
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was handed in."""

    id: StoredFileId
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What the work said before, or what came late from another window."""

    text: str
    filled: Filled | None
    clashed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class FilledPage:
    """An instrument with what was filled in, and the picture it gives."""

    instrument: InstrumentDraft
    filled: Filled
    picture: tuple[AreaPicture, ...]
    left: int
    first: InstrumentAreaDraft | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A step and what somebody has for it. ``coach_name`` is None where nobody coaches, empty where none is known."""

    place: Place
    text: str
    reading: Reading | None
    revision: int
    saved_at: datetime | None
    shared: bool
    files: tuple[FileLine, ...]
    room: int
    earlier: tuple[EarlierLine, ...]
    filled: FilledPage | None
    coach_name: str | None

    @property
    def writable(self) -> bool:
        """Whether it can be changed now."""
        there = self.place.way.has_page and not self.place.done and not self.place.closed
        return there and self.place.enrolment.active


def work_page(address: StepAddress, *, actor: Actor) -> WorkPage:
    """Return a step with the actor's own work, which stays to be read if its segment closed meanwhile.

    Raises NotFoundError, SegmentClosedError where nothing was begun.
    """
    place = find_place(address, actor=actor)
    if place.way is Way.TICK:
        raise NotFoundError
    work = find_work(place, db.session())
    if place.closed and work is None:
        raise SegmentClosedError
    files = lines_of(work)
    text = first_text(place) if work is None else work.text
    return WorkPage(
        place=place,
        text=text,
        reading=read(text) if place.way is Way.DOCUMENT else None,
        revision=work.revision if work else 0,
        saved_at=work.saved_at if work else None,
        shared=bool(work and work.shared_at),
        files=files,
        room=MOST_FILES - len(files),
        earlier=_earlier(work),
        filled=filled_page(place.instrument, work) if place.instrument else None,
        coach_name=coach_name(place.enrolment),
    )


def own_file(address: StepAddress, file_id: int, *, actor: Actor) -> StoredFile:
    """Return a file of the actor's own work. Raises NotFoundError."""
    work = find_work(find_place(address, actor=actor), db.session())
    return file_of(work, file_id)


def file_of(work: Work | None, file_id: int) -> StoredFile:
    """Return a file of a work that the caller may read. Raises NotFoundError."""
    for _, file in files_of(work.id, db.session()) if work else []:
        if file.id == file_id:
            return file
    raise NotFoundError


def filled_page(instrument: InstrumentDraft, work: Work | None) -> FilledPage:
    """Return an instrument with what a work holds for it."""
    filled = Filled.of(work.filled if work else None).within(instrument)
    return FilledPage(
        instrument=instrument,
        filled=filled,
        picture=picture_of(instrument, filled),
        left=len(open_items(instrument, filled)),
        first=first_area(instrument, filled),
    )


def lines_of(work: Work | None) -> tuple[FileLine, ...]:
    """Return the files of a work, in order."""
    if work is None:
        return ()
    return tuple(FileLine(file.id, file.name, file.size) for _, file in files_of(work.id, db.session()))


def _earlier(work: Work | None) -> tuple[EarlierLine, ...]:
    """Return what is kept, without what says the same as the work does now."""
    if work is None:
        return ()
    return tuple(
        EarlierLine(
            row.text,
            Filled.of(row.filled) if row.filled is not None else None,
            row.outcome is Outcome.CLASHED,
            row.written_at,
        )
        for row in earlier(work.id, db.session())
        if (row.text, row.filled) != (work.text, work.filled)
    )
