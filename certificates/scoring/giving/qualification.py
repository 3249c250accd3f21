"""Who is not qualified for a rubric whose policy asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from certificates.calibration.qualified import is_gated, untils_of
from certificates.rubrics.models import Rubric
from certificates.rubrics.policies import Policy
from certificates.scoring.giving.raters import Rater
from institute.actors import PersonId


def unqualified(raters: Sequence[Rater], rubric: Rubric, policy: Policy) -> frozenset[PersonId]:
    """Return those who must pass the calibration of a rubric before they score by it; nobody where there is none."""
    if not policy.calibrated or not is_gated(rubric.institute_id, rubric.key):
        return frozenset()
    able = untils_of([rater.person_id for rater in raters], rubric.key)
    return frozenset(rater.person_id for rater in raters if rater.person_id not in able)
