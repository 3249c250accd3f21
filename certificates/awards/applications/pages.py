"""What a participant's pages show of the levels: the ladder, what is missing for the next one, the certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from certificates.awards.applications.applying import usual_locales
from certificates.awards.applications.gathering import (
    Candidacy,
    awards_of,
    candidacy_of,
    candidacy_of_person,
    gather,
)
from certificates.awards.applications.whatif import WhatIf, suppose
from certificates.awards.errors import DocumentNotReadyError
from certificates.awards.models import Application, ApplicationId, ApplicationStep, Award, AwardId
from certificates.awards.states import STANDING, ApplicationState, AwardStatus
from certificates.levels.eligibility import RuleResult, best_pathway, check
from certificates.levels.facts import Facts
from certificates.levels.foreseeing import GIVEN
from certificates.levels.models import Level, LevelId, RuleSet, Track
from certificates.levels.queries import LEVELS, LevelLine, RulesLine, level_line, levels_of, rules_line
from certificates.levels.rules import STANDARD, Strand
from certificates.levels.wording import RuleWords, say_result
from courses.cohorts.assigning import local_day
from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.queries import find_enrolment
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.files.reading import find_file
from institute.i18n import SOURCE_LOCALE, Localised
from institute.people.linking import same_person
from institute.people.models import Person

# After these the person may apply anew.
GIVEN_BACK: Final = frozenset({ApplicationState.RETURNED, ApplicationState.DENIED})


@dataclass(frozen=True, slots=True)
class OwnAward:
    """A certificate of the person who looks. ``issued`` is the day that it bears."""

    id: AwardId
    level_id: LevelId
    level_name: Localised
    level_position: int
    serial: str
    code: str
    issued: date
    status: AwardStatus
    ready: bool


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """The person's last application for a level, with the reason if it was returned or denied.

    Once it is appealed ``reason`` is what the person wrote themself, and why it was taken up again after that.
    ``wished_name`` is the name that they asked for and nobody answered yet, ``wish_note`` why; once it was left as it
    is, why not.
    """

    id: ApplicationId
    level_id: LevelId
    state: ApplicationState
    applied_at: datetime
    reason: str
    pathway: str
    name: str
    wished_name: str | None
    wish_note: str
    locale: str
    second_locale: str | None


@dataclass(frozen=True)
class LevelPage:
    """A track's ladder, and the next level's rules held against what is true now. ``next`` is None at the top."""

    track: Track
    levels: Sequence[LevelLine]
    awards: Sequence[OwnAward]
    next: LevelLine | None
    rules: RulesLine | None
    open: tuple[RuleWords, ...]
    met: tuple[RuleWords, ...]
    application: OwnApplication | None
    name: str = ""
    """What the certificate will bear, where the page asks for it."""
    locales: tuple[str, str | None] = (SOURCE_LOCALE, None)
    """In which languages it will be, where nobody chose others."""
    pathway: str = STANDARD
    """The pathway by which the rules are shown: the one that was chosen, else the one on which least is open."""
    whatif: WhatIf | None = None

    @property
    def held(self) -> LevelLine | None:
        """The highest level that is held."""
        ids = {award.level_id for award in self.awards if award.status in STANDING}
        return next((level for level in reversed(self.levels) if level.id in ids), None)

    @property
    def strands(self) -> Sequence[tuple[Strand | None, Sequence[RuleWords], int]]:
        """Open rules by what they are evidence of, each with how many are met; none where no rule says it."""
        every = (*self.open, *self.met)
        if not any(word.strand for word in every):
            return ()
        return [
            (
                strand,
                [word for word in self.open if word.strand is strand],
                sum(word.strand is strand for word in self.met),
            )
            for strand in (*Strand, None)
            if any(word.strand is strand for word in every)
        ]

    @property
    def first(self) -> RuleWords | None:
        """The open rule to go on with: one that asks for something, else the first that does not wait for others."""
        ways = ([word for word in self.open if word.tone == "ask"], [w for w in self.open if not w.waits])
        return next((words[0] for words in (*ways, self.open) if words), None)

    @property
    def can_apply(self) -> bool:
        """Whether every rule is met and nothing is on its way."""
        free = self.application is None or self.application.state in GIVEN_BACK
        return bool(self.met) and not self.open and free


# Every level with its newest rules, and the person's last application for it.
_LADDER: Final = LEVELS.add_columns(Application).outerjoin(
    Application,
    Application.id
    == select(func.max(Application.id))
    .where(
        Application.institute_id == bindparam("institute"),
        Application.person_id == bindparam("person"),
        Application.level_id == Level.id,
    )
    .correlate(Level)
    .scalar_subquery(),
)
_LAST_NOTE: Final = (
    select(ApplicationStep.note)
    .where(
        ApplicationStep.application_id == bindparam("application"),
        ApplicationStep.state == bindparam("state"),
    )
    .order_by(ApplicationStep.id.desc())
    .limit(1)
)
# Why it was taken up again: what follows the appeal.
_HEARD: Final = (
    select(ApplicationStep.note)
    .where(
        ApplicationStep.application_id == bindparam("application"),
        ApplicationStep.id
        > select(ApplicationStep.id)
        .where(
            ApplicationStep.application_id == bindparam("application"),
            ApplicationStep.state == ApplicationState.APPEALED,
        )
        .scalar_subquery(),
    )
    .order_by(ApplicationStep.id)
    .limit(1)
)


def level_page(
    actor: Actor, sent: Mapping[str, str] | None = None, accepted: Sequence[str] = ()
) -> LevelPage | None:
    """Return where a participant is on the way, or None for somebody who is not enrolled.

    ``sent`` is the page's form: a pathway to look at, and what is supposed; ``accepted`` the evidence supposed so.
    """
    page = _page(actor, sent or {}, accepted)
    return _named(page, actor) if page is not None else None


def track_page(
    actor: Actor, track: Track, sent: Mapping[str, str] | None = None, accepted: Sequence[str] = ()
) -> LevelPage:
    """Return where somebody is on the way of another track, by what they do in its role. Raises NotFoundError."""
    if actor.person_id is None:
        raise NotFoundError
    candidacy = candidacy_of_person(actor.person_id, actor.institute_id, track)
    return _named(_on_ladder(actor, candidacy, track, sent or {}, accepted), actor)


def has_levels(actor: Actor, track: Track) -> bool:
    """Tell whether the institute has levels of a track."""
    return bool(levels_of(actor.institute_id, track))


def _named(page: LevelPage, actor: Actor) -> LevelPage:
    person = db.session.get_one(Person, actor.person_id)
    return replace(page, name=person.name, locales=usual_locales(person))


def _page(
    actor: Actor, sent: Mapping[str, str] | None = None, accepted: Sequence[str] = ()
) -> LevelPage | None:
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    return _on_ladder(actor, candidacy_of(enrolment), Track.PARTICIPANT, sent, accepted)


def _on_ladder(
    actor: Actor, candidacy: Candidacy, track: Track, sent: Mapping[str, str] | None, accepted: Sequence[str]
) -> LevelPage:
    ladder: Sequence[Row[*tuple[Any, ...]]] = db.session.execute(
        _LADDER, {"institute": actor.institute_id, "person": actor.person_id, "track": track}
    ).all()
    levels = [level_line(level, rules) for level, rules, _ in ladder]
    awards = own_awards(actor)
    ladder_ids = {level.id for level in levels}
    standing = (one for one in awards if one.status in STANDING and one.level_id in ladder_ids)
    held = max((one.level_position for one in standing), default=0)
    wished = next((level for level in levels if level.position == held + 1), None)
    applied = next((row[2] for row, level in zip(ladder, levels, strict=True) if level is wished), None)
    application = _own_application(applied)
    rules = wished.rules if wished else None
    if application is not None and application.state not in GIVEN_BACK:
        rules = _rules_of(application.id)
    words: tuple[RuleWords, ...] = ()
    pathway, whatif = STANDARD, None
    if rules is not None:
        gathered = gather(candidacy, rules.rules, briefly=True)
        names = gathered.names(levels)
        pathway, results = _on_pathway(rules, gathered.facts, application, (sent or {}).get("pathway", ""))
        words = tuple(say_result(result, gathered.facts, names) for result in results)
        if sent is not None and _can_suppose(track, results):
            whatif = suppose(
                rules,
                gathered.facts,
                names,
                sent=sent,
                accepted=list(accepted),
                pathway=pathway,
                given=track is not Track.PARTICIPANT,
            )
    return LevelPage(
        track=track,
        levels=levels,
        awards=awards,
        next=wished,
        rules=rules,
        open=tuple(word for word in words if not word.met),
        met=tuple(word for word in words if word.met),
        application=application,
        pathway=pathway,
        whatif=whatif,
    )


def _can_suppose(track: Track, results: Sequence[RuleResult]) -> bool:
    """Tell whether supposing something could bring a rule nearer: on other tracks only hours that are given do."""
    still = [one for one in results if not one.met]
    if track is Track.PARTICIPANT:
        return bool(still)
    return any(one.kind in GIVEN for result in still for one in (result.rule, *result.rule.one_of))


def _on_pathway(
    rules: RulesLine, facts: Facts, application: OwnApplication | None, wished: str
) -> tuple[str, tuple[RuleResult, ...]]:
    """Return the pathway that a page shows and its results: that of the application, the wished one, the best."""
    keys = [STANDARD, *(one.key for one in rules.pathways)]
    if application is not None and application.state not in GIVEN_BACK:
        return application.pathway, check(rules.rules, facts, application.pathway)
    if wished in keys:
        return wished, check(rules.rules, facts, wished)
    return best_pathway(rules.rules, keys[1:], facts)


def level_panel(actor: Actor) -> LevelPage | None:
    """Return what a participant's home says about the next level; None where there is nothing to say."""
    try:
        page = _page(actor)
    except EnrolmentClosedError:
        return None
    return page if page is not None and page.rules is not None else None


def own_awards(actor: Actor) -> list[OwnAward]:
    """Return the actor's own certificates, highest level first, whichever of their accounts they were awarded to."""
    rows = awards_of(actor.institute_id, actor.person_id) if actor.person_id is not None else []
    return [
        OwnAward(
            id=row.id,
            level_id=row.level_id,
            level_name=row.level_name,
            level_position=row.level_position,
            serial=row.serial,
            code=row.code,
            issued=local_day(timezone, row.issued_at),
            status=row.status,
            ready=row.document_file_id is not None,
        )
        for row, timezone, _ in rows
    ]


def own_document(award_id: AwardId, actor: Actor) -> StoredFile:
    """Return the stored document of the actor's own award. Raises NotFoundError, DocumentNotReadyError."""
    award = db.session.get(Award, award_id)
    if award is None or actor.person_id is None or award.person_id not in same_person(actor.person_id):
        raise NotFoundError
    return document_of(award, actor)


def document_of(award: Award, actor: Actor) -> StoredFile:
    """Return the stored document of an award of the actor's institute. Raises NotFoundError, DocumentNotReadyError."""
    if award.institute_id != actor.institute_id:
        raise NotFoundError
    if award.document_file_id is None:
        raise DocumentNotReadyError
    return find_file(award.document_file_id, institute_id=actor.institute_id)


def _own_application(found: Application | None) -> OwnApplication | None:
    if found is None or found.state is ApplicationState.AWARDED:
        return None
    reason = ""
    if found.state in GIVEN_BACK | {ApplicationState.APPEALED}:
        reason = db.session.scalar(_LAST_NOTE, {"application": found.id, "state": found.state}) or ""
    elif found.state is ApplicationState.UNDER_REVIEW:
        reason = db.session.scalar(_HEARD, {"application": found.id}) or ""
    return OwnApplication(
        id=found.id,
        level_id=found.level_id,
        state=found.state,
        applied_at=found.applied_at,
        reason=reason,
        pathway=found.pathway,
        name=found.name,
        wished_name=found.wished_name,
        wish_note=found.wish_note,
        locale=found.locale,
        second_locale=found.second_locale,
    )


def _rules_of(application_id: ApplicationId) -> RulesLine:
    found = (
        select(RuleSet)
        .join(Application, Application.rule_set_id == RuleSet.id)
        .where(Application.id == application_id)
    )
    return rules_line(db.session.scalars(found).one())
