"""Who has how much to score: what each rater holds, what is late, and what they were given beside what fell to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from certificates.scoring.giving.assigning import shares_of
from certificates.scoring.giving.raters import raters_of
from certificates.scoring.giving.seeding import given_lately
from certificates.scoring.models import ScoringTask, TaskState
from certificates.scoring.proof.saying import names_of
from courses.coaches.periods import institute_day
from institute.actors import InstituteId, PersonId
from institute.db import db


@dataclass(frozen=True, slots=True)
class LoadLine:
    """A rater's work: tasks held, those whose day has passed, and ``given`` of ``might`` over the last half year.

    ``due`` is what falls to them of those where each goes to all alike who might have it; ``known`` are papers whose
    scores are known, which come besides.
    """

    rater_id: PersonId
    name: str
    leads: bool
    held: int
    late: int
    given: int
    might: int
    due: float
    known: int = 0

    @property
    def share(self) -> int | None:
        """What they were given of what they might have had, in percent; None where nothing could be theirs."""
        return round(100 * self.given / self.might) if self.might else None

    @property
    def is_off(self) -> bool:
        """Whether they were given clearly more or less than falls to them, by more than a task or two."""
        return abs(self.given - self.due) > max(2.0, self.due / 10)


def load_of(institute_id: InstituteId) -> list[LoadLine]:
    """Return every rater of an institute, by name."""
    raters = raters_of(institute_id)
    shares = shares_of(institute_id, raters)
    names = names_of([rater.person_id for rater in raters])
    known, day = given_lately(institute_id), institute_day(institute_id)
    held: dict[PersonId, int] = {}
    late: dict[PersonId, int] = {}
    rows = db.session.execute(
        select(ScoringTask.rater_id, ScoringTask.due, func.count(ScoringTask.id))
        .where(
            ScoringTask.institute_id == institute_id,
            ScoringTask.state == TaskState.HELD,
            ScoringTask.submission_id.is_not(None),
        )
        .group_by(ScoringTask.rater_id, ScoringTask.due)
    )
    for rater_id, due, count in rows:
        if rater_id is not None:
            held[rater_id] = held.get(rater_id, 0) + count
            late[rater_id] = late.get(rater_id, 0) + (count if due < day else 0)
    lines = [
        LoadLine(
            rater.person_id,
            names[rater.person_id],
            rater.leads,
            sum(held.get(row, 0) for row in rater.rows),
            sum(late.get(row, 0) for row in rater.rows),
            *shares.of(rater),
            sum(known.get(row, 0) for row in rater.rows),
        )
        for rater in raters
    ]
    return sorted(lines, key=lambda line: (line.name, line.rater_id))
