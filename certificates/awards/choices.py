"""What rules may name in an institute, as forms offer it and as sentences say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from certificates.evidence.models import Requirement
from certificates.levels.models import Level, Track
from certificates.levels.rules import WITHOUT_ENROLMENT, RuleKind
from certificates.levels.wording import Names
from certificates.rubrics.models import Criterion, Rubric
from courses.catalogue.models import Module, Programme
from courses.coaches.qualifying import requirements_of
from courses.frameworks.queries import element_choices
from courses.meetings.models import MeetingKind
from courses.meetings.wording import say_meeting_kind
from courses.surveys.stages import Stage
from courses.surveys.wording import say_stage
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised, current_locale, gettext

Choice = tuple[str, str]
"""A key and how it is called."""


@dataclass(frozen=True)
class Choices:
    """What a rule of each kind may name, what all of it is called, and which kinds there are to choose from."""

    of: Mapping[RuleKind, Sequence[Choice]]
    names: Names
    kinds: frozenset[RuleKind] = frozenset(RuleKind)

    def for_level(self, track: Track, key: str) -> Choices:
        """Return what a level of a track may ask for: nothing that takes an enrolment elsewhere, and never itself."""
        kinds = frozenset(RuleKind) if track is Track.PARTICIPANT else WITHOUT_ENROLMENT
        of = {kind: found for kind, found in self.of.items() if kind in kinds}
        others = [(level, said) for level, said in self.of[RuleKind.LEVEL] if level != key]
        return Choices({**of, RuleKind.LEVEL: others}, self.names, kinds)

    def knows(self, kind: RuleKind, key: str) -> bool:
        """Tell whether a rule of a kind may name something."""
        return any(key == known for known, _ in self.of.get(kind, ()))


def choices_of(institute_id: InstituteId) -> Choices:
    """Return everything that rules of an institute may name, in a query for each kind."""
    modules = _modules(institute_id)
    requirements = _requirements(institute_id)
    levels = _levels(institute_id)
    scored, titles = _scored(institute_id, requirements)
    elements: dict[str, Localised] = {}
    shown: list[Choice] = []
    for group in element_choices(institute_id):
        for one in group.choices:
            elements[one.address] = one.title
            shown.append((one.address, f"{one.code} {one.title}".strip()))
    asked = {one.key: one.title for one in requirements_of(institute_id)}
    rubrics = _rubrics(institute_id)
    others: dict[tuple[RuleKind, str], Localised] = {}
    for kind, found in (
        (RuleKind.SCORE, titles),
        (RuleKind.COMPETENCY, elements),
        (RuleKind.QUALIFICATION, asked),
        (RuleKind.CALIBRATION, rubrics),
    ):
        others |= {(kind, key): text for key, text in found.items()}
    return Choices(
        {
            RuleKind.MODULE: [(key, f"{number}. {title}") for key, (number, title) in modules.items()],
            RuleKind.EVIDENCE: _said(requirements),
            RuleKind.LEVEL: _said(levels),
            RuleKind.SCORE: scored,
            RuleKind.COMPETENCY: shown,
            RuleKind.INSTRUMENT: [(one.value, say_stage(one)) for one in Stage],
            RuleKind.MEETINGS: [(one.value, say_meeting_kind(one)) for one in MeetingKind],
            RuleKind.QUALIFICATION: _said(asked),
            RuleKind.CALIBRATION: _said(rubrics),
        },
        Names(modules=modules, requirements=requirements, levels=levels, others=others),
    )


def _said(texts: Mapping[str, Localised]) -> list[Choice]:
    locale = current_locale()
    return [(key, text.in_(locale)) for key, text in texts.items()]


def _modules(institute_id: InstituteId) -> dict[str, tuple[int, Localised]]:
    rows = db.session.execute(
        select(Module.slug, Module.number, Module.title)
        .join(Programme, Programme.current_version_id == Module.version_id)
        .where(Programme.institute_id == institute_id)
        .order_by(Programme.id, Module.number)
    )
    return {slug: (number, title) for slug, number, title in rows}


def _requirements(institute_id: InstituteId) -> dict[str, Localised]:
    rows = db.session.execute(
        select(Requirement.key, Requirement.title)
        .where(Requirement.institute_id == institute_id)
        .order_by(Requirement.level_id, Requirement.id)
    )
    return {key: title for key, title in rows}  # noqa: C416  (rows are no pairs to the type checker)


def _levels(institute_id: InstituteId) -> dict[str, Localised]:
    rows = db.session.scalars(
        select(Level).where(Level.institute_id == institute_id).order_by(Level.track, Level.position)
    )
    return {row.key: row.name for row in rows}


def _rubrics(institute_id: InstituteId) -> dict[str, Localised]:
    rows = db.session.scalars(select(Rubric).where(Rubric.institute_id == institute_id).order_by(Rubric.id))
    return {row.key: row.title for row in rows}


def _scored(
    institute_id: InstituteId, requirements: Mapping[str, Localised]
) -> tuple[list[Choice], dict[str, Localised]]:
    """Return evidence that is scored, as a whole and by each criterion of its newest rubric."""
    newest = select(func.max(Rubric.id)).where(Rubric.institute_id == institute_id).group_by(Rubric.key)
    rows = db.session.execute(
        select(Requirement.key, Criterion.key, Criterion.title)
        .join(Rubric, (Rubric.key == Requirement.rubric_key) & Rubric.id.in_(newest))
        .join(Criterion, Criterion.rubric_id == Rubric.id)
        .where(Requirement.institute_id == institute_id, Requirement.scored)
        .order_by(Requirement.level_id, Requirement.id, Criterion.position)
    )
    choices: list[Choice] = []
    titles: dict[str, Localised] = {}
    for requirement, criterion, title in rows:
        of = requirements[requirement]
        if requirement not in titles:
            titles[requirement] = of
            choices.append((requirement, gettext("%(title)s: the mean", title=of)))
        titles[f"{requirement}/{criterion}"] = title
        choices.append((f"{requirement}/{criterion}", f"{of}: {title}"))
    return choices, titles
