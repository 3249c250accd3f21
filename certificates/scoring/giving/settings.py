"""How tasks are given out: raters take them, and what nobody took within some days is given to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from certificates.scoring.errors import DaysOpenError
from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, db, insert_into, transaction

MOST_DAYS: Final = 30
USUAL_DAYS: Final = 1


class ScoringSetting(Base):
    """After how many days a task that nobody took is given to a rater: 0 at once, None never by itself."""

    __tablename__ = "scoring_setting"
    __table_args__ = (
        CheckConstraint(f"days_open IS NULL OR days_open BETWEEN 0 AND {MOST_DAYS}", name="few_days"),
    )

    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), primary_key=True)
    days_open: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def days_open(institute_id: InstituteId) -> int | None:
    """Return after how many days a task that nobody took is given out; None for never."""
    found = db.session.get(ScoringSetting, institute_id)
    return found.days_open if found else USUAL_DAYS


def read_days(form: Mapping[str, str]) -> int | None:
    """Return the days that a form says, None for never. Raises DaysOpenError."""
    typed = form.get("days_open", "").strip()
    if typed == "never":
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_DAYS))):
        raise DaysOpenError(most=MOST_DAYS)
    if int(typed) > MOST_DAYS:
        raise DaysOpenError(most=MOST_DAYS)
    return int(typed)


def give_after(days: int | None, *, actor: Actor) -> None:
    """Say after how many days a task that nobody took is given to a rater of the actor's institute."""
    said = {"days_open": days, "changed_at": now()}
    with transaction() as session:
        session.execute(
            insert_into(session, ScoringSetting)
            .values(institute_id=actor.institute_id, **said)
            .on_conflict_do_update(index_elements=["institute_id"], set_=said)
        )
        audit.record(
            "scoring.giving-set",
            actor=actor,
            subject=("institute", actor.institute_id),
            details={"days_open": days},
        )
