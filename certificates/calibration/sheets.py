"""What the lead's forms send, read strictly: a set, a paper, words."""

from __future__ import annotations

from collections.abc import Mapping

from certificates.calibration.building import SetSheet
from certificates.calibration.errors import SetFormError
from certificates.calibration.languages import said_in, written
from certificates.calibration.models import (
    LONGEST_RATIONALE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    AnchorUse,
    CalibrationSet,
)
from certificates.calibration.papering import PaperSheet
from certificates.calibration.showing import PaperForm
from certificates.rubrics.models import CriterionId
from courses.coaches.periods import typed_number
from institute.i18n import Localised, gettext
from institute.web.forms import storable

WHOLE = 100
MOST_MISSES = 99


def read_set(form: Mapping[str, str], *, language: str, before: CalibrationSet | None = None) -> SetSheet:
    """Return what the form of a set says. Raises SetFormError with every fault."""
    faults: dict[str, str] = {}
    title = written(before.title if before else None, _line(form, "title"), language=language)
    if title is None:
        faults["title"] = gettext("Give the set a title.")
    elif len(said_in(title, language)) > LONGEST_TITLE:
        faults["title"] = too_long(LONGEST_TITLE)
    exact = typed_number(form.get("least_exact", ""), most=WHOLE)
    near = typed_number(form.get("least_near", ""), most=WHOLE)
    misses = typed_number(form.get("most_misses", ""), most=MOST_MISSES)
    if exact is None:
        faults["least_exact"] = gettext("Write a whole number from 0 to 100.")
    if near is None:
        faults["least_near"] = gettext("Write a whole number from 0 to 100.")
    elif exact is not None and near < exact:
        faults["least_near"] = gettext(
            "This includes the exact scores, so it cannot be less than their share."
        )
    if misses is None:
        faults["most_misses"] = gettext("Write a whole number from 0 to 99.")
    if title is None or exact is None or near is None or misses is None or faults:
        raise SetFormError(faults)
    return SetSheet(title, exact, near, misses)


def read_paper(form: Mapping[str, str], here: PaperForm) -> PaperSheet:
    """Return what the form of a paper says, in the language of the page. Raises SetFormError with every fault."""
    faults: dict[str, str] = {}
    use = form.get("use", here.use)
    if use not in list(AnchorUse):
        faults["use"] = gettext("Choose what the paper is for.")
    text = _text(form, "text", LONGEST_TEXT, faults)
    rationale = _text(form, "rationale", LONGEST_RATIONALE, faults)
    scores: dict[CriterionId, tuple[int | None, Localised | None]] = {}
    for line in here.criteria:
        typed = form.get(f"level-{line.id}", "")
        level = typed_number(typed, most=MOST_MISSES) if typed else None
        if typed and (level is None or not 1 <= level <= here.levels):
            faults[f"level-{line.id}"] = gettext(
                "A score of this rubric is a whole number from 1 to %(levels)s.", levels=here.levels
            )
        why = _text(form, f"why-{line.id}", LONGEST_RATIONALE, faults)
        reason = written(line.rationale, why, language=here.language)
        if reason is not None and level is None and f"level-{line.id}" not in faults:
            faults[f"level-{line.id}"] = gettext("Choose the level that this reason is about.")
        scores[line.id] = (level, reason)
    if faults:
        raise SetFormError(faults)
    return PaperSheet(
        use=AnchorUse(use),
        text=written(here.text, text, language=here.language),
        rationale=written(here.rationale, rationale, language=here.language),
        scores=scores,
    )


def read_words(form: Mapping[str, str], name: str, missing: str) -> str:
    """Return a few words that must be there. Raises SetFormError."""
    faults: dict[str, str] = {}
    words = _text(form, name, LONGEST_RATIONALE, faults)
    if not words:
        faults[name] = missing
    if faults:
        raise SetFormError(faults)
    return words


def too_long(most: int) -> str:
    """Return the sentence for a text that does not fit."""
    return gettext("This text is too long: %(most)s characters at most.", most=most)


def _text(form: Mapping[str, str], name: str, most: int, faults: dict[str, str]) -> str:
    text = storable(form.get(name, "")).strip()
    if len(text) > most:
        faults[name] = too_long(most)
    return text


def _line(form: Mapping[str, str], name: str) -> str:
    return " ".join(storable(form.get(name, "")).split())
