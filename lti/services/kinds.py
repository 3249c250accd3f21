"""What a link's column in a gradebook shows, and what that column is called at the platform."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from certificates.evidence.models import Requirement
from certificates.levels.models import Level
from certificates.rubrics.models import Rubric
from institute.actors import InstituteId
from institute.db import db

HOME: Final = "cohort:home"
"""Our name for a link that names nothing: it opens the programme of the cohort."""

LONGEST_RESOURCE_ID: Final = 200
HUNDRED: Final = 100


class GradeKind(StrEnum):
    """What is sent: how far somebody is, hours against the target, the score of evidence, the level; or nothing."""

    PROGRESS = "progress"
    HOURS = "hours"
    EVIDENCE = "evidence"
    LEVEL = "level"
    NONE = "none"


_WHOLE: Final = (GradeKind.PROGRESS, GradeKind.HOURS, GradeKind.LEVEL, GradeKind.NONE)
_PART: Final = (GradeKind.PROGRESS, GradeKind.NONE)
_LEVEL: Final = (GradeKind.LEVEL, GradeKind.NONE)
_LAWFUL: Final[Mapping[str, tuple[GradeKind, ...]]] = {
    "programme": _WHOLE,
    "module": _PART,
    "segment": _PART,
    "evidence": (GradeKind.EVIDENCE, GradeKind.NONE),
    "hours": (GradeKind.HOURS, GradeKind.NONE),
    "certificates": _LEVEL,
    "certificate": _LEVEL,
    "level": _LEVEL,
}


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What makes a column ours, as a deep link or a new line item says it.

    ``score_maximum`` is whole, because some platforms refuse another; a score is sent as an exact share of it.
    """

    score_maximum: int
    resource_id: str
    tag: str


def kinds_for(target: str | None) -> tuple[GradeKind, ...]:
    """Return what a link to ``target`` (``kind:key``, nothing for the cohort's home) may send, the default first."""
    if not target:
        return _WHOLE
    return _LAWFUL.get(target.partition(":")[0], (GradeKind.NONE,))


def targets_with(kind: GradeKind) -> tuple[str, ...]:
    """Return the kinds of targets whose links show ``kind`` unless somebody chose otherwise."""
    return tuple(target for target, lawful in _LAWFUL.items() if lawful[0] is kind)


def chosen_kind(choice: str | None, target: str | None) -> GradeKind:
    """Return what a link sends: its ``choice``, or the default of its target where that is none of the lawful ones."""
    lawful = kinds_for(target)
    return next((kind for kind in lawful if kind == choice), lawful[0])


def column_facts(kind: GradeKind, target: str | None, *, institute_id: InstituteId) -> ColumnFacts | None:
    """Return the facts of the column that shows ``kind`` for ``target``; None where nothing is sent.

    The maximum of progress and hours is 100, of evidence the rubric's highest level, of levels their number: those of
    the institute, as they are now.
    """
    if kind is GradeKind.NONE:
        return None
    maximum = HUNDRED
    if kind is GradeKind.EVIDENCE:
        maximum = _highest_of_rubric(institute_id, (target or "").partition(":")[2]) or HUNDRED
    elif kind is GradeKind.LEVEL:
        maximum = _number_of_levels(institute_id) or HUNDRED
    return ColumnFacts(maximum, resource_id(target or HOME), str(kind))


def resource_id(name: str) -> str:
    """Return our name for a column, so that a copied course finds it again."""
    if len(name) <= LONGEST_RESOURCE_ID:
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def _highest_of_rubric(institute_id: InstituteId, requirement_key: str) -> int | None:
    return db.session.scalar(
        select(Rubric.levels)
        .join(
            Requirement,
            (Requirement.rubric_key == Rubric.key) & (Requirement.institute_id == Rubric.institute_id),
        )
        .where(Requirement.institute_id == institute_id, Requirement.key == requirement_key)
        .order_by(Rubric.version.desc())
        .limit(1)
    )


def _number_of_levels(institute_id: InstituteId) -> int:
    return db.session.scalar(select(func.count(Level.id)).where(Level.institute_id == institute_id)) or 0
