"""Frameworks and vocabularies taken over whole: from a package, or from the institute's folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.frameworks.drafts import ElementDraft, FrameworkDraft, VocabularyDraft, every_element
from courses.frameworks.errors import FrameworkUnsoundError, KeyTakenError
from courses.frameworks.models import (
    Column,
    Element,
    ElementId,
    Framework,
    FrameworkId,
    Kind,
    Save,
    Term,
    Vocabulary,
    VocabularyId,
)
from courses.frameworks.naming import is_free_key
from courses.frameworks.parts import PartRef, Row, begin_row, keep_sheet
from courses.frameworks.queries import keys_taken, load_framework, load_vocabulary
from courses.frameworks.sheets import PartDraft, sheet_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction

DEEPEST: Final = 3  # standards, elements, indicators


def put_framework(draft: FrameworkDraft, *, actor: Actor) -> FrameworkId:
    """Make a framework of the actor's institute say what the draft says, and return its id.

    One that says so already is left alone. Elements and columns that the draft does not name are retired, never
    deleted. Raises FrameworkUnsoundError, KeyTakenError if a vocabulary has its key.
    """
    _refuse_unsound(draft)
    with transaction() as session:
        row = session.scalar(
            select(Framework)
            .where(Framework.institute_id == actor.institute_id, Framework.key == draft.key)
            .with_for_update()
        )
        if row is not None and load_framework(actor.institute_id, draft.key) == draft:
            return row.id
        if row is None:
            _refuse_taken(draft.key, actor)
            row = Framework(institute_id=actor.institute_id, key=draft.key)
        _keep(row, PartRef(Kind.FRAMEWORK, draft.key), draft, actor=actor, session=session)
        _put_columns(row, draft, actor=actor, session=session)
        _put_elements(row, draft, actor=actor, session=session)
        audit.record("framework.put", actor=actor, subject=("framework", row.id))
        return row.id


def put_vocabulary(draft: VocabularyDraft, *, actor: Actor) -> VocabularyId:
    """Make a vocabulary of the actor's institute say what the draft says, and return its id. As ``put_framework``."""
    _refuse_twice([draft.key])
    _refuse_twice([term.key for term in draft.terms])
    with transaction() as session:
        row = session.scalar(
            select(Vocabulary)
            .where(Vocabulary.institute_id == actor.institute_id, Vocabulary.key == draft.key)
            .with_for_update()
        )
        if row is not None and load_vocabulary(actor.institute_id, draft.key) == draft:
            return row.id
        if row is None:
            _refuse_taken(draft.key, actor)
            row = Vocabulary(institute_id=actor.institute_id, key=draft.key)
        _keep(row, PartRef(Kind.VOCABULARY, draft.key), draft, actor=actor, session=session)
        terms = {term.key: term for term in session.scalars(select(Term).where(Term.vocabulary_id == row.id))}
        for position, written in enumerate(draft.terms, start=1):
            term = terms.pop(written.key, None) or Term(vocabulary_id=row.id, key=written.key)
            term.position = position
            _keep(term, PartRef(Kind.TERM, draft.key, written.key), written, actor=actor, session=session)
        _retire_rest(list(terms.values()), after=len(draft.terms))
        audit.record("vocabulary.put", actor=actor, subject=("vocabulary", row.id))
        return row.id


def is_touched(key: str, *, actor: Actor) -> bool:
    """Tell whether a person ever saved anything in this framework or vocabulary of the actor's institute."""
    found = db.session.scalar(
        select(Save.id)
        .where(
            Save.institute_id == actor.institute_id,
            Save.author_id.is_not(None),
            (Save.subject == key) | Save.subject.startswith(f"{key}/", autoescape=True),
        )
        .limit(1)
    )
    return found is not None


def _put_columns(row: Framework, draft: FrameworkDraft, *, actor: Actor, session: Session) -> None:
    columns = {one.key: one for one in session.scalars(select(Column).where(Column.framework_id == row.id))}
    for position, written in enumerate(draft.columns, start=1):
        column = columns.pop(written.key, None) or Column(framework_id=row.id, key=written.key)
        column.position = position
        _keep(column, PartRef(Kind.COLUMN, draft.key, written.key), written, actor=actor, session=session)
    _retire_rest(list(columns.values()), after=len(draft.columns))


def _put_elements(row: Framework, draft: FrameworkDraft, *, actor: Actor, session: Session) -> None:
    known = {one.key: one for one in session.scalars(select(Element).where(Element.framework_id == row.id))}
    used: set[str] = set()

    def put_below(parent: ElementId | None, written: Sequence[ElementDraft]) -> None:
        for position, member in enumerate(written, start=1):
            element = known.get(member.key) or Element(framework_id=row.id, key=member.key)
            element.parent_id, element.position = parent, position
            used.add(member.key)
            _keep(element, PartRef(Kind.ELEMENT, draft.key, member.key), member, actor=actor, session=session)
            put_below(element.id, member.elements)

    put_below(None, draft.elements)
    _retire_rest([one for key, one in known.items() if key not in used], after=len(used))


def _keep(row: Row, ref: PartRef, draft: PartDraft, *, actor: Actor, session: Session) -> None:
    if row.id is None:
        begin_row(row, ref, sheet_of(draft), actor=actor, session=session)
    else:
        keep_sheet(row, ref, sheet_of(draft), actor=actor, session=session)
    row.retired_at = _retired_at(row.retired_at, retired=draft.retired)


def _retired_at(before: datetime | None, *, retired: bool) -> datetime | None:
    return (before or now()) if retired else None


def _retire_rest(rows: Sequence[Column | Element | Term], *, after: int) -> None:
    for position, row in enumerate(sorted(rows, key=lambda one: (one.position, one.id)), start=after + 1):
        row.position = position
        row.retired_at = row.retired_at or now()


def _refuse_taken(key: str, actor: Actor) -> None:
    if key in keys_taken(actor.institute_id):
        raise KeyTakenError(key=key)


def _refuse_unsound(draft: FrameworkDraft) -> None:
    columns = [column.key for column in draft.columns]
    elements = list(every_element(draft.elements))
    _refuse_twice([draft.key])
    _refuse_twice(columns)
    _refuse_twice([element.key for element in elements])
    for element in elements:
        practices = [practice.key for practice in element.practices]
        _refuse_twice(practices)
        for key in practices:
            if key not in columns:
                raise FrameworkUnsoundError(key=f"{draft.key}/{element.key}/{key}")
    if not draft.audiences or _depth(draft.elements) > DEEPEST:
        raise FrameworkUnsoundError(key=draft.key)


def _refuse_twice(keys: Sequence[str]) -> None:
    for place, key in enumerate(keys):
        if not is_free_key(key) or key in keys[:place]:
            raise FrameworkUnsoundError(key=key)


def _depth(elements: Sequence[ElementDraft]) -> int:
    return max((1 + _depth(element.elements) for element in elements), default=0)
