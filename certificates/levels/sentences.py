"""Rules as sentences: what each asks, in the reader's words. Times are whole minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from babel.numbers import format_decimal

from certificates.levels.rules import Rule, RuleKind, Strand
from courses.catalogue.durations import say_minutes
from courses.meetings.models import MeetingKind
from courses.meetings.wording import say_meeting_kind
from courses.sessions.models import Kind, Mode
from courses.sessions.wording import say_kind, say_mode
from courses.surveys.stages import Stage
from courses.surveys.wording import say_stage
from institute.i18n import Localised, current_locale, gettext, ngettext, pgettext


@dataclass(frozen=True)
class Names:
    """What the things are called that rules name: modules as (number, title), requirements, levels.

    ``states`` says where each requirement stands, and whether that asks something of its owner.
    """

    modules: Mapping[str, tuple[int, Localised]] = field(default_factory=dict)
    requirements: Mapping[str, Localised] = field(default_factory=dict)
    states: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    levels: Mapping[str, Localised] = field(default_factory=dict)
    others: Mapping[tuple[RuleKind, str], Localised] = field(default_factory=dict)
    """What else rules may name, by the kind of rule: criteria, elements, what is asked of coaches, rubrics."""

    def of(self, rule: Rule) -> str:
        """Return what a rule names in the reader's words, its key where that is not known."""
        found = self.others.get((rule.kind, rule.key))
        return str(found) if found is not None else rule.key


def say_rule(rule: Rule, names: Names) -> str:
    """Return what a rule asks as one sentence, in the reader's words."""
    return _RULES[rule.kind](rule, names)


def say_strand(strand: Strand) -> str:
    """Return what rules of a strand are evidence of, in the reader's words."""
    words = {
        Strand.EXPERIENCES: pgettext("strand", "Experiences"),
        Strand.ABILITIES: pgettext("strand", "Abilities"),
        Strand.KNOWLEDGE: pgettext("strand", "Knowledge"),
        Strand.SKILLS: pgettext("strand", "Skills"),
        Strand.CAPACITY: pgettext("strand", "Capacity"),
    }
    return words[strand]


def say_score(score: Fraction | None) -> str:
    """Return an exact score as the reader writes numbers, to two places."""
    return format_decimal(float(score or 0), format="0.##", locale=current_locale())


def _say_hours(rule: Rule, _names: Names) -> str:
    said = gettext("At least %(time)s of confirmed coaching", time=say_minutes(rule.amount))
    return _narrowed(said, rule)


def _say_one_to_one(rule: Rule, _names: Names) -> str:
    said = gettext("At least %(time)s of one-to-one coaching", time=say_minutes(rule.amount))
    return _narrowed(said, rule)


def _say_coached_hours(rule: Rule, _names: Names) -> str:
    said = gettext("At least %(time)s of confirmed coaching given to others", time=say_minutes(rule.amount))
    return _narrowed(said, rule)


def _say_coached_people(rule: Rule, _names: Names) -> str:
    said = ngettext("%(num)s person coached", "%(num)s different people coached", rule.amount)
    return _narrowed(said, rule)


def _say_sessions(rule: Rule, _names: Names) -> str:
    said = ngettext("%(num)s confirmed session", "%(num)s confirmed sessions", rule.amount)
    return _narrowed(said, rule)


def _narrowed(said: str, rule: Rule) -> str:
    """Return what a rule about sessions asks, with the kinds, the ways and the time that count."""
    words = [say_kind(Kind(one)) for one in rule.session_kinds] + [say_mode(Mode(one)) for one in rule.modes]
    if words:
        said = gettext("%(rule)s (%(which)s)", rule=said, which=", ".join(words))
    if rule.recent_months:
        said = ngettext(
            "%(rule)s, within the last %(num)s month",
            "%(rule)s, within the last %(num)s months",
            rule.recent_months,
            rule=said,
        )
    return said


def _say_score(rule: Rule, names: Names) -> str:
    return gettext(
        "“%(title)s” is scored %(score)s or above", title=names.of(rule), score=say_score(rule.minimum)
    )


def _say_competency(rule: Rule, names: Names) -> str:
    return gettext(
        "The competency “%(title)s” is scored %(score)s or above",
        title=names.of(rule),
        score=say_score(rule.minimum),
    )


def _say_instrument(rule: Rule, _names: Names) -> str:
    return gettext("The survey of the stage “%(stage)s” is answered", stage=say_stage(Stage(rule.key)))


def _say_plan(rule: Rule, _names: Names) -> str:
    return ngettext(
        "%(num)s goal of the plan is reached", "%(num)s goals of the plan are reached", rule.amount
    )


def _say_meetings(rule: Rule, _names: Names) -> str:
    said = ngettext(
        "%(num)s meeting attended or made up: %(kind)s",
        "%(num)s meetings attended or made up: %(kind)s",
        rule.amount,
        kind=say_meeting_kind(MeetingKind(rule.key)),
    )
    return _narrowed(said, rule)


def _say_qualification(rule: Rule, names: Names) -> str:
    return gettext("“%(title)s” is verified and in force", title=names.of(rule))


def _say_calibration(rule: Rule, names: Names) -> str:
    return gettext("Calibrated to score by “%(title)s”", title=names.of(rule))


def _say_not_supervised(_rule: Rule, _names: Names) -> str:
    return gettext("The coach is not the supervisor")


def _say_any_of(rule: Rule, names: Names) -> str:
    """Return several rules of which one is enough as one sentence."""
    said = [say_rule(one, names) for one in rule.one_of]
    whole = said[0]
    for other in said[1:]:
        whole = gettext("%(one)s; or %(other)s", one=whole, other=other)
    return whole


def _say_months(rule: Rule, _names: Names) -> str:
    return ngettext(
        "%(num)s month that reached its minimum of coaching",
        "%(num)s months that reached their minimum of coaching",
        rule.amount,
    )


def _say_module(rule: Rule, names: Names) -> str:
    number, title = names.modules.get(rule.key, (0, None))
    if title is None:
        return gettext("Every step of the module “%(title)s” is done", title=rule.key)
    return gettext("Every step of module %(number)s is done: %(title)s", number=number, title=title)


def _say_evidence(rule: Rule, names: Names) -> str:
    return gettext("“%(title)s” is accepted", title=names.requirements.get(rule.key, rule.key))


def _say_level(rule: Rule, names: Names) -> str:
    return gettext("The level “%(level)s” is held", level=names.levels.get(rule.key) or names.of(rule))


def _say_dispute_free(_rule: Rule, _names: Names) -> str:
    return gettext("No coaching session is disputed")


_RULES: Final[Mapping[RuleKind, Callable[[Rule, Names], str]]] = {
    RuleKind.HOURS: _say_hours,
    RuleKind.ONE_TO_ONE_HOURS: _say_one_to_one,
    RuleKind.MONTHS: _say_months,
    RuleKind.MODULE: _say_module,
    RuleKind.EVIDENCE: _say_evidence,
    RuleKind.LEVEL: _say_level,
    RuleKind.DISPUTE_FREE: _say_dispute_free,
    RuleKind.SCORE: _say_score,
    RuleKind.COMPETENCY: _say_competency,
    RuleKind.INSTRUMENT: _say_instrument,
    RuleKind.PLAN: _say_plan,
    RuleKind.MEETINGS: _say_meetings,
    RuleKind.QUALIFICATION: _say_qualification,
    RuleKind.CALIBRATION: _say_calibration,
    RuleKind.COACHED_HOURS: _say_coached_hours,
    RuleKind.COACHED_PEOPLE: _say_coached_people,
    RuleKind.SESSIONS: _say_sessions,
    RuleKind.NOT_SUPERVISED: _say_not_supervised,
    RuleKind.ANY_OF: _say_any_of,
}
