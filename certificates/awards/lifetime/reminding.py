"""Reminders before an award ends: 90, 60 and 30 days, each once, in the holder's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, select

from certificates.awards.lifetime.models import AwardReminder
from certificates.awards.models import Application, Award, AwardId
from certificates.awards.states import ApplicationState, AwardStatus
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.messages import mail
from institute.people.models import Institute

DAYS: Final = (90, 60, 30)
LETTER: Final = "certificate.expiring"
AT_ONCE: Final = 100
# Whoever has asked for the next one needs no reminder, unless that is given back.
ON_ITS_WAY: Final = (ApplicationState.UNDER_REVIEW, ApplicationState.APPROVED, ApplicationState.APPEALED)


def days_left(valid_until: datetime, timezone: str) -> int:
    """Return how many local days lie between today and the last day on which an award holds."""
    zone = ZoneInfo(timezone)
    # What ends at midnight holds until the day before.
    last = (valid_until - timedelta(microseconds=1)).astimezone(zone).date()
    return (last - now().astimezone(zone).date()).days


def remind_holders(_day: date) -> None:
    """Remind the holders of awards that end soon. A day that nobody looked loses no reminder: the latest is sent."""
    last = AwardId(0)
    while found := _near(last):
        for award, timezone in found:
            _remind(award.id, days_left(award.valid_until or now(), timezone))
        last = found[-1][0].id


def _remind(award_id: AwardId, left: int) -> None:
    due = [days for days in DAYS if left <= days]
    if not due:
        return
    with transaction() as session:
        award = session.get_one(Award, award_id, with_for_update=True)
        if award.status is not AwardStatus.VALID:
            return
        rows = [
            {
                "award_id": award.id,
                "days": days,
                "institute_id": award.institute_id,
                "told": days == min(due),
                "at": now(),
            }
            for days in due
        ]
        fresh = insert_into(session, AwardReminder).values(rows).on_conflict_do_nothing()
        new = set(session.scalars(fresh.returning(AwardReminder.days)))
        if min(due) in new:
            mail.tell(
                award.person_id,
                LETTER,
                {"award_id": award.id, "days": min(due)},
                institute_id=award.institute_id,
            )


def _near(after: AwardId) -> list[tuple[Award, str]]:
    """Return awards that end soon and have not had their last reminder, some at a time."""
    told_last = exists().where(AwardReminder.award_id == Award.id, AwardReminder.days == min(DAYS))
    asked = exists().where(
        and_(Application.renews_id == Award.id, Application.state.in_(ON_ITS_WAY)),
    )
    query = (
        select(Award, Institute.timezone)
        .join(Institute, Institute.id == Award.institute_id)
        .where(
            Award.id > after,
            Award.status == AwardStatus.VALID,
            Award.valid_until > now(),
            Award.valid_until <= now() + timedelta(days=max(DAYS) + 2),
            Institute.removed_at.is_(None),
            ~told_last,
            ~asked,
        )
        .order_by(Award.id)
        .limit(AT_ONCE)
    )
    return [(award, timezone) for award, timezone in db.session.execute(query)]
