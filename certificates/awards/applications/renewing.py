"""Renewing an award: from 90 days before its end until 90 days after it, by the rules that its level has for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.applying import take_snapshot
from certificates.awards.applications.gathering import (
    Candidacy,
    candidacy_of_person,
    find_candidacy,
    gather,
)
from certificates.awards.applications.stepping import record_step
from certificates.awards.errors import NotEligibleError
from certificates.awards.holders.owning import own_award
from certificates.awards.lifetime.errors import NotRenewableError, RenewalOpenError, RenewalWindowError
from certificates.awards.models import Application, ApplicationId, Award, AwardId
from certificates.awards.states import OPEN, ApplicationState, AwardStatus
from certificates.awards.wording import say_last_day, say_local_day
from certificates.levels.eligibility import RuleResult, all_met, check
from certificates.levels.models import Level, RuleSet
from certificates.levels.queries import levels_of
from certificates.levels.rules import STANDARD, Rule, read_rules
from certificates.levels.wording import RuleWords, say_result
from courses.coaching.locking import lock_logs
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.people.linking import same_person
from institute.people.models import Institute, Person

OPENS_BEFORE: Final = timedelta(days=90)
CLOSES_AFTER: Final = timedelta(days=90)
RENEWED: Final = frozenset({AwardStatus.VALID, AwardStatus.EXPIRED})


class Stage(StrEnum):
    """Where the renewal of an award stands."""

    EARLY = "early"
    OPEN = "open"
    ASKED = "asked"
    LATE = "late"


@dataclass(frozen=True)
class Renewal:
    """What it takes to renew an award. ``returned`` is why the last application for it was given back, if it was."""

    stage: Stage
    opens: datetime
    closes: datetime
    rules: tuple[RuleWords, ...]
    met: bool
    returned: bool = False


def renewal_of(award: Award) -> Renewal | None:
    """Return where the renewal of an award stands, or None for one that cannot be renewed."""
    rules = _rules(award, db.session())
    if award.valid_until is None or award.status not in RENEWED or rules is None:
        return None
    opens, closes = _window(award.valid_until)
    if _has_successor(award, db.session()):
        return None
    asked = _open_application(award, db.session())
    if asked is not None and asked.state is not ApplicationState.RETURNED:
        return Renewal(Stage.ASKED, opens, closes, (), met=False)
    if not opens <= now() < closes:
        return Renewal(Stage.EARLY if now() < opens else Stage.LATE, opens, closes, (), met=False)
    level = db.session.get_one(Level, award.level_id)
    wanted = read_rules(rules.renewal)
    gathered = gather(_candidacy(award, level, db.session()), wanted)
    results = check(wanted, gathered.facts)
    names = gathered.names(levels_of(award.institute_id, level.track))
    words = tuple(say_result(one, gathered.facts, names) for one in results)
    return Renewal(Stage.OPEN, opens, closes, words, met=all_met(results), returned=asked is not None)


def renew(award_id: AwardId, *, actor: Actor) -> ApplicationId:
    """Apply to renew an own award, by the newest rules that its level has for that; return the application's id.

    Raises NotFoundError, NotRenewableError, RenewalWindowError, RenewalOpenError, and NotEligibleError unless every
    rule is met at this moment.
    """
    with transaction() as session:
        award = own_award(award_id, actor)
        session.get_one(Person, award.person_id, with_for_update=True)
        session.refresh(award)
        rules = _rules(award, session)
        if award.valid_until is None or award.status not in RENEWED or rules is None:
            raise NotRenewableError
        if _has_successor(award, session):
            raise NotRenewableError
        _require_window(award, award.valid_until, session)
        found = _open_application(award, session)
        if found is not None and found.state is not ApplicationState.RETURNED:
            raise RenewalOpenError
        candidacy = _candidacy(award, session.get_one(Level, award.level_id), session)
        wanted: tuple[Rule, ...] = read_rules(rules.renewal)
        gathered = gather(candidacy, wanted)
        results: tuple[RuleResult, ...] = check(wanted, gathered.facts)
        if not all_met(results):
            raise NotEligibleError
        if candidacy.enrolment_id is not None:
            lock_logs(candidacy.enrolment_id, actor=actor)
        if found is None:
            found = Application(
                institute_id=award.institute_id,
                person_id=award.person_id,
                level_id=award.level_id,
                name=award.name_frozen,
                locale=award.locale,
                second_locale=award.second_locale,
                pathway=STANDARD,
                renews_id=award.id,
            )
            session.add(found)
        found.rule_set_id, found.enrolment_id = rules.id, candidacy.enrolment_id
        found.applied_at, found.state = now(), ApplicationState.UNDER_REVIEW
        session.flush()
        record_step(found, actor=actor, snapshot=take_snapshot(found, rules.sha256, gathered, results))
        audit.record(
            "application.made",
            actor=actor,
            subject=("application", found.id),
            details={"level": award.level_id, "rule_set": rules.id, "renews": award.id},
        )
        return found.id


def _window(valid_until: datetime) -> tuple[datetime, datetime]:
    return valid_until - OPENS_BEFORE, valid_until + CLOSES_AFTER


def _require_window(award: Award, valid_until: datetime, session: Session) -> None:
    opens, closes = _window(valid_until)
    if opens <= now() < closes:
        return
    zone = session.get_one(Institute, award.institute_id).timezone
    raise RenewalWindowError(opens=say_local_day(opens, zone), closes=say_last_day(closes, zone))


def _rules(award: Award, session: Session) -> RuleSet | None:
    """Return the newest rules of an award's level, if they say what renewing takes."""
    newest = session.scalar(
        select(RuleSet)
        .where(RuleSet.level_id == award.level_id, RuleSet.institute_id == award.institute_id)
        .order_by(RuleSet.version.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.renewal else None


def _has_successor(award: Award, session: Session) -> bool:
    return session.scalar(select(Award.id).where(Award.supersedes_id == award.id)) is not None


def _open_application(award: Award, session: Session) -> Application | None:
    return session.scalar(
        select(Application).where(
            Application.institute_id == award.institute_id,
            Application.renews_id == award.id,
            Application.state.in_(OPEN),
        )
    )


def _candidacy(award: Award, level: Level, session: Session) -> Candidacy:
    """Return what a renewal rests on: where the person takes part now, or last did."""
    if award.enrolment_id is None:
        return candidacy_of_person(award.person_id, award.institute_id, level.track)
    latest: EnrolmentId | None = session.scalar(
        select(Enrolment.id)
        .where(
            Enrolment.institute_id == award.institute_id,
            Enrolment.person_id.in_(same_person(award.person_id)),
        )
        .order_by(Enrolment.id.desc())
        .limit(1)
    )
    return find_candidacy(latest or award.enrolment_id, award.institute_id)
