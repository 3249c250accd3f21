"""Everything that a packet for an auditor says, read from what was frozen with the award and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from certificates.awards.applications.applying import recheck
from certificates.awards.applications.waiting import steps_of
from certificates.awards.holders.sharing import sharing_of
from certificates.awards.models import Application, Award
from certificates.awards.queries import AwardView, StepLine, view_award
from certificates.evidence.reading import EvidencePacket
from certificates.levels.eligibility import RuleResult
from certificates.levels.facts import Facts
from certificates.levels.models import RuleSet
from certificates.levels.queries import levels_of
from certificates.levels.rules import RuleKind, digest, read_rules
from certificates.levels.wording import Names, say_result
from certificates.registry.chaining import Chain, chain_of
from certificates.registry.contents import Attached, attached_to, evidence_of
from certificates.rubrics.models import Criterion, Rubric
from courses.coaching.queries import LogLine, logs_of
from courses.meetings.attendance import Counted, counted_of
from courses.meetings.models import Meeting
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised, current_locale, language_tag
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a sentence, what there was when it was decided, and the kind of rule; ``tag`` is their language's."""

    kind: RuleKind
    rule: str
    stands: str
    met: bool
    tag: str


@dataclass(frozen=True, slots=True)
class ScoreLines:
    """The scores of a piece of evidence, exact. ``raters`` counts who scored it: nobody is named."""

    key: str
    score: Fraction
    maximum: Fraction
    passed: bool
    raters: int
    criteria: Sequence[tuple[str, Fraction]]


@dataclass(frozen=True)
class Audited:
    """What a packet says. ``whole`` tells whether the frozen snapshot still has the digest that was kept with it.

    ``shared`` are the keys of the evidence that the holder lets others see.
    """

    view: AwardView
    institute_name: Localised
    rules_version: int
    rules_sha256: str
    rules: Sequence[RuleLine]
    steps: Sequence[StepLine]
    scores: Sequence[ScoreLines]
    sessions: Sequence[LogLine]
    sessions_missing: int
    meetings: Sequence[Counted]
    evidence: Sequence[tuple[str, EvidencePacket]]
    attached: Sequence[Attached]
    shared: frozenset[str]
    chain: Chain
    titles: Mapping[str, Localised]
    whole: bool
    made_at: datetime

    @property
    def award(self) -> Award:
        """The award."""
        return self.view.award

    @property
    def minutes(self) -> int:
        """The minutes of the sessions that the award rests on."""
        return sum(one.minutes for one in self.sessions)


def audited(award: Award) -> Audited:
    """Return everything that a packet about an award says, in the language that is spoken here."""
    actor = Actor(institute_id=award.institute_id, person_id=None, door="worker")
    rules = db.session.get_one(RuleSet, award.rule_set_id)
    names = _names(award)
    evidence, sharing = evidence_of(award), sharing_of(award)
    sessions, missing = _sessions(award)
    titles = {**names.requirements, **{key: one.requirement_title for key, one in evidence}}
    return Audited(
        view=view_award(award.id, actor),
        institute_name=db.session.get_one(Institute, award.institute_id).name,
        rules_version=rules.version,
        rules_sha256=rules.sha256,
        rules=_rules(award, rules, names),
        steps=steps_of(award.application_id)[::-1],
        scores=_scores(award),
        sessions=sessions,
        sessions_missing=missing,
        meetings=_meetings(award),
        evidence=evidence,
        attached=attached_to(award, sharing),
        shared=sharing.evidence,
        chain=chain_of(award),
        titles=titles,
        whole=digest(award.snapshot) == award.snapshot_sha256,
        made_at=now(),
    )


def _names(award: Award) -> Names:
    """Return what things are called that rules name; nothing where what they rest on is gone."""
    application = db.session.get_one(Application, award.application_id)
    try:
        gathered, _, _ = recheck(application, db.session())
    except NotFoundError:
        return Names()
    return gathered.names(levels_of(award.institute_id))


def _rules(award: Award, rules: RuleSet, names: Names) -> list[RuleLine]:
    """Return each rule with the figures that were frozen, not with those of today.

    In the words that were frozen with them, in the reader's language where it is one of the certificate's, else in the
    certificate's; awards of before words were kept are said anew.
    """
    words: dict[str, list[list[str]]] = award.snapshot.get("words", {})
    figures: list[list[Any]] = list(award.snapshot.get("results", []))
    locale = current_locale() if current_locale() in words else award.locale
    said = words.get(locale)
    if said is None:
        return _said_anew(award, rules, figures, names)
    return [
        RuleLine(RuleKind(kind), rule, stands, bool(met), language_tag(locale))
        for (kind, _, _, _, met, *_), (rule, stands) in zip(figures, said, strict=False)
    ]


def _said_anew(award: Award, rules: RuleSet, figures: list[list[Any]], names: Names) -> list[RuleLine]:
    frozen = award.snapshot.get("facts", {})
    facts = Facts(
        today=_day(frozen.get("today"), award),
        starts=_day(frozen.get("starts"), award),
        levels_held={key: date.fromisoformat(day) for key, day in frozen.get("levels_held", {}).items()},
        disputed=int(frozen.get("disputed", 0)),
    )
    asked = [rule for rule in read_rules(rules.rules) if rule.is_on(award.pathway)]
    tag = language_tag(current_locale())
    found = []
    for rule, (_, _, have, need, met, *_) in zip(asked, figures, strict=False):
        words = say_result(RuleResult(rule, met=met, have=have, need=need, by=None), facts, names)
        stands = words.stands if rule.kind is not RuleKind.EVIDENCE else ""
        found.append(RuleLine(rule.kind, words.rule, stands, met, tag))
    return found


def _scores(award: Award) -> list[ScoreLines]:
    frozen: dict[str, dict[str, Any]] = award.snapshot.get("scores", {})
    keys = {key for one in frozen.values() for key in one["criteria"]}
    rows = db.session.execute(
        select(Criterion.key, Criterion.title)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.institute_id == award.institute_id, Criterion.key.in_(keys))
        .order_by(Criterion.id)
    )
    titles = {row.key: row.title for row in rows}
    return [
        ScoreLines(
            key=key,
            score=Fraction(*one["score"]),
            maximum=Fraction(*one["maximum"]),
            passed=bool(one["passed"]),
            raters=len(one["raters"]),
            criteria=[
                (str(titles.get(name, name)), Fraction(*level)) for name, level in one["criteria"].items()
            ],
        )
        for key, one in frozen.items()
    ]


def _sessions(award: Award) -> tuple[list[LogLine], int]:
    """Return the sessions that the award rests on, oldest first, and how many are not there any more."""
    wanted = {int(one) for one in award.snapshot.get("sessions", [])}
    if award.enrolment_id is None or not wanted:
        return [], 0
    logs = logs_of(award.enrolment_id, institute_id=award.institute_id)
    found = [one for one in reversed(logs) if one.id in wanted]
    return found, len(wanted) - len(found)


def _meetings(award: Award) -> list[Counted]:
    """Return the meetings that the holder attended or made up for until the award was issued."""
    counted = counted_of(
        award.person_id, Meeting.institute_id == award.institute_id, Meeting.starts <= award.issued_at
    )
    return list(counted.values())


def _day(text: str | None, award: Award) -> date:
    return date.fromisoformat(text) if text else award.issued_at.date()
