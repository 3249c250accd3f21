"""Trying rules on the people of a cohort, today's beside the draft's, before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from certificates.awards.applications.gathering import gather
from certificates.levels.eligibility import RuleResult, all_met, best_pathway, check
from certificates.levels.facts import Facts
from certificates.levels.models import Track
from certificates.levels.queries import RulesLine
from certificates.levels.rules import Rule
from certificates.levels.wording import Names, say_rule
from certificates.rulebook.documents import LevelSketch
from certificates.rulebook.errors import LevelUnknownError
from certificates.rulebook.people import CohortChoice, Somebody, cohorts_of, people_of
from institute.actors import Actor

PER_PAGE = 30


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
    """How many of all people meet a rule of the draft, whichever pathway is the easiest for them."""

    rule: str
    met: int
    of: int


@dataclass(frozen=True)
class Trial:
    """The people of a cohort, held against both; one page of them is shown, the figures are about all."""

    cohort: CohortChoice
    everybody: Sequence[Tried]
    figures: Sequence[RuleFigure]
    page: int
    pages: int

    @property
    def people(self) -> Sequence[Tried]:
        """The people of this page."""
        return self.everybody[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]

    @property
    def now(self) -> int:
        """How many would be eligible today."""
        return sum(bool(one.now) for one in self.everybody)

    @property
    def then(self) -> int:
        """How many would be eligible by the draft."""
        return sum(one.then for one in self.everybody)


def try_rules(
    cohort_id: int,
    track: Track,
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
    people: list[Tried] = []
    seen: list[Sequence[RuleResult]] = []
    for somebody in people_of(cohort.id, track, actor=actor):
        facts = _facts(somebody, track, sketch, published, actor)
        now = _eligible_now(published, facts)
        _, results = best_pathway(sketch.rules, [one.key for one in sketch.pathways], facts)
        still = tuple(say_rule(one.rule, names) for one in results if not one.met)
        met = len(results) - len(still)
        people.append(Tried(somebody.name, now, all_met(results), met, len(results), still))
        seen.append(check([replace(rule, pathways=()) for rule in sketch.rules], facts))
    pages = max(-(-len(people) // PER_PAGE), 1)
    return Trial(cohort, people, _figures(sketch.rules, seen, names), min(max(page, 1), pages), pages)


def _facts(
    somebody: Somebody, track: Track, sketch: LevelSketch, published: RulesLine | None, actor: Actor
) -> Facts:
    """Return what is true of somebody, as far as the draft's rules or today's ask."""
    asked = (*sketch.rules, *(published.rules if published else ()))
    return gather(somebody.candidacy(actor.institute_id, track), asked).facts


def _eligible_now(published: RulesLine | None, facts: Facts) -> bool | None:
    """Tell whether today's rules are met, by the easiest pathway; None where there are none."""
    if published is None:
        return None
    ways = [one.key for one in published.pathways]
    return all_met(best_pathway(published.rules, ways, facts)[1])


def _figures(rules: Sequence[Rule], seen: Sequence[Sequence[RuleResult]], names: Names) -> list[RuleFigure]:
    return [
        RuleFigure(say_rule(rule, names), sum(results[at].met for results in seen), len(seen))
        for at, rule in enumerate(rules)
    ]
