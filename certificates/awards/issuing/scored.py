"""The evidence that an award rests on: when it was accepted, and the levels of its criteria in the rubric's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from certificates.awards.models import Award
from certificates.documents.papers.facts import CriterionReached, EvidenceAccepted
from certificates.evidence.models import SubmissionId
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.rubrics.models import Criterion, CriterionLevel
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease
from courses.cohorts.assigning import local_day
from courses.cohorts.models import EnrolmentId
from courses.frameworks.queries import Named, named
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class _Words:
    """A criterion as its rubric has it: its title, its element and the names of its levels."""

    key: str
    title: Localised
    element: str | None
    levels: Mapping[int, Localised]


def accepted_evidence(award: Award, enrolment_id: EnrolmentId, zone: str) -> tuple[EvidenceAccepted, ...]:
    """Return the evidence that was passed when the award was issued, in the order of the requirements.

    Scores are those that were frozen with the award; an appeal that changed one later changes nothing here.
    """
    frozen: dict[str, list[Any]] = award.snapshot.get("facts", {}).get("requirements", {})
    passed = {key for key, (_, is_passed) in frozen.items() if is_passed}
    rated: dict[str, dict[str, Any]] = award.snapshot.get("scores", {})
    rested: dict[str, int] = award.snapshot.get("submissions", {})
    statuses = {key: one for key, one in requirement_states(enrolment_id).items() if key in passed}
    words = _words_of({SubmissionId(rested[key]) for key in statuses if key in rated and key in rested})
    addresses = [one.element for some in words.values() for one in some if one.element]
    elements = named(award.institute_id, addresses)
    found = []
    for key, status in statuses.items():
        scores = rated.get(key)
        if scores is None:
            found.append(EvidenceAccepted(status.title, _day_of(status, zone)))
            continue
        said = words.get(SubmissionId(rested[key]), []) if key in rested else []
        found.append(
            EvidenceAccepted(
                title=status.title,
                day=local_day(zone, datetime.fromisoformat(scores["released_at"])),
                score=Fraction(*scores["score"]),
                maximum=Fraction(*scores["maximum"]),
                raters=len(scores["raters"]),
                criteria=tuple(
                    _reached(one, Fraction(*scores["criteria"][one.key]), elements)
                    for one in said
                    if one.key in scores["criteria"]
                ),
            )
        )
    return tuple(found)


def _day_of(status: RequirementStatus, zone: str) -> Any:
    """Return the day on which something that nobody scores was handed in, None where nothing was."""
    return local_day(zone, status.submitted_at) if status.submitted_at is not None else None


def _reached(one: _Words, level: Fraction, elements: Mapping[str, Named]) -> CriterionReached:
    element = elements.get(one.element) if one.element else None
    between = level.denominator != 1
    return CriterionReached(
        title=one.title,
        element=element.title if element is not None else None,
        level=level,
        name=one.levels.get(int(level)),
        above=one.levels.get(int(level) + 1) if between else None,
    )


def _words_of(submissions: set[SubmissionId]) -> dict[SubmissionId, list[_Words]]:
    """Return the criteria by which submissions were scored, in the rubrics' order; two queries for any number."""
    if not submissions:
        return {}
    latest = (
        select(func.max(ScoreRelease.id))
        .where(ScoreRelease.submission_id.in_(submissions))
        .group_by(ScoreRelease.submission_id)
    )
    rows = db.session.execute(
        select(ScoreRelease.submission_id, Criterion)
        .join(CriterionScore, CriterionScore.release_id == ScoreRelease.id)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .where(ScoreRelease.id.in_(latest))
        .order_by(ScoreRelease.id, Criterion.position)
    ).all()
    names: dict[int, dict[int, Localised]] = defaultdict(dict)
    for level in db.session.scalars(
        select(CriterionLevel).where(CriterionLevel.criterion_id.in_({row.Criterion.id for row in rows}))
    ):
        names[level.criterion_id][level.number] = level.name
    found: dict[SubmissionId, list[_Words]] = defaultdict(list)
    for submission_id, criterion in rows:
        said = _Words(criterion.key, criterion.title, criterion.element, names[criterion.id])
        found[submission_id].append(said)
    return found
