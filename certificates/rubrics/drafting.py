"""Writing on a rubric: beginning, saving a section, throwing away. Of two who write at once the second sees both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.rubrics.draft_models import Outcome, RubricSave, RubricWriting, SaveId
from certificates.rubrics.errors import (
    RubricKeyError,
    RubricKeyTakenError,
    RubricNotFoundError,
    TextNeededError,
)
from certificates.rubrics.models import Rubric
from certificates.rubrics.queries import draft_of, newest, rubric_of
from certificates.rubrics.sketches import (
    Sketch,
    blank_sketch,
    digest_of,
    document_of,
    read_document,
    sketch_of,
)
from courses.frameworks.naming import is_slug, not_taken, slug_of
from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import DomainError
from institute.i18n import Localised
from institute.people.models import Institute, Person

RESERVED = frozenset({"new", "bring-in"})
"""Words of our own addresses, which name no rubric."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody saved the same section meanwhile. ``theirs`` stands; ``mine`` is in the history too.

    ``author`` is the name of who saved it, None where the person has none, empty where no person did.
    """

    mine: Sketch
    theirs: Sketch
    author: str | None
    at: datetime


def find_writing(key: str, *, institute_id: InstituteId) -> RubricWriting | None:
    """Return what is being written of a rubric, or None."""
    if not is_slug(key):
        return None
    return db.session.scalar(
        select(RubricWriting).where(RubricWriting.institute_id == institute_id, RubricWriting.key == key)
    )


def begin_new(title: str, wished: str, *, copied: str = "", actor: Actor) -> str | DomainError:
    """Begin a rubric, empty or as a copy of the rubric ``copied``; return its key, or what has to be mended.

    Without a ``wished`` key one is made of the title. Raises RubricNotFoundError where there is nothing to copy.
    """
    if not title:
        return TextNeededError()
    with transaction() as session:
        source = session.get_one(Institute, actor.institute_id).name.source
        sketch = _with_usual_levels(blank_sketch(Localised({source: title}, source)), actor, session)
        if copied:
            view = newest(actor.institute_id, copied) if is_slug(copied) else None
            if view is None:
                raise RubricNotFoundError
            copy = sketch_of(draft_of(view))
            sketch = replace(copy, title=Localised({copy.title.source: title}, copy.title.source))
        taken = _keys_taken(actor.institute_id, session)
        key = wished or not_taken(slug_of(title) or "rubric", taken)
        if not is_slug(key):
            return RubricKeyError()
        if key in taken:
            return RubricKeyTakenError(key=key)
        if not begin_with(key, sketch, actor=actor, session=session):
            return RubricKeyTakenError(key=key)
        return key


def begin_version(key: str, *, actor: Actor) -> None:
    """Begin the next version of a rubric. Where somebody writes on it already, nothing changes.

    Raises RubricNotFoundError.
    """
    with transaction() as session:
        if find_writing(key, institute_id=actor.institute_id) is None:
            view = newest(actor.institute_id, key) if is_slug(key) else None
            if view is None:
                raise RubricNotFoundError
            begin_with(key, sketch_of(draft_of(view)), actor=actor, session=session)


def begin_with(key: str, sketch: Sketch, *, actor: Actor, session: Session) -> bool:
    """Store a new draft with its first text; tell whether it is new, and not somebody else's of the same moment."""
    version = session.scalar(
        select(Rubric.version)
        .where(Rubric.institute_id == actor.institute_id, Rubric.key == key)
        .order_by(Rubric.version.desc())
        .limit(1)
    )
    writing_id = session.scalar(
        insert_into(session, RubricWriting)
        .values(
            institute_id=actor.institute_id,
            key=key,
            base_version=version or 0,
            revision=1,
            document=document_of(sketch),
            updated_at=now(),
            updated_by=actor.person_id,
        )
        .on_conflict_do_nothing(index_elements=["institute_id", "key"])
        .returning(RubricWriting.id)
    )
    if writing_id is None:
        return False
    _remember(key, sketch, Outcome.KEPT, actor=actor, session=session)
    audit.record("rubric.begun", actor=actor, subject=("rubric_writing", writing_id))
    return True


def save_section(
    key: str, section: str, change: Callable[[Sketch], Sketch], *, seen: str, actor: Actor
) -> Clash | None:
    """Save what ``change`` makes of a section, written upon the one whose digest is ``seen``; None once it is kept.

    What is unfinished or impossible is kept as well. Where the section became another since, nothing changes and what
    was typed goes into the history. Raises RubricNotFoundError.
    """
    with transaction() as session:
        row = locked(key, actor=actor, session=session)
        present = read_document(row.document)
        wished = change(present)
        if wished == present:
            return None
        if seen != digest_of(present, section):
            _remember(key, wished, Outcome.CLASHED, actor=actor, session=session)
            author = session.get(Person, row.updated_by) if row.updated_by is not None else None
            name = "" if author is None else author.name or None
            return Clash(wished, present, name, row.updated_at)
        keep(row, wished, actor=actor, session=session)
        return None


def change_draft(key: str, change: Callable[[Sketch], Sketch], *, actor: Actor) -> None:
    """Change a draft by something that needs no knowledge of the rest of it. Raises RubricNotFoundError."""
    with transaction() as session:
        row = locked(key, actor=actor, session=session)
        wished = change(read_document(row.document))
        if wished != read_document(row.document):
            keep(row, wished, actor=actor, session=session)


def restore(key: str, save_id: SaveId, *, actor: Actor) -> None:
    """Put a text of the history in the place of the draft, or begin one with it. Raises RubricNotFoundError."""
    with transaction() as session:
        save = session.scalar(
            select(RubricSave).where(
                RubricSave.id == save_id,
                RubricSave.institute_id == actor.institute_id,
                RubricSave.key == key,
            )
        )
        if save is None:
            raise RubricNotFoundError
        put_sketch(key, read_document(save.document), actor=actor)


def put_sketch(key: str, sketch: Sketch, *, actor: Actor) -> None:
    """Make the draft of a rubric say this, whether somebody writes on it already or not."""
    with transaction() as session:
        if find_writing(key, institute_id=actor.institute_id) is None:
            begin_with(key, sketch, actor=actor, session=session)
        else:
            change_draft(key, lambda _present: sketch, actor=actor)


def discard(key: str, *, actor: Actor) -> None:
    """Throw a draft away; what was saved stays in the history. Raises RubricNotFoundError."""
    with transaction() as session:
        row = locked(key, actor=actor, session=session)
        audit.record("rubric.discarded", actor=actor, subject=("rubric_writing", row.id))
        session.delete(row)


def locked(key: str, *, actor: Actor, session: Session) -> RubricWriting:
    """Return a draft of the actor's institute, locked. Raises RubricNotFoundError."""
    row = None
    if is_slug(key):
        row = session.scalar(
            select(RubricWriting)
            .where(RubricWriting.institute_id == actor.institute_id, RubricWriting.key == key)
            .with_for_update()
        )
    if row is None:
        raise RubricNotFoundError
    return row


def keep(row: RubricWriting, sketch: Sketch, *, actor: Actor, session: Session) -> None:
    """Write a sketch into a locked draft and into the history."""
    row.document = document_of(sketch)
    row.revision += 1
    row.updated_at, row.updated_by = now(), actor.person_id
    _remember(row.key, sketch, Outcome.KEPT, actor=actor, session=session)
    audit.record(
        "rubric.saved", actor=actor, subject=("rubric_writing", row.id), details={"to": row.revision}
    )


def _remember(key: str, sketch: Sketch, outcome: Outcome, *, actor: Actor, session: Session) -> None:
    session.add(
        RubricSave(
            institute_id=actor.institute_id,
            key=key,
            outcome=outcome,
            document=document_of(sketch),
            author_id=actor.person_id,
        )
    )
    session.flush()


def _keys_taken(institute_id: InstituteId, session: Session) -> frozenset[str]:
    published = session.scalars(select(Rubric.key).where(Rubric.institute_id == institute_id).distinct())
    written = session.scalars(select(RubricWriting.key).where(RubricWriting.institute_id == institute_id))
    return RESERVED.union(published, written)


def _with_usual_levels(sketch: Sketch, actor: Actor, session: Session) -> Sketch:
    """Return a new sketch with the levels of the rubric that was published last, where they are in its language."""
    last = session.scalar(
        select(Rubric).where(Rubric.institute_id == actor.institute_id).order_by(Rubric.id.desc()).limit(1)
    )
    if last is None or last.title.source != sketch.title.source:
        return sketch
    return replace(
        sketch, levels=sketch_of(draft_of(rubric_of(last.id, institute_id=actor.institute_id))).levels
    )
