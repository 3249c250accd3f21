"""Saving the form of one part. What comes too late changes nothing, and is kept beside what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.frameworks.errors import KeyMalformedError, KeyTakenError, TooDeepError
from courses.frameworks.keeping import DEEPEST
from courses.frameworks.models import (
    Column,
    Element,
    Framework,
    Kind,
    Outcome,
    Save,
    Term,
    Vocabulary,
)
from courses.frameworks.naming import RESERVED, is_free_key
from courses.frameworks.parts import (
    PartRef,
    Row,
    begin_row,
    find_group,
    find_part,
    keep_sheet,
    remember,
    sheet_of_row,
)
from courses.frameworks.queries import keys_taken
from courses.frameworks.sheets import Sheet
from courses.frameworks.typed import Typed, check_typed, suggested_key, text_specs
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import DomainError
from institute.people.models import Institute, Person


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody saved meanwhile. ``theirs`` stands; ``mine`` is in the history too.

    ``author`` is the name of who saved it, None where the person has none, empty where no person did.
    """

    mine: Sheet
    theirs: Sheet
    author: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Saving:
    """How saving went: the part's key and revision, or what has to be mended, or what it clashed with."""

    key: str = ""
    revision: int = 0
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    clash: Clash | None = None

    @property
    def kept(self) -> bool:
        """Whether what was typed stands there now."""
        return not self.problems and self.clash is None


def save_part(ref: PartRef, typed: Typed, *, revision: int, actor: Actor) -> Saving:
    """Save what was typed on ``revision`` of a part. Raises NotFoundError.

    Where the part became another since, what was typed goes into the history and nothing changes, unless it says the
    same as what stands there.
    """
    with transaction() as session:
        row = find_part(ref, actor=actor, session=session, lock=True)
        before = sheet_of_row(row, session=session)
        specs = text_specs(columns_of(row, session=session))
        checked = check_typed(typed, ref.kind, specs, before=before, source=before.title.source)
        if checked.sheet is None:
            return Saving(ref.key or ref.group, row.revision, checked.problems)
        if row.revision != revision and checked.sheet != before:
            remember(ref, checked.sheet, Outcome.CLASHED, max(revision, 1), actor=actor, session=session)
            return Saving(
                ref.key or ref.group, row.revision, clash=_clash(ref, checked.sheet, before, actor, session)
            )
        if keep_sheet(row, ref, checked.sheet, actor=actor, session=session):
            audit.record(
                f"{ref.kind}.saved", actor=actor, subject=(ref.kind, row.id), details={"to": row.revision}
            )
        return Saving(ref.key or ref.group, row.revision)


def add_group(kind: Kind, typed: Typed, *, actor: Actor) -> Saving:
    """Make a new framework or vocabulary of what was typed."""
    source = source_language(actor)
    checked = check_typed(typed, kind, text_specs(), before=None, source=source)
    with transaction() as session:
        key, problems = _chosen_key(typed, keys_taken(actor.institute_id), source, kind)
        problems |= checked.problems
        if checked.sheet is None or problems:
            return Saving(typed.key, 0, problems)
        row: Row = (
            Framework(institute_id=actor.institute_id, key=key)
            if kind is Kind.FRAMEWORK
            else Vocabulary(institute_id=actor.institute_id, key=key)
        )
        begin_row(row, PartRef(kind, key), checked.sheet, actor=actor, session=session)
        audit.record(f"{kind}.added", actor=actor, subject=(kind, row.id))
        return Saving(key, row.revision)


def add_part(kind: Kind, group_key: str, typed: Typed, *, below: str = "", actor: Actor) -> Saving:
    """Make a new column, element or term of what was typed, as the last of its list.

    ``below`` is the key of the element that a new one stands below. Raises NotFoundError, TooDeepError.
    """
    with transaction() as session:
        group = find_group(kind, group_key, actor=actor, session=session, lock=True)
        row = _new_row(kind, group, below, actor=actor, session=session)
        specs = text_specs(columns_of(row, session=session))
        checked = check_typed(typed, kind, specs, before=None, source=group.title.source)
        taken = _keys_in(kind, group, session=session)
        key, problems = _chosen_key(typed, taken, group.title.source, kind)
        problems |= checked.problems
        if checked.sheet is None or problems:
            return Saving(typed.key, 0, problems)
        row.key = key
        begin_row(row, PartRef(kind, group_key, key), checked.sheet, actor=actor, session=session)
        audit.record(f"{kind}.added", actor=actor, subject=(kind, row.id))
        return Saving(key, row.revision)


def depth_of(element: Element | None, *, session: Session) -> int:
    """Return how deep an element stands: 1 for a standard, 0 for None."""
    depth = 0
    while element is not None:
        depth += 1
        element = session.get(Element, element.parent_id) if element.parent_id is not None else None
    return depth


def columns_of(row: Row, *, session: Session) -> list[str]:
    """Return the keys of the columns at which an element may say how it looks; none for anything else."""
    if not isinstance(row, Element):
        return []
    columns = select(Column.key).where(Column.framework_id == row.framework_id, Column.retired_at.is_(None))
    return list(session.scalars(columns.order_by(Column.position, Column.id)))


def source_language(actor: Actor) -> str:
    """Return the language that the institute's texts are translated from."""
    return db.session.get_one(Institute, actor.institute_id).name.source


def _new_row(
    kind: Kind, group: Framework | Vocabulary, below: str, *, actor: Actor, session: Session
) -> Column | Element | Term:
    if isinstance(group, Vocabulary):
        terms = select(Term.position).where(Term.vocabulary_id == group.id)
        return Term(vocabulary_id=group.id, position=max(session.scalars(terms), default=0) + 1)
    if kind is Kind.COLUMN:
        columns = select(Column.position).where(Column.framework_id == group.id)
        return Column(framework_id=group.id, position=max(session.scalars(columns), default=0) + 1)
    parent = None
    if below:
        found = find_part(PartRef(Kind.ELEMENT, group.key, below), actor=actor, session=session)
        parent = found if isinstance(found, Element) else None
    if depth_of(parent, session=session) >= DEEPEST:
        raise TooDeepError
    parent_id = parent.id if parent is not None else None
    beside = select(Element.position).where(
        Element.framework_id == group.id, Element.parent_id.is_not_distinct_from(parent_id)
    )
    return Element(
        framework_id=group.id, parent_id=parent_id, position=max(session.scalars(beside), default=0) + 1
    )


def _keys_in(kind: Kind, group: Framework | Vocabulary, *, session: Session) -> set[str]:
    if isinstance(group, Vocabulary):
        return set(session.scalars(select(Term.key).where(Term.vocabulary_id == group.id)))
    if kind is Kind.COLUMN:
        return set(session.scalars(select(Column.key).where(Column.framework_id == group.id)))
    return set(session.scalars(select(Element.key).where(Element.framework_id == group.id)))


def _chosen_key(typed: Typed, taken: set[str], source: str, kind: Kind) -> tuple[str, dict[str, DomainError]]:
    """Return the key that was wished for, or one made of the title, and what is wrong with it."""
    if not typed.key:
        unfree = frozenset(taken | RESERVED)
        return suggested_key(typed, source=source, taken=unfree, otherwise=kind.value), {}
    if typed.key in taken or typed.key in RESERVED:
        return "", {"key": KeyTakenError(key=typed.key)}
    if not is_free_key(typed.key):
        return "", {"key": KeyMalformedError()}
    return typed.key, {}


def _clash(ref: PartRef, mine: Sheet, theirs: Sheet, actor: Actor, session: Session) -> Clash:
    newest = session.execute(
        select(Save.at, Save.author_id, Person.name)
        .outerjoin(Person, Person.id == Save.author_id)
        .where(
            Save.institute_id == actor.institute_id,
            Save.kind == ref.kind,
            Save.subject == ref.subject,
            Save.outcome == Outcome.KEPT,
        )
        .order_by(Save.id.desc())
        .limit(1)
    ).one()
    author = "" if newest.author_id is None else newest.name or None
    return Clash(mine, theirs, author, newest.at)
