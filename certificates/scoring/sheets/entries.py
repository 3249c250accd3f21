"""What a scoring page sends, read strictly: levels of the rubric and comments that fit."""

from __future__ import annotations

from collections.abc import Mapping

from certificates.rubrics.models import CriterionId
from certificates.scoring.errors import SheetInvalidError
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.releasing import Condition
from certificates.scoring.sheets.pages import CriterionSheet, ScoringPage
from certificates.scoring.sheets.writing import LONGEST_COMMENT, Written
from institute.i18n import gettext

LONGEST_NUMBER = 6


def read_scores(form: Mapping[str, str], page: ScoringPage) -> dict[CriterionId, Written]:
    """Return what the form says of each criterion that it holds. Raises SheetInvalidError with every fault.

    A criterion has a level or a condition code, which are one choice of the form.
    """
    faults: dict[str, str] = {}
    written = {}
    for criterion in page.criteria:
        if f"base-{criterion.id}" in form:
            written[criterion.id] = _read(form, criterion, page.levels, faults)
    if faults:
        raise SheetInvalidError(faults)
    return written


def read_words(form: Mapping[str, str]) -> dict[CriterionId, Written]:
    """Return what can be kept of a form whose task is no longer its sender's: whatever is not whole is left out."""
    words = {}
    for name, typed in form.items():
        criterion, number = name.removeprefix("comment-"), None
        if criterion == name or (number := _number(criterion)) is None or number < 0:
            continue
        chosen = form.get(f"level-{criterion}", "")
        condition = ConditionCode(chosen) if chosen in list(ConditionCode) else None
        level = None if condition else _number(chosen)
        written = Written(
            0, level if level and level > 0 else None, plain_text(typed)[:LONGEST_COMMENT], condition
        )
        words[CriterionId(number)] = written
    return words


def read_condition(form: Mapping[str, str]) -> Condition:
    """Return why the evidence cannot be scored. Raises SheetInvalidError with every fault."""
    code, reason = form.get("code", ""), plain_text(form.get("reason", "")).strip()
    faults = {}
    if code not in list(ConditionCode):
        faults["code"] = gettext("Choose why it cannot be scored.")
    if not reason:
        faults["reason"] = gettext("Say in a sentence what is missing or wrong. The participant reads it.")
    elif len(reason) > LONGEST_COMMENT:
        faults["reason"] = too_long()
    if faults:
        raise SheetInvalidError(faults)
    return Condition(ConditionCode(code), reason)


def plain_text(typed: str) -> str:
    """Return typed text with one kind of line end and without the characters that no database takes."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def too_long() -> str:
    """Return the sentence for a text that does not fit."""
    return gettext("This text is too long: %(most)s characters at most.", most=LONGEST_COMMENT)


def _read(form: Mapping[str, str], criterion: CriterionSheet, levels: int, faults: dict[str, str]) -> Written:
    chosen = form.get(f"level-{criterion.id}", "")
    condition = ConditionCode(chosen) if chosen in list(ConditionCode) else None
    level = None if condition else _number(chosen)
    comment = plain_text(form.get(f"comment-{criterion.id}", ""))
    if level is not None and not 1 <= level <= levels:
        faults[f"level-{criterion.id}"] = gettext(
            "A score of this rubric is a whole number from 1 to %(levels)s.", levels=levels
        )
    if len(comment) > LONGEST_COMMENT and comment != criterion.comment:
        faults[f"comment-{criterion.id}"] = too_long()
    return Written(_number(form.get(f"base-{criterion.id}", "")) or 0, level, comment, condition)


def _number(typed: str) -> int | None:
    """Return a whole number, None where nothing was chosen, and -1 for what is no number."""
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER:
        return int(typed)
    return -1
