"""Approving and issuing: one transaction in which the award becomes valid; its document follows as a job."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.applying import move, open_application, recheck, take_snapshot
from certificates.awards.codes import make_code
from certificates.awards.errors import AlreadyHeldError, NotEligibleError, PreviewChangedError
from certificates.awards.events import AwardChanged
from certificates.awards.models import (
    STATUS_LIST_LENGTH,
    Application,
    ApplicationId,
    Award,
    AwardId,
)
from certificates.awards.states import STANDING, ApplicationState
from certificates.awards.statuses import want_list
from certificates.documents.fitting import CertificateNameError, check_name
from certificates.documents.serials import serial
from certificates.levels.eligibility import all_met
from certificates.levels.models import Level
from certificates.levels.rules import digest
from certificates.scoring.queries import results_of
from courses.coaching.locking import lock_logs
from institute import audit, events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.people.linking import same_person
from institute.people.models import Institute, Person

JOB_KIND: Final = "award.document"
LONGEST_PREFIX: Final = 12
# Issuers wait for each other; whoever writes another row of the institute does not wait for them.
ONE_AT_A_TIME: Final = {"key_share": True}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was looked at in the preview: issuing anything else is refused. ``minutes`` are those that count."""

    name: str
    locale: str
    second_locale: str | None
    level_id: int
    minutes: int

    @property
    def mark(self) -> str:
        """The digest that the preview's form carries."""
        return digest([self.name, self.locale, self.second_locale, self.level_id, self.minutes])


def approve_and_issue(application_id: ApplicationId, *, seen: str, actor: Actor) -> AwardId:
    """Approve an application and issue its award at once; return the award's id.

    The rules are held against what is true now. ``seen`` is the mark of the preview that was looked at. Raises
    NotFoundError, DutiesError, what ``check_name`` raises, ApplicationStateError if it was decided meanwhile,
    NotEligibleError, AlreadyHeldError, PreviewChangedError.
    """
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        approve(application, actor=actor)
        return issue(application, seen=seen, actor=actor)


def approve(application: Application, *, actor: Actor) -> None:
    """Approve an application that the caller has locked. Raises as ``approve_and_issue``."""
    with transaction() as session:
        move(application, ApplicationState.APPROVED, actor=actor)
        _require_met(application, session)


def issue(application: Application, *, seen: str, actor: Actor) -> AwardId:
    """Issue the award of an approved application that the caller has locked. Raises as ``approve_and_issue``."""
    with transaction() as session:
        if actor.person_id is None:
            raise NotFoundError
        institute = session.get_one(Institute, application.institute_id, with_for_update=ONE_AT_A_TIME)
        snapshot, minutes = _require_met(application, session)
        if decision_of(application, minutes).mark != seen:
            raise PreviewChangedError
        _refuse_second(application, session)
        # What was confirmed after the application counts as well.
        snapshot["sessions"] = list(lock_logs(application.enrolment_id, actor=actor))
        level = session.get_one(Level, application.level_id)
        at = now()
        year = at.astimezone(ZoneInfo(institute.timezone)).year
        number = _next_number(institute, year, session)
        move(application, ApplicationState.AWARDED, actor=actor, snapshot=snapshot)
        award = Award(
            institute_id=institute.id,
            application_id=application.id,
            enrolment_id=application.enrolment_id,
            person_id=application.person_id,
            level_id=application.level_id,
            rule_set_id=application.rule_set_id,
            code=make_code(),
            serial=serial(_prefix(institute.slug), year, number),
            year=year,
            number=number,
            name_frozen=check_name(application.name),
            locale=application.locale,
            second_locale=application.second_locale,
            institute_name=institute.name,
            level_name=level.name,
            title=level.title or level.name,
            level_position=level.position,
            signatory=_signatory(session.get_one(Person, actor.person_id), institute, application.locale),
            minutes=minutes,
            issued_at=at,
            issued_by=actor.person_id,
            snapshot=snapshot,
            snapshot_sha256=digest(snapshot),
            status_index=_free_index(institute, session),
        )
        session.add(award)
        session.flush()
        outbox.put(kind=JOB_KIND, key=str(award.id))
        want_list(award.institute_id)
        events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
        audit.record(
            "award.issued",
            actor=actor,
            subject=("award", award.id),
            details={
                "application": application.id,
                "level": application.level_id,
                "rule_set": application.rule_set_id,
                "snapshot_sha256": award.snapshot_sha256,
            },
        )
        return award.id


def decision_of(application: Application, minutes: int) -> Decision:
    """Return what issuing this application now would say."""
    return Decision(
        name=application.name,
        locale=application.locale,
        second_locale=application.second_locale,
        level_id=application.level_id,
        minutes=minutes,
    )


def _require_met(application: Application, session: Session) -> tuple[dict[str, Any], int]:
    """Return the snapshot and the minutes that count. Raises NotEligibleError."""
    gathered, results, rules = recheck(application, session)
    if not all_met(results):
        raise NotEligibleError
    snapshot = take_snapshot(application, rules.sha256, gathered, results)
    snapshot["level_count"] = session.scalar(
        select(func.count(Level.id)).where(Level.institute_id == application.institute_id)
    )
    snapshot["scores"] = {
        key: {
            "score": [one.score.numerator, one.score.denominator],
            "maximum": [one.maximum.numerator, one.maximum.denominator],
            "passed": one.passed,
            "criteria": dict(one.criteria),
            "raters": sorted(one.rater_ids),
            "released_at": one.released_at.isoformat(),
        }
        for key, one in results_of(application.enrolment_id).items()
    }
    return snapshot, gathered.facts.counted


def _refuse_second(application: Application, session: Session) -> None:
    held = session.scalar(
        select(Award.id).where(
            Award.person_id.in_(same_person(application.person_id)),
            Award.level_id == application.level_id,
            Award.status.in_(STANDING),
        )
    )
    if held is not None:
        raise AlreadyHeldError


def _signatory(issuer: Person, institute: Institute, locale: str) -> str:
    """Return who signs: whoever issues, or the institute where their name is not known or cannot be printed."""
    try:
        return check_name(issuer.name)
    except CertificateNameError:
        return institute.name.in_(locale)


def _next_number(institute: Institute, year: int, session: Session) -> int:
    """Return the next number of a year; the caller holds the institute's row."""
    last = session.scalar(
        select(func.max(Award.number)).where(Award.institute_id == institute.id, Award.year == year)
    )
    return (last or 0) + 1


def _prefix(slug: str) -> str:
    """Return an institute's part of its serials: capitals and digits of its slug, a letter first."""
    letters = "".join(sign for sign in slug.upper() if sign.isascii() and sign.isalnum())
    return (letters if letters[:1].isalpha() else f"C{letters}")[:LONGEST_PREFIX]


def _free_index(institute: Institute, session: Session) -> int:
    """Return a random free place of the status list, so that neighbours in time are none in the list."""
    taken = set(session.scalars(select(Award.status_index).where(Award.institute_id == institute.id)))
    while (index := secrets.randbelow(STATUS_LIST_LENGTH)) in taken:
        pass
    return index
