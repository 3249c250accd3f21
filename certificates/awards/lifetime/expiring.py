"""What time does to awards: a daily look ends those whose day has come, once each."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from certificates.awards.lifetime.changing import change_status
from certificates.awards.models import Award, AwardId
from certificates.awards.states import STANDING, AwardStatus, ReasonClass
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction

AT_ONCE: Final = 100


def expire_awards(_day: date) -> None:
    """Let every award expire whose end is past. Some at a time: killed in between, the rest follows the next time."""
    last = AwardId(0)
    while found := _due(last):
        with transaction() as session:
            for award_id in found:
                award = session.get_one(Award, award_id, with_for_update=True)
                if award.status in STANDING:
                    time = Actor(institute_id=award.institute_id, person_id=None, door="worker")
                    change_status(award, AwardStatus.EXPIRED, reason=ReasonClass.LAPSED, actor=time)
        last = found[-1]


def _due(after: AwardId) -> list[AwardId]:
    query = (
        select(Award.id)
        .where(Award.id > after, Award.valid_until <= now(), Award.status.in_(STANDING))
        .order_by(Award.id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(query))
