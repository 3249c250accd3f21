"""The rules of a level: what each one asks, and the one spelling by which a set of them is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

STANDARD: Final = "standard"
"""The key of the pathway that every level has."""
LOWEST_SCORE: Final = 1
HIGHEST_SCORE: Final = 9
"""No rubric has a level above this one: a rule that asks for more could be met by nobody."""
LONGEST_SCORE: Final = 7


class Strand(StrEnum):
    """What a rule is evidence of, as programmes group their criteria."""

    EXPERIENCES = "experiences"
    ABILITIES = "abilities"
    KNOWLEDGE = "knowledge"
    SKILLS = "skills"
    CAPACITY = "capacity"


class RuleKind(StrEnum):
    """What a rule asks for."""

    HOURS = "hours"
    ONE_TO_ONE_HOURS = "one_to_one_hours"
    MONTHS = "months"
    MODULE = "module"
    EVIDENCE = "evidence"
    LEVEL = "level"
    DISPUTE_FREE = "dispute_free"
    SCORE = "score"
    """A requirement's evidence, or one criterion of it (``requirement/criterion``), scored ``minimum`` or above."""
    COMPETENCY = "competency"
    """An element of a framework, scored ``minimum`` or above wherever a criterion belongs to it."""
    INSTRUMENT = "instrument"
    """The survey of a stage (initial, interim, final) answered."""
    PLAN = "plan"
    """A number of goals of the own plan reached."""
    MEETINGS = "meetings"
    """A number of meetings of a type attended; one made up counts once."""
    QUALIFICATION = "qualification"
    """A requirement for coaches that is verified and in force."""
    CALIBRATION = "calibration"
    """Qualified today to score by a rubric."""
    COACHED_HOURS = "coached_hours"
    """Confirmed coaching that was given."""
    COACHED_PEOPLE = "coached_people"
    """How many different people were coached."""
    SESSIONS = "sessions"
    """A number of confirmed sessions."""
    NOT_SUPERVISED = "not_supervised"
    """No coach is the person's supervisor."""
    ANY_OF = "any_of"
    """One of several rules is enough."""


# Kinds that ask for an amount: whole minutes of counted coaching, or a number of something.
TIMED: Final = frozenset({RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS, RuleKind.COACHED_HOURS})
MEASURED: Final = TIMED | {
    RuleKind.MONTHS,
    RuleKind.PLAN,
    RuleKind.MEETINGS,
    RuleKind.COACHED_PEOPLE,
    RuleKind.SESSIONS,
}
# Kinds that name something: a module's slug, the key of a requirement, a level, a rubric, an element, an instrument.
NAMED: Final = frozenset(
    {
        RuleKind.MODULE,
        RuleKind.EVIDENCE,
        RuleKind.LEVEL,
        RuleKind.SCORE,
        RuleKind.COMPETENCY,
        RuleKind.INSTRUMENT,
        RuleKind.MEETINGS,
        RuleKind.QUALIFICATION,
        RuleKind.CALIBRATION,
    }
)
# Kinds that can be met without being enrolled, as on the tracks of coaches, trainers and mentors.
WITHOUT_ENROLMENT: Final = frozenset(
    {
        RuleKind.LEVEL,
        RuleKind.DISPUTE_FREE,
        RuleKind.MEETINGS,
        RuleKind.QUALIFICATION,
        RuleKind.CALIBRATION,
        RuleKind.COACHED_HOURS,
        RuleKind.COACHED_PEOPLE,
        RuleKind.SESSIONS,
        RuleKind.ANY_OF,
    }
)
# Kinds that ask for a score.
SCORED: Final = frozenset({RuleKind.SCORE, RuleKind.COMPETENCY})
# Kinds that may ask for what is recent, or for sessions of some kinds and modes alone.
OF_SESSIONS: Final = TIMED | {RuleKind.SESSIONS, RuleKind.COACHED_PEOPLE}
# Kinds that may ask for what is recent.
RECENT: Final = OF_SESSIONS | {RuleKind.MEETINGS}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``amount`` is in minutes (hours) or a number, ``key`` names what the rule is about.

    ``within_months`` says by when, counted from the cohort's first day; None is no date. ``minimum`` is an exact score.
    ``recent_months``: only what happened in so many calendar months before today counts. ``session_kinds`` and
    ``modes`` are the sessions that count, all of them where empty. ``pathways`` are those that ask for this rule,
    every one where empty. ``one_of`` holds the rules of which one is enough; these hold none themselves.
    """

    kind: RuleKind
    amount: int = 0
    key: str = ""
    within_months: int | None = None
    minimum: Fraction | None = None
    recent_months: int | None = None
    session_kinds: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    strand: Strand | None = None
    pathways: tuple[str, ...] = ()
    one_of: tuple[Rule, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether only some of what happened counts: what is recent, or sessions of some kinds."""
        return bool(self.recent_months or self.session_kinds or self.modes)

    def is_on(self, pathway: str) -> bool:
        """Tell whether a pathway asks for this rule."""
        return not self.pathways or pathway in self.pathways


def says_the_same(rule: Rule, other: Rule) -> bool:
    """Tell whether two rules ask for the same thing, however much of it, on a pathway that both are on."""
    together = not rule.pathways or not other.pathways or bool(set(rule.pathways) & set(other.pathways))
    return together and _plain(rule) == _plain(other)


def read_score(text: str) -> Fraction | None:
    """Return an exact score that is written as 3, 2.5 or 7/3; None where it is none that a rubric can give."""
    above, line, below = (part.strip() for part in text.replace(",", ".").partition("/"))
    if line and ("." in above or "." in below):
        return None
    if not all(_is_number(part) for part in ([above, below] if line else [above])):
        return None
    if line and not int(below):
        return None
    score = Fraction(int(above), int(below)) if line else Fraction(above)
    return score if LOWEST_SCORE <= score <= HIGHEST_SCORE else None


def write_rules(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return rules as JSON holds them; what a kind does not use is left out."""
    return [_write(rule) for rule in rules]


def read_rules(written: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules that ``write_rules`` wrote."""
    return tuple(
        Rule(
            kind=RuleKind(one["kind"]),
            amount=one.get("amount", 0),
            key=one.get("key", ""),
            within_months=one.get("within_months"),
            minimum=Fraction(one["minimum"]) if "minimum" in one else None,
            recent_months=one.get("recent_months"),
            session_kinds=tuple(one.get("session_kinds", ())),
            modes=tuple(one.get("modes", ())),
            strand=Strand(one["strand"]) if "strand" in one else None,
            pathways=tuple(one.get("pathways", ())),
            one_of=read_rules(one.get("one_of", ())),
        )
        for one in written
    )


def canonical(value: object) -> str:
    """Return the one spelling of a JSON value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: object) -> str:
    """Return the SHA-256 (hex) of a JSON value's one spelling."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(rule: Rule) -> Rule:
    """Return what a rule is about, without how much of it and by when."""
    return replace(rule, amount=0, within_months=None, minimum=None, strand=None, pathways=())


def _is_number(text: str) -> bool:
    return (
        len(text) <= LONGEST_SCORE
        and text.isascii()
        and text[:1].isdigit()
        and text[-1:].isdigit()
        and text.replace(".", "", 1).isdigit()
    )


def _write(rule: Rule) -> dict[str, Any]:
    written: dict[str, Any] = {"kind": rule.kind.value}
    if rule.kind in MEASURED:
        written["amount"] = rule.amount
    if rule.kind in NAMED:
        written["key"] = rule.key
    more = {
        "within_months": rule.within_months,
        "minimum": None if rule.minimum is None else str(rule.minimum),
        "recent_months": rule.recent_months,
        "strand": rule.strand,
        "session_kinds": list(rule.session_kinds) or None,
        "modes": list(rule.modes) or None,
        "pathways": list(rule.pathways) or None,
        "one_of": write_rules(rule.one_of) or None,
    }
    return written | {name: value for name, value in more.items() if value is not None}
