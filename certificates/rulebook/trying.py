"""Trying rules on the people of a cohort, today's beside the draft's, before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from certificates.awards.applications.gathering import find_candidacy, gather
from certificates.levels.eligibility import RuleResult, all_met, best_pathway
from certificates.levels.queries import RulesLine
from certificates.levels.rules import Rule
from certificates.levels.wording import Names, say_rule
from certificates.rulebook.documents import LevelSketch
from certificates.rulebook.errors import LevelUnknownError
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort to try rules on; ``people`` are all who were ever enrolled."""

    id: CohortId
    name: Localised
    starts: date
    people: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How one person stands: by today's rules (None where there are none) and by the draft's. ``open`` in sentences."""

    name: str
    now: bool | None
    then: bool
    met: int
    of: int
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """How many of the people that were looked at meet a rule of the draft."""

    rule: str
    met: int
    of: int


@dataclass(frozen=True)
class Trial:
    """A page of people of a cohort, held against both."""

    cohort: CohortChoice
    people: Sequence[Tried]
    figures: Sequence[RuleFigure]
    page: int
    pages: int

    @property
    def now(self) -> int:
        """How many of this page would be eligible today."""
        return sum(bool(one.now) for one in self.people)

    @property
    def then(self) -> int:
        """How many of this page would be eligible by the draft."""
        return sum(one.then for one in self.people)


def cohorts_of(actor: Actor) -> list[CohortChoice]:
    """Return the cohorts of the institute, past ones too, the newest first."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.name, Cohort.starts, func.count(Enrolment.id))
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Cohort.institute_id == actor.institute_id)
        .group_by(Cohort.id)
        .order_by(Cohort.starts.desc(), Cohort.id.desc())
    )
    return [CohortChoice(*row) for row in rows]


def try_rules(
    cohort_id: int,
    sketch: LevelSketch,
    published: RulesLine | None,
    names: Names,
    *,
    page: int,
    actor: Actor,
) -> Trial:
    """Hold the people of a cohort against the draft and against what is asked today. Raises LevelUnknownError."""
    cohort = next((one for one in cohorts_of(actor) if one.id == cohort_id), None)
    if cohort is None:
        raise LevelUnknownError
    pages = max(-(-cohort.people // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        select(Enrolment.id, Person.id, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.institute_id == actor.institute_id)
        .order_by(Person.name, Enrolment.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    asked = (*sketch.rules, *(published.rules if published else ()))
    people: list[Tried] = []
    seen: list[tuple[RuleResult, ...]] = []
    for enrolment_id, person_id, name in rows:
        now, results = _hold(enrolment_id, asked, sketch, published, actor)
        still = tuple(say_rule(one.rule, names) for one in results if not one.met)
        people.append(
            Tried(
                name_or_number(name, person_id),
                now,
                all_met(results),
                len(results) - len(still),
                len(results),
                still,
            )
        )
        seen.append(results)
    return Trial(cohort, people, _figures(sketch.rules, seen, names), page, pages)


def _hold(
    enrolment_id: EnrolmentId,
    asked: Sequence[Rule],
    sketch: LevelSketch,
    published: RulesLine | None,
    actor: Actor,
) -> tuple[bool | None, tuple[RuleResult, ...]]:
    """Return whether today's rules are met, and the results of the draft's, each by the easier pathway."""
    facts = gather(find_candidacy(enrolment_id, actor.institute_id), asked).facts
    now = None
    if published is not None:
        ways = [one.key for one in published.pathways]
        now = all_met(best_pathway(published.rules, ways, facts)[1])
    _, results = best_pathway(sketch.rules, [one.key for one in sketch.pathways], facts)
    return now, results


def _figures(rules: Sequence[Rule], seen: Sequence[Sequence[RuleResult]], names: Names) -> list[RuleFigure]:
    figures = []
    for rule in rules:
        held = [one.met for results in seen for one in results if one.rule == rule]
        figures.append(RuleFigure(say_rule(rule, names), sum(held), len(held)))
    return figures
