"""What an award stands on, kept with it: every rule and figure, and the rules in the award's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.applications.applying import recheck, take_snapshot
from certificates.awards.applications.gathering import Gathered
from certificates.awards.errors import NotEligibleError
from certificates.awards.models import Application
from certificates.levels.eligibility import RuleResult, all_met
from certificates.levels.models import Level, RuleSet
from certificates.levels.queries import levels_of
from certificates.levels.wording import say_result
from certificates.scoring.outcomes.queries import Result, results_of
from institute.i18n import speaking


def require_met(application: Application, session: Session) -> tuple[dict[str, Any], int, RuleSet]:
    """Return the snapshot, the minutes that count and the version of the rules. Raises NotEligibleError."""
    gathered, results, rules = recheck(application, session)
    if not all_met(results):
        raise NotEligibleError
    level = session.get_one(Level, application.level_id)
    snapshot = take_snapshot(application, rules.sha256, gathered, results)
    snapshot["level_count"] = session.scalar(
        select(func.count(Level.id)).where(
            Level.institute_id == application.institute_id, Level.track == level.track
        )
    )
    snapshot["scores"] = {
        key: {
            "score": [one.score.numerator, one.score.denominator],
            "maximum": [one.maximum.numerator, one.maximum.denominator],
            "passed": one.passed,
            "criteria": {name: [level.numerator, level.denominator] for name, level in one.criteria.items()},
            "raters": sorted(one.rater_ids),
            "released_at": one.released_at.isoformat(),
        }
        for key, one in _results(application).items()
    }
    snapshot["words"] = _in_words(application, level, gathered, results)
    return snapshot, gathered.facts.counted, rules


def _in_words(
    application: Application, level: Level, gathered: Gathered, results: tuple[RuleResult, ...]
) -> dict[str, list[list[str]]]:
    """Return each rule as a sentence and how it stood, by the award's languages."""
    levels = levels_of(application.institute_id, level.track)
    words = {}
    for locale in (application.locale, application.second_locale):
        if locale is None:
            continue
        with speaking(locale):
            names = gathered.names(levels)
            said = [say_result(result, gathered.facts, names) for result in results]
            words[locale] = [[one.rule, one.stands] for one in said]
    return words


def _results(application: Application) -> Mapping[str, Result]:
    return results_of(application.enrolment_id) if application.enrolment_id is not None else {}
