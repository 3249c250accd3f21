"""How far raters agree who scored the same evidence: each rater's own trend, and for the scoring lead rubric by rubric.

Compared are the first and second scores of one round, criterion by criterion. A rater's own figures count only what is
released, so that nobody learns from them what another gave to evidence that is still being scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from certificates.agreement import pairs
from certificates.agreement.krippendorff import Scale, alpha
from certificates.agreement.pairs import Weighing
from certificates.agreement.ratings import Value
from certificates.calibration.models import AnchorScore
from certificates.calibration.passing import USUAL, Tally, tally
from certificates.rubrics.models import Criterion, Rubric
from certificates.scoring.models import Purpose, ScoringTask, TaskCriterionScore, TaskScore
from certificates.scoring.outcomes.results import ScoreRelease
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number

RATERS: Final = (Purpose.FIRST, Purpose.SECOND)
MONTHS_SHOWN: Final = 6
DRIFT_DAYS: Final = 90
FEWEST_SEEDED: Final = 3
FARTHEST: Final = Fraction(1, 2)

Cells = Counter[tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Figures:
    """How near two rows of scores are, exact; None is not computable. Above 0 the first gives more."""

    count: int
    exact: Fraction | None
    near: Fraction | None
    kappa: Fraction | None
    weighted: Fraction | None
    alpha: Fraction | None
    difference: Fraction | None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The figures of one month; ``day`` is its first."""

    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """A rater's scores beside those of whoever scored the same, in all and by month, newest last."""

    whole: Figures
    months: tuple[MonthLine, ...]


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two raters of a rubric."""

    one: str
    other: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One rater beside all others of a rubric; ``figures.difference`` is their severity, below 0 the more severe."""

    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class RubricAgreement:
    """A rubric (of all its versions): in all, by criterion, by rater and by two raters."""

    key: str
    title: Localised
    whole: Figures
    criteria: tuple[tuple[Localised, Figures], ...]
    raters: tuple[RaterLine, ...]
    pairs: tuple[PairLine, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """A rater who reads seeded papers otherwise than they are known to be."""

    name: str
    title: Localised
    tally: Tally
    difference: Fraction


def figures_of(cells: Mapping[tuple[Value, Value], int]) -> Figures:
    """Return the figures of pairs of scores, counted."""
    units = [pair for pair, times in cells.items() for _ in range(times)]
    return Figures(
        count=len(units),
        exact=pairs.exact(cells),
        near=pairs.within_one(cells),
        kappa=pairs.kappa(cells),
        weighted=pairs.kappa(cells, Weighing.QUADRATIC),
        alpha=alpha(units, Scale.ORDINAL),
        difference=pairs.difference(cells),
    )


def own_agreement(actor: Actor, _key: int = 0) -> OwnAgreement | None:
    """Return the actor's agreement with others in released scores; None while nothing of theirs was scored twice."""
    zone = db.session.scalar(select(Institute.timezone).where(Institute.id == actor.institute_id))
    if actor.person_id is None or zone is None:
        return None
    query, mine, *_ = _compared(actor.institute_id)
    released = select(ScoreRelease.id).where(
        ScoreRelease.submission_id == ScoringTask.submission_id, ScoreRelease.round == ScoringTask.round
    )
    whole: Cells = Counter()
    months: dict[date, Cells] = {}
    rows = db.session.execute(
        query.where(mine.rater_id == actor.person_id, released.exists()).order_by(mine.handed_in_at)
    )
    for row in rows:
        day = row.handed_in_at.astimezone(ZoneInfo(zone)).date().replace(day=1)
        for cells in (whole, months.setdefault(day, Counter())):
            cells[row.own, row.other] += 1
    if not whole:
        return None
    newest = list(months.items())[-MONTHS_SHOWN:]
    return OwnAgreement(figures_of(whole), tuple(MonthLine(day, figures_of(cells)) for day, cells in newest))


def agreement_by_rubric(institute_id: InstituteId) -> list[RubricAgreement]:
    """Return how far the raters of each rubric agree that has evidence scored twice."""
    query, mine, other, level, beside = _compared(institute_id)
    counted = (
        query.with_only_columns(
            Criterion.key,
            Rubric.key.label("rubric"),
            mine.rater_id.label("one"),
            other.rater_id.label("two"),
            level.level.label("own"),
            beside.level.label("other"),
            func.count().label("times"),
        )
        .join(Criterion, Criterion.id == level.criterion_id)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(mine.rater_id < other.rater_id)
        .group_by(Criterion.key, Rubric.key, mine.rater_id, other.rater_id, level.level, beside.level)
    )
    found: dict[str, list[Any]] = {}
    for row in db.session.execute(counted):
        found.setdefault(row.rubric, []).append(row)
    names = _names({person for rows in found.values() for row in rows for person in (row.one, row.two)})
    return [_rubric(institute_id, key, rows, names) for key, rows in sorted(found.items())]


def drifting(institute_id: InstituteId) -> list[Drift]:
    """Return who read the seeded papers of the last ninety days otherwise than they are known to be.

    The alarm: fewer exact or near scores than a calibration asks for, or half a level above or below in the mean.
    """
    rows = db.session.execute(
        select(TaskScore.rater_id, Rubric.key, TaskCriterionScore.level, AnchorScore.level)
        .join(ScoringTask, ScoringTask.id == TaskScore.task_id)
        .join(Rubric, Rubric.id == ScoringTask.rubric_id)
        .join(TaskCriterionScore, TaskCriterionScore.task_score_id == TaskScore.id)
        .join(
            AnchorScore,
            (AnchorScore.paper_id == ScoringTask.anchor_id)
            & (AnchorScore.criterion_id == TaskCriterionScore.criterion_id),
        )
        .where(
            TaskScore.institute_id == institute_id,
            ScoringTask.purpose == Purpose.SEEDED,
            TaskCriterionScore.level.is_not(None),
            TaskScore.handed_in_at >= now() - timedelta(days=DRIFT_DAYS),
        )
    )
    given: dict[tuple[PersonId, str], list[tuple[int, int]]] = {}
    for rater, rubric, level, known in rows:
        if level is not None:
            given.setdefault((rater, rubric), []).append((level, known))
    names = _names({rater for rater, _ in given})
    alarms = []
    for (rater, rubric), scores in given.items():
        found = tally(scores)
        apart = Fraction(sum(one - known for one, known in scores), len(scores))
        if found.scores >= FEWEST_SEEDED and (not found.passes(USUAL) or abs(apart) >= FARTHEST):
            alarms.append(Drift(names[rater], _title(institute_id, rubric), found, apart))
    return sorted(alarms, key=lambda one: one.name)


def _compared(institute_id: InstituteId) -> tuple[Select[*tuple[Any, ...]], Any, Any, Any, Any]:
    """Return the query of every score beside that of another rater for the same criterion, with its four tables."""
    mine, other = aliased(TaskScore), aliased(TaskScore)
    level, beside = aliased(TaskCriterionScore), aliased(TaskCriterionScore)
    second = aliased(ScoringTask)
    query: Select[*tuple[Any, ...]] = (
        select(mine.handed_in_at, level.level.label("own"), beside.level.label("other"))
        .select_from(ScoringTask)
        .join(mine, mine.task_id == ScoringTask.id)
        .join(
            second,
            (second.submission_id == ScoringTask.submission_id)
            & (second.round == ScoringTask.round)
            & (second.id != ScoringTask.id),
        )
        .join(other, other.task_id == second.id)
        .join(level, level.task_score_id == mine.id)
        .join(beside, (beside.task_score_id == other.id) & (beside.criterion_id == level.criterion_id))
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.purpose.in_(RATERS),
            second.purpose.in_(RATERS),
            level.level.is_not(None),
            beside.level.is_not(None),
        )
    )
    return query, mine, other, level, beside


def _rubric(
    institute_id: InstituteId, key: str, rows: list[Any], names: Mapping[PersonId, str]
) -> RubricAgreement:
    whole: Cells = Counter()
    by_criterion: dict[str, Cells] = {}
    by_rater: dict[PersonId, Cells] = {}
    by_pair: dict[tuple[PersonId, PersonId], Cells] = {}
    for row in rows:
        there, back = (row.own, row.other), (row.other, row.own)
        whole[there] += row.times
        by_criterion.setdefault(row.key, Counter())[there] += row.times
        by_pair.setdefault((row.one, row.two), Counter())[there] += row.times
        by_rater.setdefault(row.one, Counter())[there] += row.times
        by_rater.setdefault(row.two, Counter())[back] += row.times
    titles = _criteria(institute_id, key)
    return RubricAgreement(
        key=key,
        title=_title(institute_id, key),
        whole=figures_of(whole),
        criteria=tuple(
            (title, figures_of(by_criterion[one])) for one, title in titles.items() if one in by_criterion
        ),
        raters=tuple(
            sorted(
                (RaterLine(names[person], figures_of(cells)) for person, cells in by_rater.items()),
                key=lambda line: line.name,
            )
        ),
        pairs=tuple(
            sorted(
                (
                    PairLine(names[one], names[two], figures_of(cells))
                    for (one, two), cells in by_pair.items()
                ),
                key=lambda line: (line.one, line.other),
            )
        ),
    )


def _criteria(institute_id: InstituteId, key: str) -> dict[str, Localised]:
    """Return the titles of a rubric's criteria by key, the newest version's where there are several."""
    rows = db.session.execute(
        select(Criterion.key, Criterion.title)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.institute_id == institute_id, Rubric.key == key)
        .order_by(Rubric.version, Criterion.position)
    )
    return {one: title for one, title in rows}  # noqa: C416  (a Row is no tuple to mypy)


def _title(institute_id: InstituteId, key: str) -> Localised:
    return db.session.scalars(
        select(Rubric.title)
        .where(Rubric.institute_id == institute_id, Rubric.key == key)
        .order_by(Rubric.version.desc())
        .limit(1)
    ).one()


def _names(people: set[PersonId]) -> dict[PersonId, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {person_id: name_or_number(name, person_id) for person_id, name in rows}
