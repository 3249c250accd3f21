"""The rows behind a sheet: finding the part that a form is about, reading it as a sheet and writing one into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.frameworks.models import (
    Audience,
    Column,
    Element,
    Framework,
    Kind,
    Outcome,
    Practice,
    Save,
    Term,
    Vocabulary,
)
from courses.frameworks.naming import is_slug
from courses.frameworks.sheets import PRACTICE, Sheet, document_of
from institute.actors import Actor
from institute.clock import now
from institute.errors import NotFoundError
from institute.i18n import Localised

Row: TypeAlias = Framework | Column | Element | Vocabulary | Term


@dataclass(frozen=True, slots=True)
class PartRef:
    """Names a part: ``group`` is the key of the framework or vocabulary, ``key`` that of what stands in it."""

    kind: Kind
    group: str
    key: str = ""

    @property
    def subject(self) -> str:
        """The address under which its texts are kept."""
        return f"{self.group}/{self.key}" if self.key else self.group


def find_group(
    kind: Kind, key: str, *, actor: Actor, session: Session, lock: bool = False
) -> Framework | Vocabulary:
    """Return the framework or the vocabulary that a part of ``kind`` belongs to. Raises NotFoundError.

    Whoever changes anything in it locks it first, so that two authors do so one after the other.
    """
    if not is_slug(key):
        raise NotFoundError
    found: Framework | Vocabulary | None
    if kind in {Kind.VOCABULARY, Kind.TERM}:
        vocabularies = select(Vocabulary).where(
            Vocabulary.institute_id == actor.institute_id, Vocabulary.key == key
        )
        found = session.scalar(vocabularies.with_for_update() if lock else vocabularies)
    else:
        frameworks = select(Framework).where(
            Framework.institute_id == actor.institute_id, Framework.key == key
        )
        found = session.scalar(frameworks.with_for_update() if lock else frameworks)
    if found is None:
        raise NotFoundError
    return found


def find_part(ref: PartRef, *, actor: Actor, session: Session, lock: bool = False) -> Row:
    """Return the row of a part of the actor's institute. Raises NotFoundError."""
    group = find_group(ref.kind, ref.group, actor=actor, session=session, lock=lock)
    if ref.kind in {Kind.FRAMEWORK, Kind.VOCABULARY}:
        return group
    if not is_slug(ref.key):
        raise NotFoundError
    found: Row | None
    if ref.kind is Kind.TERM:
        found = session.scalar(select(Term).where(Term.vocabulary_id == group.id, Term.key == ref.key))
    elif ref.kind is Kind.COLUMN:
        found = session.scalar(select(Column).where(Column.framework_id == group.id, Column.key == ref.key))
    else:
        found = session.scalar(
            select(Element).where(Element.framework_id == group.id, Element.key == ref.key)
        )
    if found is None:
        raise NotFoundError
    return found


def sheet_of_row(row: Row, *, session: Session) -> Sheet:
    """Return what a part says at present."""
    texts: dict[str, Localised] = {"title": row.title}
    if row.description is not None:
        texts["description"] = row.description
    facts: dict[str, str] = {}
    if isinstance(row, Framework):
        facts = {"version": row.version, "audiences": " ".join(row.audiences)}
    elif isinstance(row, Element):
        facts = {"code": row.code}
        practices = (
            select(Column.key, Practice.text)
            .join(Practice, Practice.column_id == Column.id)
            .where(Practice.element_id == row.id)
            .order_by(Column.position, Column.id)
        )
        texts |= {f"{PRACTICE}{key}": text for key, text in session.execute(practices)}
    return Sheet(texts, {name: value for name, value in facts.items() if value})


def fill_row(row: Row, sheet: Sheet) -> None:
    """Write a sheet into its row. Practices are rows of their own: see ``keep_sheet``."""
    row.title = sheet.title
    row.description = sheet.texts.get("description")
    if isinstance(row, Framework):
        row.version = sheet.facts.get("version", "")
        chosen = sheet.facts.get("audiences", "").split()
        row.for_coaches = Audience.COACH in chosen
        row.for_educators = Audience.EDUCATOR in chosen
        row.for_leaders = Audience.LEADER in chosen
    elif isinstance(row, Element):
        row.code = sheet.facts.get("code", "")


def begin_row(row: Row, ref: PartRef, sheet: Sheet, *, actor: Actor, session: Session) -> None:
    """Store a new row with its first text. Its key and its place stand in it already."""
    fill_row(row, sheet)
    row.revision = 1
    session.add(row)
    session.flush()
    if isinstance(row, Element) and sheet.practices:
        _write_practices(row, sheet.practices, session=session)
    remember(ref, sheet, Outcome.KEPT, row.revision, actor=actor, session=session)


def keep_sheet(row: Row, ref: PartRef, sheet: Sheet, *, actor: Actor, session: Session) -> bool:
    """Write a sheet into a stored row and into the history; return whether anything became another."""
    before = sheet_of_row(row, session=session)
    if before == sheet:
        return False
    fill_row(row, sheet)
    if isinstance(row, Element) and before.practices != sheet.practices:
        _write_practices(row, sheet.practices, session=session)
    row.revision += 1
    remember(ref, sheet, Outcome.KEPT, row.revision, actor=actor, session=session)
    return True


def remember(
    ref: PartRef, sheet: Sheet, outcome: Outcome, revision: int, *, actor: Actor, session: Session
) -> None:
    """Write a saved text into the history."""
    session.add(
        Save(
            institute_id=actor.institute_id,
            kind=ref.kind,
            subject=ref.subject,
            revision=revision,
            outcome=outcome,
            document=document_of(sheet),
            author_id=actor.person_id,
            at=now(),
        )
    )


def _write_practices(row: Element, practices: Mapping[str, Localised], *, session: Session) -> None:
    columns = {
        column.key: column.id
        for column in session.scalars(select(Column).where(Column.framework_id == row.framework_id))
    }
    session.execute(delete(Practice).where(Practice.element_id == row.id))
    session.add_all(
        Practice(framework_id=row.framework_id, element_id=row.id, column_id=columns[key], text=text)
        for key, text in practices.items()
        if key in columns
    )
