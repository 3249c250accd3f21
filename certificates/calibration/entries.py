"""What the page of a paper sends, read strictly: levels of the rubric, and notes that fit."""

from __future__ import annotations

from collections.abc import Mapping

from certificates.calibration.attempts import LONGEST_NOTE
from certificates.calibration.errors import ScoresFaultyError
from certificates.calibration.taking import Scored
from certificates.calibration.trying import PaperTry
from certificates.rubrics.models import CriterionId
from courses.coaches.periods import typed_number
from institute.i18n import gettext
from institute.web.forms import storable

HIGHEST = 99


def read_scores(form: Mapping[str, str], here: PaperTry) -> dict[CriterionId, Scored]:
    """Return what the form says of each criterion that it holds. Raises ScoresFaultyError with every fault."""
    faults: dict[str, str] = {}
    found = {}
    for one in here.criteria:
        if f"base-{one.id}" not in form:
            continue
        typed, note = form.get(f"level-{one.id}", ""), storable(form.get(f"comment-{one.id}", ""))
        level = typed_number(typed, most=HIGHEST) if typed else None
        if typed and (level is None or not 1 <= level <= here.levels):
            faults[f"level-{one.id}"] = gettext(
                "A score of this rubric is a whole number from 1 to %(levels)s.", levels=here.levels
            )
        if len(note) > LONGEST_NOTE:
            faults[f"comment-{one.id}"] = gettext(
                "This text is too long: %(most)s characters at most.", most=LONGEST_NOTE
            )
        found[one.id] = Scored(level, note)
    if faults:
        raise ScoresFaultyError(faults)
    return found
