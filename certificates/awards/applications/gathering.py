"""Gathering what is true of a participant, and what the things are called that rules name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from certificates.awards.applications.further import gather_further
from certificates.awards.applications.naming import names_of
from certificates.awards.models import Award
from certificates.awards.states import AwardStatus
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.evidence.states import SENT_BACK
from certificates.evidence.wording import say_state
from certificates.levels.facts import Facts, MonthFact, RequirementFact, StepsFact
from certificates.levels.models import Level, Track
from certificates.levels.queries import LevelLine
from certificates.levels.rules import Rule, RuleKind
from certificates.levels.wording import Names
from courses.catalogue.models import ProgrammeVersionId
from courses.catalogue.outlines import ModuleLine
from courses.catalogue.queries import load_outline
from courses.coaches.qualifying import own_profile
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.cohorts.queries import EnrolmentHere, Standing, done_steps
from courses.hours.figures import MonthStatus
from courses.hours.queries import hours_of
from institute.actors import InstituteId, PersonId, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised, current_locale, gettext
from institute.people.linking import same_person
from institute.people.models import Grant, Institute, Person
from institute.web.asking import once_a_page


@dataclass(frozen=True, slots=True)
class Candidacy:
    """What a level is reached by: an enrolment, or on other tracks what a person does in another role.

    ``starts`` is the first day of the cohort, or that of the role.
    """

    enrolment_id: EnrolmentId | None
    institute_id: InstituteId
    person_id: PersonId
    version_id: ProgrammeVersionId | None
    timezone: str
    starts: date


@dataclass(frozen=True)
class Gathered:
    """The facts about a candidacy, and what they were read from that pages show beside them."""

    facts: Facts
    standing: Standing | None
    requirements: Mapping[str, RequirementStatus]
    others: Mapping[tuple[RuleKind, str], Localised] = field(default_factory=dict)

    @property
    def modules(self) -> Sequence[ModuleLine]:
        """The modules of the cohort, none without one."""
        return self.standing.outline.modules if self.standing is not None else ()

    def names(self, levels: Sequence[LevelLine]) -> Names:
        """Return what the things are called that rules may name."""
        return Names(
            modules={one.slug: (one.number, one.title) for one in self.modules},
            requirements={key: _called(one, self.requirements) for key, one in self.requirements.items()},
            states={key: _stands(one, self.requirements) for key, one in self.requirements.items()},
            levels={level.key: level.name for level in levels},
            others=self.others,
        )


# Whoever is on a track began with the role; a mentor coach is a coach.
ROLES: Final = {Track.PARTICIPANT: Role.PARTICIPANT, Track.COACH: Role.COACH, Track.TRAINER: Role.TRAINER}

_CANDIDACY: Final = (
    select(
        Enrolment.id,
        Enrolment.institute_id,
        Enrolment.person_id,
        Enrolment.version_id,
        Cohort.timezone,
        Cohort.starts,
    )
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.institute_id == bindparam("institute"))
)
_AWARDS: Final = (
    select(Award, Institute.timezone, Level.key)
    .join(Institute, Institute.id == Award.institute_id)
    .join(Level, Level.id == Award.level_id)
    .where(
        Award.institute_id == bindparam("institute"),
        Award.person_id.in_(bindparam("people", expanding=True)),
    )
    .order_by(Award.level_position.desc(), Award.id.desc())
)


def find_candidacy(enrolment_id: EnrolmentId, institute_id: InstituteId) -> Candidacy:
    """Return an enrolment of an institute as a candidacy. Raises NotFoundError."""
    row = db.session.execute(_CANDIDACY, {"enrolment": enrolment_id, "institute": institute_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return Candidacy(*row)


def candidacy_of(enrolment: EnrolmentHere) -> Candidacy:
    """Return an enrolment that somebody found already as a candidacy."""
    return Candidacy(
        enrolment.id,
        enrolment.institute_id,
        enrolment.person_id,
        enrolment.version_id,
        enrolment.timezone,
        enrolment.starts,
    )


@once_a_page
def awards_of(institute_id: InstituteId, person_id: PersonId) -> Sequence[tuple[Award, str, str]]:
    """Return the certificates of a person, whichever of their accounts they were awarded to, highest level first.

    Each is (award, the institute's time zone, the key of the level).
    """
    people = list(same_person(person_id))
    rows = db.session.execute(_AWARDS, {"institute": institute_id, "people": people})
    return [(award, timezone, key) for award, timezone, key in rows]


def candidacy_of_person(person_id: PersonId, institute_id: InstituteId, track: Track) -> Candidacy:
    """Return what a person does in the role of a track as a candidacy. Raises NotFoundError."""
    person = db.session.get(Person, person_id)
    if person is None or person.institute_id != institute_id:
        raise NotFoundError
    zone = db.session.get_one(Institute, institute_id).timezone
    began = db.session.scalar(
        select(func.min(Grant.granted_at)).where(
            Grant.person_id.in_(same_person(person_id)),
            Grant.institute_id == institute_id,
            Grant.role == ROLES.get(track, Role.COACH),
        )
    )
    profile = own_profile(person_id) if track is Track.COACH else None
    day = profile.coaches_since if profile is not None else None
    starts = day or (began or person.created_at).astimezone(ZoneInfo(zone)).date()
    return Candidacy(None, institute_id, person_id, None, zone, starts)


def gather(candidacy: Candidacy, rules: Iterable[Rule] = (), *, briefly: bool = False) -> Gathered:
    """Return what is true now, in the cohort's zone: what pages always show, and what these rules ask for beyond.

    ``briefly`` looks at who attended only where these rules ask for it: no decision rests on such facts.
    """
    rules = tuple(rules)
    today = local_day(candidacy.timezone)
    further = gather_further(
        rules,
        institute_id=candidacy.institute_id,
        person_id=candidacy.person_id,
        enrolment_id=candidacy.enrolment_id,
        today=today,
        zone=candidacy.timezone,
    )
    if candidacy.enrolment_id is None or candidacy.version_id is None:
        held = _levels_held(candidacy)
        facts = Facts(today=today, starts=candidacy.starts, levels_held=held, **further)
        return Gathered(facts, None, {}, names_of(rules, candidacy.institute_id, levels=True))
    hours = hours_of(candidacy.enrolment_id, today=today)
    outline = load_outline(candidacy.institute_id, candidacy.version_id)
    standing = Standing(outline, done_steps(candidacy.enrolment_id))
    requirements = requirement_states(
        candidacy.enrolment_id, attended=_evidence_of(rules) if briefly else None
    )
    progress = {module.slug: standing.of_module(module) for module in outline.modules}
    facts = Facts(
        today=today,
        starts=candidacy.starts,
        counted=hours.counted,
        one_to_one=hours.one_to_one,
        months=tuple(
            MonthFact(
                one.year,
                one.month,
                one.counted,
                one.minimum,
                kept=one.status in {MonthStatus.MET, MonthStatus.TARGET},
            )
            for one in hours.months
        ),
        steps={slug: StepsFact(one.done, one.total) for slug, one in progress.items()},
        requirements={
            key: RequirementFact(_state_of(one, requirements), passed=one.met)
            for key, one in requirements.items()
            if one.state is not None or one.met
        },
        levels_held=_levels_held(candidacy),
        disputed=hours.disputed,
        **further,
    )
    return Gathered(facts, standing, requirements, names_of(rules, candidacy.institute_id))


def _evidence_of(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the keys of the requirements whose evidence these rules ask for."""
    every = [one for rule in rules for one in (rule, *rule.one_of)]
    return frozenset(one.key for one in every if one.kind is RuleKind.EVIDENCE)


def _stands(status: RequirementStatus, requirements: Mapping[str, RequirementStatus]) -> tuple[str, bool]:
    """Return where a requirement stands in words, and whether that asks something of its owner."""
    standing = requirements[status.met_by] if status.met_by else status
    if not standing.asks and standing.state is None:
        words = gettext("attended") if standing.passed else gettext("not attended yet")
        return words, False
    return say_state(standing.state), standing.state in SENT_BACK


def _state_of(status: RequirementStatus, requirements: Mapping[str, RequirementStatus]) -> str:
    """Return the state that a rule about a requirement rests on: that of the one that meets it, if another does."""
    standing = requirements[status.met_by] if status.met_by else status
    return str(standing.state) if standing.state is not None else "attended"


def _called(status: RequirementStatus, requirements: Mapping[str, RequirementStatus]) -> Localised:
    """Return what a rule calls a requirement: an either/or one by the titles of all that meet it."""
    same = [
        one.title
        for one in requirements.values()
        if one.choice is not None and (one.level_id, one.choice) == (status.level_id, status.choice)
    ]
    if len(same) < 2:  # noqa: PLR2004
        return status.title
    locale = current_locale()
    whole = same[0].in_(locale)
    for title in same[1:]:
        whole = gettext("%(one)s” or “%(other)s", one=whole, other=title.in_(locale))
    return Localised.of({locale: whole}, locale)


def _levels_held(candidacy: Candidacy) -> dict[str, date]:
    zone = ZoneInfo(candidacy.timezone)
    awards = awards_of(candidacy.institute_id, candidacy.person_id)
    return {
        key: award.issued_at.astimezone(zone).date()
        for award, _, key in awards[::-1]
        if award.status is AwardStatus.VALID
    }
