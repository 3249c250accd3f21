"""What pages read of rubrics: one version whole, the newest of a key, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from certificates.rubrics.defining import CriterionDraft, RubricDraft
from certificates.rubrics.models import Criterion, CriterionId, Rubric, RubricId
from certificates.rubrics.policies import Policy
from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level of a criterion, 1 being the lowest. ``example`` is what it looks like in a piece of evidence."""

    number: int
    name: Localised
    descriptor: Localised
    example: Localised | None


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with its levels, lowest first. ``element`` is the address of the competency that it proves.

    ``minimum`` is the level that it must reach by itself, None where only the mean counts.
    """

    id: CriterionId
    key: str
    title: Localised
    element: str | None
    minimum: int | None
    levels: tuple[LevelView, ...]


@dataclass(frozen=True, slots=True)
class RubricView:
    """One version of a rubric with everything that it says. ``levels`` is how many levels each criterion has."""

    id: RubricId
    key: str
    version: int
    title: Localised
    levels: int
    cut: Fraction
    policy: Policy
    sha256: str
    published_at: datetime
    criteria: tuple[CriterionView, ...]

    @property
    def minimums(self) -> dict[str, int]:
        """The levels that criteria must reach by themselves, by the criterion's key."""
        return {one.key: one.minimum for one in self.criteria if one.minimum is not None}


@dataclass(frozen=True, slots=True)
class RubricLine:
    """The newest version of a rubric as a list shows it."""

    id: RubricId
    key: str
    version: int
    title: Localised
    levels: int
    criteria: int
    cut: Fraction
    policy: Policy
    published_at: datetime


def rubric_of(rubric_id: RubricId, *, institute_id: InstituteId) -> RubricView:
    """Return one version of a rubric. Raises NotFoundError if the institute does not have it."""
    return rubrics_of([rubric_id], institute_id=institute_id)[0]


def rubrics_of(rubric_ids: Iterable[RubricId], *, institute_id: InstituteId) -> list[RubricView]:
    """Return versions of rubrics in the order asked for, in three queries. Raises NotFoundError for one not there."""
    asked = list(rubric_ids)
    rows = db.session.scalars(
        select(Rubric)
        .where(Rubric.institute_id == institute_id, Rubric.id.in_(asked))
        .options(selectinload(Rubric.criteria).selectinload(Criterion.levels))
    )
    found = {row.id: _view(row) for row in rows}
    if not set(asked) <= set(found):
        raise NotFoundError
    return [found[one] for one in asked]


def newest(institute_id: InstituteId, key: str) -> RubricView | None:
    """Return the newest version of a rubric, by which evidence is scored from now on, or None."""
    rubric_id = newest_id(institute_id, key)
    return None if rubric_id is None else rubric_of(rubric_id, institute_id=institute_id)


def newest_id(institute_id: InstituteId, key: str) -> RubricId | None:
    """Return the id of the newest version of a rubric, or None."""
    return db.session.scalar(
        select(Rubric.id)
        .where(Rubric.institute_id == institute_id, Rubric.key == key)
        .order_by(Rubric.version.desc())
        .limit(1)
    )


def listing(institute_id: InstituteId) -> list[RubricLine]:
    """Return the newest version of each rubric of an institute, by title in the source language."""
    last = (
        select(Rubric.key, func.max(Rubric.version).label("version"))
        .where(Rubric.institute_id == institute_id)
        .group_by(Rubric.key)
        .subquery()
    )
    counted = (
        select(func.count(Criterion.id))
        .where(Criterion.rubric_id == Rubric.id)
        .correlate(Rubric)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Rubric, counted)
        .join(last, (Rubric.key == last.c.key) & (Rubric.version == last.c.version))
        .where(Rubric.institute_id == institute_id)
    ).all()
    lines = [
        RubricLine(
            id=row.id,
            key=row.key,
            version=row.version,
            title=row.title,
            levels=row.levels,
            criteria=count,
            cut=row.cut,
            policy=row.rules,
            published_at=row.published_at,
        )
        for row, count in rows
    ]
    return sorted(lines, key=lambda line: (line.title.texts[line.title.source].casefold(), line.key))


def versions_of(institute_id: InstituteId, key: str) -> list[RubricView]:
    """Return all versions of a rubric, newest first; empty where the institute has none of that key."""
    ids = db.session.scalars(
        select(Rubric.id)
        .where(Rubric.institute_id == institute_id, Rubric.key == key)
        .order_by(Rubric.version.desc())
    ).all()
    return rubrics_of(ids, institute_id=institute_id)


def _view(row: Rubric) -> RubricView:
    criteria = tuple(
        CriterionView(
            id=one.id,
            key=one.key,
            title=one.title,
            element=one.element,
            minimum=one.minimum,
            levels=tuple(
                LevelView(level.number, level.name, level.descriptor, level.example) for level in one.levels
            ),
        )
        for one in row.criteria
    )
    return RubricView(
        id=row.id,
        key=row.key,
        version=row.version,
        title=row.title,
        levels=row.levels,
        cut=row.cut,
        policy=row.rules,
        sha256=row.sha256,
        published_at=row.published_at,
        criteria=criteria,
    )


def draft_of(view: RubricView) -> RubricDraft:
    """Return a version of a rubric as it would be written down to be defined again."""
    first = view.criteria[0].levels if view.criteria else ()
    return RubricDraft(
        key=view.key,
        title=view.title,
        cut=view.cut,
        level_names=tuple(level.name for level in first),
        criteria=tuple(
            CriterionDraft(
                key=one.key,
                title=one.title,
                descriptors=tuple(level.descriptor for level in one.levels),
                examples=tuple(level.example for level in one.levels)
                if any(level.example for level in one.levels)
                else (),
                element=one.element,
                minimum=one.minimum,
            )
            for one in view.criteria
        ),
        policy=view.policy,
    )
