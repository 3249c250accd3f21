"""What a participant does at their desk: save, share, hand in, say that it is done, and take that back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from courses.activities.attaching import add_files, drop_file
from courses.activities.completing import gaps_of, put_into_plan
from courses.activities.desks import WRITTEN, Desk, first_text, open_desk
from courses.activities.errors import OffTheScaleError, SamePlaceError, TextTooLongError, WorkDoneError
from courses.activities.handing import Handed
from courses.activities.history import keep_before, keep_clashed, keep_standing
from courses.activities.models import LONGEST_TEXT
from courses.catalogue.doing import Way
from courses.cohorts import ticking
from courses.cohorts.ticking import StepAddress
from courses.instruments.filling import LONGEST_ANSWER, Filled, Read, read_form
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.files.models import StoredFileId

FILES: Final = "files"
Problems = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving went. ``problems`` are (field id, sentence); what they are not about was saved.

    ``clashed``: another window saved before. Nothing was overwritten; what came late is kept beside it.
    ``ended``: the step is done, so what came is kept in the history alone.
    """

    revision: int = 0
    at: datetime | None = None
    problems: Problems = ()
    clashed: bool = False
    ended: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything that the form brought was saved."""
        return not (self.problems or self.clashed or self.ended)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a form wants the work to say."""

    text: str
    filled: dict[str, Any] | None
    problems: Problems = field(default=())


def save_work(address: StepAddress, handed: Handed, *, actor: Actor) -> Saved:
    """Save what a form brought for a step; the first saving begins the work.

    Raises NotFoundError if the actor's programme has no such step, WorkClosedError if their enrolment is not active,
    NothingToWriteError if the step is a plain tick, SegmentClosedError.
    """
    with transaction() as session:
        return _save(open_desk(address, session=session, actor=actor), handed)


def finish_work(address: StepAddress, handed: Handed, *, actor: Actor) -> Saved:
    """Save what a form brought, and tick the step if nothing is missing. Raises as ``save_work``.

    The areas that an assessment put in order become goals of the plan in the same transaction.
    """
    with transaction() as session:
        desk = open_desk(address, session=session, actor=actor)
        saved = _save(desk, handed)
        if desk.place.done or not saved.whole:
            return saved
        gaps = gaps_of(desk)
        if gaps:
            return Saved(saved.revision, saved.at, gaps)
        if desk.work is not None:
            keep_standing(desk.work, session=session)
        put_into_plan(desk)
        ticking.tick(desk.enrolment.id, address, actor=actor)
        audit.record("work.done", actor=actor, subject=("step", desk.place.step.id))
        return saved


def reopen_work(address: StepAddress, *, actor: Actor) -> None:
    """Take back that a step is done; what was written stays. Raises as ``save_work``."""
    with transaction() as session:
        desk = open_desk(address, session=session, actor=actor)
        if desk.place.done:
            ticking.untick(desk.enrolment.id, address, actor=actor)
            audit.record("work.reopened", actor=actor, subject=("step", desk.place.step.id))


def share_work(address: StepAddress, *, shared: bool, actor: Actor) -> None:
    """Let today's coach read the work, or take that back, also once it is done. Raises as ``save_work``."""
    with transaction() as session:
        _share(open_desk(address, session=session, actor=actor), shared)


def remove_file(address: StepAddress, file_id: StoredFileId, handed: Handed, *, actor: Actor) -> Saved:
    """Take a file out of the work, and save what else the form brought.

    Raises as ``save_work``, NotFoundError if the work has no such file, WorkDoneError once it is done.
    """
    with transaction() as session:
        desk = open_desk(address, session=session, actor=actor)
        if desk.place.done:
            raise WorkDoneError
        drop_file(desk.begin(), file_id, session=session)
        return _save(desk, handed)


def _save(desk: Desk, handed: Handed) -> Saved:
    content = _content(desk, handed)
    stands = _standing(desk)
    wanted = (content.text, content.filled)
    is_new = wanted != stands
    if len(content.text) > LONGEST_TEXT:
        return Saved(desk.revision, None, content.problems)
    if is_new and (desk.place.done or handed.revision != desk.revision):
        keep_clashed(desk.begin(), content.text, content.filled, session=desk.session)
        return Saved(
            desk.revision, None, content.problems, clashed=not desk.place.done, ended=desk.place.done
        )
    problems = list(content.problems)
    if is_new:
        number = desk.revision + 1
        work = desk.begin()
        keep_before(work, content.text, session=desk.session)
        work.text, work.filled, work.revision, work.saved_at = content.text, content.filled, number, now()
    if handed.shared is not None and not desk.place.done:
        _share(desk, handed.shared)
    if desk.place.way is Way.UPLOAD and not desk.place.done:
        problems += [(FILES, error.text) for error in handed.refused]
        if handed.kept:
            work = desk.begin()
            owner = desk.place.enrolment.person_id
            refused = add_files(work, handed.kept, owner_id=owner, session=desk.session)
            problems += [(FILES, text) for text in refused]
            work.saved_at = now()
    return Saved(desk.revision, desk.work.saved_at if desk.work else None, tuple(problems))


def _standing(desk: Desk) -> tuple[str, dict[str, Any] | None]:
    if desk.work is not None:
        return desk.work.text, desk.work.filled
    nothing = Filled().document() if desk.place.way is Way.ASSESS else None
    return first_text(desk.place), nothing


def _content(desk: Desk, handed: Handed) -> _Content:
    """Return what a form wants the work to say; what cannot be stays as it stands."""
    text, filled = _standing(desk)
    if desk.place.way in WRITTEN:
        text = handed.text if "text" in handed.fields else text
        too_long = TextTooLongError(length=len(text), most=LONGEST_TEXT)
        return _Content(text, filled, (("text", too_long.text),) if len(text) > LONGEST_TEXT else ())
    if desk.place.instrument is None:
        return _Content(text, filled)
    stored, read = Filled.of(filled), read_form(desk.place.instrument, handed.fields)
    kept = {key: value for key, value in stored.ratings.items() if f"item-{key}" in read.off_scale}
    long = dict(read.too_long)
    answers = tuple(
        text
        if f"answer-{number}" in handed.fields and number not in long
        else "".join(stored.answers[number - 1 : number])
        for number, text in enumerate(read.filled.answers, start=1)
    )
    asked = any(name.startswith("place-") for name in handed.fields)
    order = read.filled.order if asked and not read.twice else stored.order
    wanted = Filled({**kept, **read.filled.ratings}, order, answers)
    return _Content(text, wanted.document(), _problems(read))


def _problems(read: Read) -> Problems:
    return (
        *((name, OffTheScaleError().text) for name in read.off_scale),
        *(("places", SamePlaceError(place=place).text) for place in read.twice),
        *(
            (f"answer-{number}", TextTooLongError(length=length, most=LONGEST_ANSWER).text)
            for number, length in read.too_long
        ),
    )


def _share(desk: Desk, shared: bool) -> None:
    if not shared and desk.work is None:
        return
    work = desk.begin()
    if shared != (work.shared_at is not None):
        work.shared_at = now() if shared else None
        audit.record(
            "work.shared" if shared else "work.unshared", actor=desk.actor, subject=("work", work.id)
        )
