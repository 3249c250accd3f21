"""What a participant's pages show of the levels: the ladder, what is missing for the next one, the certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select

from certificates.awards.errors import DocumentNotReadyError
from certificates.awards.gathering import find_candidacy, gather
from certificates.awards.models import Application, ApplicationId, ApplicationStep, Award, AwardId
from certificates.awards.states import STANDING, ApplicationState, AwardStatus
from certificates.levels.eligibility import check
from certificates.levels.models import LevelId, RuleSet
from certificates.levels.queries import LevelLine, RulesLine, levels_of, rules_line
from certificates.levels.wording import RuleWords, say_result
from courses.cohorts.assigning import local_day
from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.files.reading import find_file
from institute.i18n import Localised
from institute.people.linking import same_person
from institute.people.models import Institute, Person

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
    """The person's last application for a level, with the reason if it was returned or denied."""

    id: ApplicationId
    level_id: LevelId
    state: ApplicationState
    applied_at: datetime
    reason: str


@dataclass(frozen=True)
class LevelPage:
    """The ladder, and the next level's rules held against what is true now. ``next`` is None at the top."""

    enrolment: EnrolmentHere
    levels: Sequence[LevelLine]
    awards: Sequence[OwnAward]
    next: LevelLine | None
    rules: RulesLine | None
    open: tuple[RuleWords, ...]
    met: tuple[RuleWords, ...]
    application: OwnApplication | None
    name: str

    @property
    def held(self) -> LevelLine | None:
        """The highest level that is held."""
        ids = {award.level_id for award in self.awards if award.status in STANDING}
        return next((level for level in reversed(self.levels) if level.id in ids), None)

    @property
    def can_apply(self) -> bool:
        """Whether every rule is met and nothing is on its way."""
        free = self.application is None or self.application.state in GIVEN_BACK
        return bool(self.met) and not self.open and free


_AWARDS: Final = (
    select(Award, Institute.timezone)
    .join(Institute, Institute.id == Award.institute_id)
    .where(
        Award.institute_id == bindparam("institute"),
        Award.person_id.in_(bindparam("people", expanding=True)),
    )
    .order_by(Award.level_position.desc(), Award.id.desc())
)
_LAST: Final = (
    select(Application)
    .where(
        Application.institute_id == bindparam("institute"),
        Application.person_id == bindparam("person"),
        Application.level_id == bindparam("level"),
    )
    .order_by(Application.id.desc())
    .limit(1)
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


def level_page(actor: Actor) -> LevelPage | None:
    """Return where a participant is on the way, or None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    levels = levels_of(actor.institute_id)
    awards = own_awards(actor)
    held = max((one.level_position for one in awards if one.status in STANDING), default=0)
    wished = next((level for level in levels if level.position == held + 1), None)
    application = _last_application(wished, actor) if wished else None
    rules = wished.rules if wished else None
    if application is not None and application.state not in GIVEN_BACK:
        rules = _rules_of(application.id)
    words: tuple[RuleWords, ...] = ()
    if rules is not None:
        gathered = gather(find_candidacy(enrolment.id, actor.institute_id))
        names = gathered.names(levels)
        words = tuple(
            say_result(result, gathered.facts, names) for result in check(rules.rules, gathered.facts)
        )
    person = db.session.get_one(Person, enrolment.person_id)
    return LevelPage(
        enrolment=enrolment,
        levels=levels,
        awards=awards,
        next=wished,
        rules=rules,
        open=tuple(word for word in words if not word.met),
        met=tuple(word for word in words if word.met),
        application=application,
        name=person.name,
    )


def level_panel(actor: Actor) -> LevelPage | None:
    """Return what a participant's home says about the next level; None where there is nothing to say."""
    try:
        page = level_page(actor)
    except EnrolmentClosedError:
        return None
    return page if page is not None and page.rules is not None else None


def own_awards(actor: Actor) -> list[OwnAward]:
    """Return the actor's own certificates, highest level first, whichever of their accounts they were awarded to."""
    people = list(same_person(actor.person_id)) if actor.person_id is not None else []
    rows = db.session.execute(_AWARDS, {"institute": actor.institute_id, "people": people})
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
        for row, timezone in rows
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


def _last_application(level: LevelLine, actor: Actor) -> OwnApplication | None:
    found = db.session.scalar(
        _LAST, {"institute": actor.institute_id, "person": actor.person_id, "level": level.id}
    )
    if found is None or found.state is ApplicationState.AWARDED:
        return None
    reason = ""
    if found.state in GIVEN_BACK:
        reason = db.session.scalar(_LAST_NOTE, {"application": found.id, "state": found.state}) or ""
    return OwnApplication(found.id, found.level_id, found.state, found.applied_at, reason)


def _rules_of(application_id: ApplicationId) -> RulesLine:
    found = (
        select(RuleSet)
        .join(Application, Application.rule_set_id == RuleSet.id)
        .where(Application.id == application_id)
    )
    return rules_line(db.session.scalars(found).one())
