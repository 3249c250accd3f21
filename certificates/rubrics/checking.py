"""Whether a rubric that is being written can be scored by: every problem by the path of its field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from certificates.rubrics.amounts import read_amount
from certificates.rubrics.defining import CriterionDraft, RubricDraft
from certificates.rubrics.errors import (
    ChoiceNeededError,
    CriteriaNeededError,
    CutNeededError,
    DistanceNeededError,
    ElementMalformedError,
    LevelGoneError,
    LevelsNeededError,
    NumberNeededError,
    TextLengthError,
    TextNeededError,
)
from certificates.rubrics.loading import FEWEST_LEVELS, MOST_LEVELS
from certificates.rubrics.policies import FARTHEST_FROM_CUT, FLAGS, LIMITS, Policy, Releasing, Settled
from certificates.rubrics.sketches import CRITERION, POLICY, Sketch, SketchCriterion, texts_of
from courses.frameworks.naming import keys_of
from institute.errors import DomainError
from institute.i18n import OWN_NAMES, Localised

MOST_CRITERIA: Final = 30
LINE_MOST: Final = 300
TEXT_MOST: Final = 4_000
_LONG: Final = ("descriptors", "examples")

Problems = dict[str, DomainError]


@dataclass(frozen=True, slots=True)
class Checked:
    """The rubric that a sketch says, or None, and what has to be mended by the paths of the fields."""

    draft: RubricDraft | None
    problems: Mapping[str, DomainError] = field(default_factory=dict)


def check_sketch(key: str, sketch: Sketch) -> Checked:
    """Return a sketch as a rubric that can be published under ``key``, or every problem that it has."""
    problems: Problems = {}
    for path, text in texts_of(sketch).items():
        _check_text(path, text, problems)
    if not FEWEST_LEVELS <= len(sketch.levels) <= MOST_LEVELS:
        problems["levels"] = LevelsNeededError()
    if not 1 <= len(sketch.criteria) <= MOST_CRITERIA:
        problems["criteria"] = CriteriaNeededError(most=MOST_CRITERIA)
    cut = read_amount(sketch.cut)
    if cut is None or not 1 <= cut <= max(len(sketch.levels), 1):
        problems["cut"] = CutNeededError(most=len(sketch.levels))
    for one in sketch.criteria:
        _check_criterion(sketch, one, problems)
    policy, wrong = check_policy(sketch.policy)
    problems |= {f"{POLICY}/{name}": error for name, error in wrong.items()}
    if problems or policy is None or cut is None:
        return Checked(None, problems)
    return Checked(_finished(key, sketch, cut, policy))


def check_policy(fields: Mapping[str, str]) -> tuple[Policy | None, Problems]:
    """Return the policy that the fields of a form say, or None, and what is wrong by the names of the fields."""
    problems: Problems = {}
    said: dict[str, Any] = {name: bool(fields.get(name)) for name in FLAGS}
    for name, limits in LIMITS.items():
        number = read_amount(fields.get(name, ""))
        if number is None or number.denominator != 1 or int(number) not in limits:
            problems[name] = NumberNeededError(least=limits[0], most=limits[-1])
        else:
            said[name] = int(number)
    near = fields.get("near_cut", "")
    said["near_cut"] = read_amount(near) if near else None
    if near and (said["near_cut"] is None or said["near_cut"] > FARTHEST_FROM_CUT):
        problems["near_cut"] = DistanceNeededError(most=FARTHEST_FROM_CUT)
    for name, kind in (("settled", Settled), ("releasing", Releasing)):
        chosen = fields.get(name, "")
        if chosen in [member.value for member in kind]:
            said[name] = kind(chosen)
        else:
            problems[name] = ChoiceNeededError()
    return (None if problems else Policy(**said)), problems


def _check_text(path: str, text: Localised, problems: Problems) -> None:
    if not text.texts.get(text.source, "").strip():
        problems[path] = TextNeededError()
    most = TEXT_MOST if path.split("/")[-2:][0] in _LONG else LINE_MOST
    for locale, said in text.texts.items():
        if len(said) > most:
            problems[path] = TextLengthError(most=most, length=len(said), language=OWN_NAMES[locale])


def _check_criterion(sketch: Sketch, one: SketchCriterion, problems: Problems) -> None:
    start = f"{CRITERION}{one.key}"
    for level in sketch.levels:
        if level.id not in one.descriptors:
            problems[f"{start}/descriptors/{level.id}"] = TextNeededError()
    if one.minimum and sketch.number_of(one.minimum) is None:
        problems[f"{start}/minimum"] = LevelGoneError()
    if one.element and keys_of(one.element) is None:
        problems[f"{start}/element"] = ElementMalformedError()


def _finished(key: str, sketch: Sketch, cut: Fraction, policy: Policy) -> RubricDraft:
    ids = [level.id for level in sketch.levels]
    criteria = tuple(
        CriterionDraft(
            key=one.key,
            title=one.title,
            descriptors=tuple(one.descriptors[level] for level in ids),
            examples=tuple(map(one.examples.get, ids)) if one.examples.keys() & set(ids) else (),
            element=one.element or None,
            minimum=sketch.number_of(one.minimum),
        )
        for one in sketch.criteria
    )
    return RubricDraft(
        key=key,
        title=sketch.title,
        cut=cut,
        level_names=tuple(level.name for level in sketch.levels),
        criteria=criteria,
        policy=policy,
    )
