"""The order of columns, elements and terms, and what is retired, brought back or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.frameworks.alignments import aligned_to
from courses.frameworks.errors import StillUsedError, TooDeepError
from courses.frameworks.keeping import DEEPEST
from courses.frameworks.models import Column, Element, Framework, Term, Vocabulary
from courses.frameworks.parts import PartRef, Row, find_part
from courses.frameworks.saving import depth_of
from institute import audit
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import transaction
from institute.errors import InvalidError
from institute.i18n import lazy_gettext


class Direction(StrEnum):
    """Where something is moved: beside what is next to it, below what stands before it, or out of what it is in."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


class Change(StrEnum):
    """What is done with a part as a whole."""

    RETIRE = "retire"
    RESTORE = "restore"
    DELETE = "delete"


class WishUnknownError(InvalidError):
    """The form asks for something that there is no button for."""

    code = "FRAMEWORK-WISH"
    sentence = lazy_gettext("This button is not known here.")


def read_direction(value: str) -> Direction:
    """Return a direction. Raises WishUnknownError."""
    if value not in list(Direction):
        raise WishUnknownError
    return Direction(value)


def read_change(value: str) -> Change:
    """Return a change. Raises WishUnknownError."""
    if value not in list(Change):
        raise WishUnknownError
    return Change(value)


def move_part(ref: PartRef, direction: Direction, *, actor: Actor) -> None:
    """Move a column, an element or a term by one place; at the end of its list it stays where it is.

    Raises NotFoundError, TooDeepError if indicators would get something below them.
    """
    with transaction() as session:
        row = find_part(ref, actor=actor, session=session, lock=True)
        if isinstance(row, (Framework, Vocabulary)):
            return
        beside = _beside(row, session=session)
        place = beside.index(row)
        if direction in {Direction.UP, Direction.DOWN}:
            other = place - 1 if direction is Direction.UP else place + 1
            if not 0 <= other < len(beside):
                return
            beside[place], beside[other] = beside[other], beside[place]
            _number(beside)
        elif not isinstance(row, Element):
            return
        elif direction is Direction.IN:
            _move_in(row, beside[:place], session=session)
        else:
            _move_out(row, session=session)
        audit.record(f"{ref.kind}.moved", actor=actor, subject=(ref.kind, row.id))


def change_part(ref: PartRef, change: Change, *, actor: Actor) -> None:
    """Retire a part, bring it back, or delete it. Raises NotFoundError, StillUsedError.

    Deleted is only what nothing refers to; what was saved for it stays in the history.
    """
    with transaction() as session:
        row = find_part(ref, actor=actor, session=session, lock=True)
        if change is Change.DELETE:
            if is_used(ref, row, actor=actor, session=session):
                raise StillUsedError
            session.delete(row)
        elif change is Change.RETIRE:
            row.retired_at = row.retired_at or now()
        else:
            row.retired_at = None
        audit.record(f"{ref.kind}.{change}", actor=actor, subject=(ref.kind, row.id))


def is_used(ref: PartRef, row: Row, *, actor: Actor, session: Session) -> bool:
    """Tell whether anything that authors wrote refers to a part or to what stands below it."""
    if isinstance(row, Column):
        return False
    keys: Sequence[str] = [ref.key]
    if isinstance(row, Framework):
        keys = session.scalars(select(Element.key).where(Element.framework_id == row.id)).all()
    elif isinstance(row, Vocabulary):
        keys = session.scalars(select(Term.key).where(Term.vocabulary_id == row.id)).all()
    elif isinstance(row, Element):
        keys = _keys_below(row, session=session)
    return bool(aligned_to(actor, Role.AUTHOR, [f"{ref.group}/{key}" for key in keys]))


def _beside(row: Column | Element | Term, *, session: Session) -> list[Column | Element | Term]:
    """Return the rows of the list that a row stands in, in order, retired ones included."""
    if isinstance(row, Term):
        terms = select(Term).where(Term.vocabulary_id == row.vocabulary_id)
        return list(session.scalars(terms.order_by(Term.position, Term.id)))
    if isinstance(row, Column):
        columns = select(Column).where(Column.framework_id == row.framework_id)
        return list(session.scalars(columns.order_by(Column.position, Column.id)))
    elements = select(Element).where(
        Element.framework_id == row.framework_id, Element.parent_id.is_not_distinct_from(row.parent_id)
    )
    return list(session.scalars(elements.order_by(Element.position, Element.id)))


def _number(rows: Sequence[Column | Element | Term]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _move_in(row: Element, before: Sequence[Column | Element | Term], *, session: Session) -> None:
    """Put an element last below the one that stands before it."""
    if not before:
        return
    parent = before[-1]
    if depth_of(row, session=session) + _height(row, session=session) > DEEPEST:
        raise TooDeepError
    below = session.scalars(
        select(Element)
        .where(Element.framework_id == row.framework_id, Element.parent_id == parent.id)
        .order_by(Element.position, Element.id)
    ).all()
    row.parent_id = parent.id if isinstance(parent, Element) else None
    _number([*below, row])


def _move_out(row: Element, *, session: Session) -> None:
    """Put an element right after the one that it stands below."""
    parent = session.get(Element, row.parent_id) if row.parent_id is not None else None
    if parent is None:
        return
    beside = _beside(parent, session=session)
    row.parent_id = parent.parent_id
    place = beside.index(parent) + 1
    _number([*beside[:place], row, *beside[place:]])


def _height(row: Element, *, session: Session) -> int:
    """Return how many levels an element has, itself included."""
    return 1 + max((_height(one, session=session) for one in _children(row, session=session)), default=0)


def _keys_below(row: Element, *, session: Session) -> list[str]:
    return [row.key] + [
        key for one in _children(row, session=session) for key in _keys_below(one, session=session)
    ]


def _children(row: Element, *, session: Session) -> list[Element]:
    below = select(Element).where(Element.framework_id == row.framework_id, Element.parent_id == row.id)
    return list(session.scalars(below))
