"""What the things are called that only some rules name: criteria, competencies, what is asked of coaches, rubrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from certificates.evidence.models import Requirement
from certificates.levels.models import Level
from certificates.levels.rules import Rule, RuleKind
from certificates.rubrics.models import Criterion, Rubric
from courses.coaches.qualifying import requirements_of
from courses.frameworks.queries import named
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised


def names_of(
    rules: Iterable[Rule], institute_id: InstituteId, *, levels: bool = False
) -> dict[tuple[RuleKind, str], Localised]:
    """Return what these rules name, as ``Names.others`` takes it; what is not known is left out.

    With ``levels`` also the levels, of whichever track: for a page that has not listed them anyway.
    """
    keys: dict[RuleKind, set[str]] = {}
    for rule in rules:
        for one in (rule, *rule.one_of):
            keys.setdefault(one.kind, set()).add(one.key)
    found: dict[tuple[RuleKind, str], Localised] = {}
    finders = {
        RuleKind.SCORE: _scored,
        RuleKind.COMPETENCY: _elements,
        RuleKind.QUALIFICATION: _asked_of_coaches,
        RuleKind.CALIBRATION: _rubrics,
    }
    if levels:
        finders[RuleKind.LEVEL] = _levels
    for kind, find in finders.items():
        if kind in keys:
            found |= {(kind, key): text for key, text in find(keys[kind], institute_id).items()}
    return found


def _scored(keys: set[str], institute_id: InstituteId) -> Mapping[str, Localised]:
    """Return requirements by their key, and criteria of their newest rubrics by ``requirement/criterion``."""
    asked = {key.partition("/")[0] for key in keys}
    newest = (
        select(func.max(Rubric.id)).where(Rubric.institute_id == institute_id).group_by(Rubric.key)
    ).scalar_subquery()
    rows = db.session.execute(
        select(Requirement.key, Requirement.title, Criterion.key, Criterion.title)
        .outerjoin(Rubric, (Rubric.key == Requirement.rubric_key) & Rubric.id.in_(newest))
        .outerjoin(Criterion, Criterion.rubric_id == Rubric.id)
        .where(Requirement.institute_id == institute_id, Requirement.key.in_(asked))
    )
    found: dict[str, Localised] = {}
    for requirement, title, criterion, of_criterion in rows:
        found[requirement] = title
        if of_criterion is not None:  # no rubric scores it: the join found nothing
            found[f"{requirement}/{criterion}"] = of_criterion
    return {key: text for key, text in found.items() if key in keys}


def _levels(keys: set[str], institute_id: InstituteId) -> Mapping[str, Localised]:
    rows = db.session.execute(
        select(Level.key, Level.name).where(Level.institute_id == institute_id, Level.key.in_(keys))
    )
    return {row.key: row.name for row in rows}


def _elements(keys: set[str], institute_id: InstituteId) -> Mapping[str, Localised]:
    titles = {address: one.title for address, one in named(institute_id, keys).items()}
    return {address: title for address, title in titles.items() if title is not None}


def _asked_of_coaches(keys: set[str], institute_id: InstituteId) -> Mapping[str, Localised]:
    return {one.key: one.title for one in requirements_of(institute_id, retired=True) if one.key in keys}


def _rubrics(keys: set[str], institute_id: InstituteId) -> Mapping[str, Localised]:
    rows = db.session.scalars(
        select(Rubric).where(Rubric.institute_id == institute_id, Rubric.key.in_(keys)).order_by(Rubric.id)
    )
    return {row.key: row.title for row in rows}
