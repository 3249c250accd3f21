"""Rubrics in words: their fields, and what a policy asks of whoever scores."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from babel.numbers import format_decimal

from certificates.rubrics.policies import FLAGS, Policy, Releasing, Settled
from certificates.rubrics.sketches import Sketch
from institute.i18n import LazyText, current_locale, gettext, lazy_gettext, ngettext

POLICY_LABELS: Final[Mapping[str, LazyText]] = {
    "raters": lazy_gettext("Raters who always score"),
    "first": lazy_gettext("First scores of a rater that are doubled"),
    "retakes": lazy_gettext("Retakes are read by two"),
    "near_cut": lazy_gettext("Distance from the cut that asks for a second rater"),
    "share": lazy_gettext("Share of all others that is doubled, in percent"),
    "gap": lazy_gettext("Levels between two raters that are too many"),
    "across_cut": lazy_gettext("Raters on different sides of a cut are too far apart"),
    "settled": lazy_gettext("What counts once a third person has scored"),
    "calibrated": lazy_gettext("Only raters who passed the calibration score"),
    "apart_by_employer": lazy_gettext("Nobody scores evidence from their own employer"),
    "seeded": lazy_gettext("Share of known papers among a rater's tasks, in percent"),
    "incomplete": lazy_gettext("Condition codes that make evidence unscorable"),
    "days_to_score": lazy_gettext("Days for a rater to score"),
    "releasing": lazy_gettext("Who lets scores out"),
    "attempts": lazy_gettext("Attempts in all"),
    "days_to_revise": lazy_gettext("Days for a new attempt"),
    "days_to_appeal": lazy_gettext("Days to appeal"),
}
POLICY_HINTS: Final[Mapping[str, LazyText]] = {
    "raters": lazy_gettext("Two makes every score a double one; the rules below then add nothing."),
    "first": lazy_gettext(
        "As long as somebody is new to this rubric, a second rater reads what they scored."
    ),
    "retakes": lazy_gettext("Both of them have not scored an earlier attempt, and see none of its scores."),
    "near_cut": lazy_gettext(
        "A mean that lies this close to the cut, or closer, is read once more. Left empty, none is."
    ),
    "share": lazy_gettext("Drawn at random, from a seed that is written down, so that it can be checked."),
    "gap": lazy_gettext("Two scores of one criterion that lie this many levels apart go to a third person."),
    "across_cut": lazy_gettext("This holds for the mean and for each criterion with a minimum of its own."),
    "settled": lazy_gettext("The third person scores before seeing what the two others wrote."),
    "calibrated": lazy_gettext("It takes effect once a calibration set is published for this rubric."),
    "apart_by_employer": lazy_gettext(
        "Whoever coached or supervises the participant never scores, in any case."
    ),
    "seeded": lazy_gettext(
        "Papers whose scores are known show whether somebody drifts. Raters cannot tell them."
    ),
    "incomplete": lazy_gettext("From so many criteria on, it goes back as a whole instead of being scored."),
    "days_to_score": lazy_gettext("Then the rater is reminded, and the scoring lead sees the task."),
    "releasing": lazy_gettext("The scoring lead can look at everything before participants see it."),
    "attempts": lazy_gettext(
        "The first one counts. After the last one the coordinator talks with the participant."
    ),
    "days_to_revise": lazy_gettext("From the day the scores are released."),
    "days_to_appeal": lazy_gettext(
        "From the day the scores are released; two new raters then score once more."
    ),
}
SETTLED: Final[Mapping[Settled, LazyText]] = {
    Settled.ADJUDICATOR: lazy_gettext("The third person's scores alone"),
    Settled.CLOSEST_PAIR: lazy_gettext("The mean of the two closest"),
}
RELEASING: Final[Mapping[Releasing, LazyText]] = {
    Releasing.AUTOMATIC: lazy_gettext("Nobody: they go out once they are final"),
    Releasing.LEAD: lazy_gettext("The scoring lead"),
}


def say_policy_label(name: str) -> str:
    """Return what a field of a policy is called."""
    return str(POLICY_LABELS[name])


def say_policy_hint(name: str) -> str:
    """Return what a field of a policy means."""
    return str(POLICY_HINTS[name])


def say_policy_value(name: str, value: str) -> str:
    """Return what stands in a field of a policy, in words."""
    if name in FLAGS:
        return gettext("Yes") if value else gettext("No")
    if name == "settled" and value in list(Settled):
        return str(SETTLED[Settled(value)])
    if name == "releasing" and value in list(Releasing):
        return str(RELEASING[Releasing(value)])
    return value


def say_number(amount: Fraction) -> str:
    """Return an exact amount as the reader writes numbers; a fraction where two decimals do not say it."""
    if (amount * 100).denominator > 1:
        return f"{amount.numerator}/{amount.denominator}"
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(format_decimal(exact, locale=current_locale()))


def say_policy(policy: Policy, *, levels: int) -> list[str]:
    """Return what a policy asks, a sentence for each thing, for a rubric of so many levels."""
    return [*_readers(policy), *_differences(policy, levels), *_raters(policy), *_times(policy)]


def _readers(policy: Policy) -> list[str]:
    if policy.raters > 1:
        return [gettext("Two raters read every submission.")]
    said = [gettext("One rater reads each submission.")]
    if policy.first:
        said.append(
            ngettext(
                "A second one reads the first that a rater scores.",
                "A second one reads the first %(num)s that a rater scores.",
                policy.first,
            )
        )
    if policy.retakes:
        said.append(gettext("Every retake is read by two raters who have not scored it before."))
    if policy.near_cut is not None:
        said.append(
            gettext(
                "Whatever lies %(distance)s or less from the cut is read by a second one.",
                distance=say_number(policy.near_cut),
            )
        )
    if policy.share:
        said.append(gettext("Of all others, %(share)s%% are drawn for a second rater.", share=policy.share))
    if len(said) == 1:
        said.append(gettext("Nothing is read twice: one person's judgement decides."))
    return said


def _differences(policy: Policy, levels: int) -> list[str]:
    if policy == _never_twice(policy):
        return []
    reasons = []
    if policy.gap < levels:
        reasons.append(
            ngettext(
                "Two raters who are %(num)s level apart on a criterion go to a third person.",
                "Two raters who are %(num)s levels or more apart on a criterion go to a third person.",
                policy.gap,
            )
        )
    if policy.across_cut:
        reasons.append(gettext("So do two whose scores lie on different sides of a cut."))
    if not reasons:
        return [gettext("However far two raters are apart, the mean of both counts.")]
    if policy.gap >= levels:
        reasons = [gettext("Two raters whose scores lie on different sides of a cut go to a third person.")]
    if policy.settled is Settled.ADJUDICATOR:
        reasons.append(
            gettext("What the third person scores is final; otherwise the mean of both raters counts.")
        )
    else:
        reasons.append(gettext("Then the mean of the two closest counts; otherwise that of both raters."))
    return reasons


def _never_twice(policy: Policy) -> Policy | None:
    """Return the policy itself where no second rater ever scores by it."""
    doubled = (
        policy.raters > 1 or policy.first or policy.retakes or policy.share or policy.near_cut is not None
    )
    return None if doubled else policy


def _raters(policy: Policy) -> list[str]:
    said = []
    if policy.calibrated:
        said.append(gettext("Raters pass the calibration first, as soon as there is one."))
    if policy.apart_by_employer:
        said.append(gettext("Nobody scores evidence from their own employer."))
    if policy.seeded:
        said.append(
            gettext(
                "About %(share)s%% of a rater's tasks are papers whose scores are known.", share=policy.seeded
            )
        )
    said.append(
        ngettext(
            "One criterion with a condition code in place of a score makes the evidence unscorable.",
            "%(num)s criteria with a condition code in place of a score make the evidence unscorable.",
            policy.incomplete,
        )
    )
    return said


def _times(policy: Policy) -> list[str]:
    said = [
        ngettext("A rater has one day.", "A rater has %(num)s days.", policy.days_to_score),
        gettext("Scores go out when the scoring lead releases them.")
        if policy.releasing is Releasing.LEAD
        else gettext("Scores go out as soon as they are final."),
        ngettext("There is one attempt.", "There are %(num)s attempts in all.", policy.attempts),
    ]
    if policy.attempts > 1:
        said.append(
            ngettext(
                "A new one may be handed in within a day.",
                "A new one may be handed in within %(num)s days.",
                policy.days_to_revise,
            )
        )
    said.append(
        ngettext(
            "An appeal is possible for a day.",
            "An appeal is possible for %(num)s days.",
            policy.days_to_appeal,
        )
    )
    return said


def say_field(path: str, sketch: Sketch, other: Sketch | None = None) -> str:
    """Return what a path of a rubric names, such as “Vision, Meets: what it looks like”.

    What ``sketch`` does not have any more is named as ``other`` has it.
    """
    parts = path.split("/")
    if parts[0] == "policy":
        return say_policy_label(parts[1]) if len(parts) > 1 else gettext("Policy")
    if parts[0] == "levels" and len(parts) > 1:
        return gettext("Name of level %(level)s", level=_level(parts[1], sketch, other))
    if parts[0] == "criteria" and len(parts) > 2:  # noqa: PLR2004
        return _criterion_field(parts, sketch, other)
    words = {
        "title": gettext("Title of the rubric"),
        "cut": gettext("Cut"),
        "levels": gettext("Levels"),
        "criteria": gettext("Criteria"),
    }
    return words.get(path, path)


def _criterion_field(parts: list[str], sketch: Sketch, other: Sketch | None) -> str:
    one = sketch.criterion(parts[1]) or (other.criterion(parts[1]) if other is not None else None)
    title = (str(one.title) if one is not None else "") or parts[1]
    match parts[2:]:
        case ["title"]:
            return gettext("Criterion “%(criterion)s”: title", criterion=title)
        case ["element"]:
            return gettext("Criterion “%(criterion)s”: competency", criterion=title)
        case ["minimum"]:
            return gettext("Criterion “%(criterion)s”: minimum", criterion=title)
        case ["descriptors", level]:
            return gettext(
                "Criterion “%(criterion)s”, level %(level)s: descriptor",
                criterion=title,
                level=_level(level, sketch, other),
            )
        case ["examples", level]:
            return gettext(
                "Criterion “%(criterion)s”, level %(level)s: example",
                criterion=title,
                level=_level(level, sketch, other),
            )
    return "/".join(parts)


def _level(level_id: str, sketch: Sketch, other: Sketch | None) -> str:
    number = sketch.number_of(level_id) or (other.number_of(level_id) if other is not None else None)
    return str(number or "–")


def say_value(path: str, value: str | None, sketch: Sketch, names: Mapping[str, str]) -> str:
    """Return what stands at a path, in words; ``names`` says what the addresses of competencies are called."""
    if path.startswith("policy/"):
        return say_policy_value(path.partition("/")[2], value or "") or gettext("nothing")
    if not value:
        return gettext("nothing")
    if path == "levels":
        titles = {one.id: str(one.name) for one in sketch.levels}
        return " · ".join(titles.get(one) or "–" for one in value.split())
    if path == "criteria":
        return " · ".join(_title(sketch, key) for key in value.split())
    if path.endswith("/minimum"):
        number = sketch.number_of(value)
        return value if number is None else gettext("Level %(number)s", number=number)
    return names.get(value, value) if path.endswith("/element") else value


def _title(sketch: Sketch, key: str) -> str:
    one = sketch.criterion(key)
    return (str(one.title) if one is not None else "") or key
