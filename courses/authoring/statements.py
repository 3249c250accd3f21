"""The two statements of an outline, written once: building one takes longer than answering it."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import add
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy import cast as cast_sql
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from courses.authoring.models import Draft, DraftKind
from courses.catalogue.models import Programme, ProgrammeVersion
from institute.people.models import Institute

ALL_OPEN: Final = 24  # segments: with more of them one module is open at a time

_COLUMNS: Final = (
    Draft.part_id,
    Draft.kind,
    Draft.title,
    Draft.reading_min,
    Draft.reading_max,
    Draft.coaching_min,
    Draft.coaching_max,
    Draft.gaps,
    Draft.missing,
    Draft.stale,
    Draft.changed,
    Draft.core,
    Draft.parent_part_id,
    Draft.removed_at,
)


def _select_rows() -> Select[*tuple[Any, ...]]:
    module, segment = aliased(Draft), aliased(Draft)
    # By value, not by the row at hand: each subquery is then answered once.
    own_id = (
        select(Programme.id)
        .where(Programme.institute_id == bindparam("institute_id"), Programme.slug == bindparam("slug"))
        .scalar_subquery()
    )
    modules = select(module.part_id).where(
        module.programme_id == own_id, module.kind == DraftKind.MODULE, module.removed_at.is_(None)
    )
    first = modules.order_by(module.position, module.id).limit(1).scalar_subquery()
    asked = modules.where(module.part_id == bindparam("opened", type_=Integer)).scalar_subquery()
    count = (
        select(func.count())
        .where(
            segment.programme_id == own_id,
            segment.kind == DraftKind.SEGMENT,
            segment.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(Draft.programme_id, Institute.languages, ProgrammeVersion.number, *_COLUMNS)
        .join(Programme, Programme.id == Draft.programme_id)
        .join(Institute, Institute.id == Draft.institute_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Programme.current_version_id)
        .where(
            Draft.programme_id == own_id,
            or_(
                Draft.parent_part_id.is_(None),
                Draft.removed_at.is_not(None),
                count <= ALL_OPEN,
                Draft.parent_part_id == func.coalesce(asked, first),
            ),
        )
        .order_by(Draft.part_id.is_not(None), Draft.position, Draft.id)
    )


@lru_cache(maxsize=32)
def sums_of(wished: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Return the statement that adds up the segments of each module of ``:programme_id``, for these languages."""
    open_texts: list[ColumnElement[int]] = [
        column[locale].as_integer() for locale in wished for column in (Draft.missing, Draft.stale)
    ]
    return (
        select(
            Draft.parent_part_id,
            func.count().label("segments"),
            func.sum(Draft.gap_count).label("lacks"),
            func.sum(reduce(add, open_texts)).label("open_texts"),
            func.max(cast_sql(Draft.changed, Integer)).label("changed"),
            func.sum(Draft.reading_min).label("reading_min"),
            func.sum(Draft.reading_max).label("reading_max"),
            func.sum(Draft.coaching_min).label("coaching_min"),
            func.sum(Draft.coaching_max).label("coaching_max"),
        )
        .where(
            Draft.programme_id == bindparam("programme_id"),
            Draft.kind == DraftKind.SEGMENT,
            Draft.removed_at.is_(None),
        )
        .group_by(Draft.parent_part_id)
    )


ROWS: Final = _select_rows()
