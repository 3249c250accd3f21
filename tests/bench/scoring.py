"""Ten thousand submissions and fifty raters: given out, scored, scored twice, decided, until nothing is left.

Everything goes through the use cases that give tasks out and follow a score; only the sheets are written at once, as
nobody sits at fifty browsers. Then everything is counted anew, without the code that gave it out: nobody scored whom
they coach, supervise or declared, no rater twice, each draw is what its seed draws, the proof finds no fault, and no
rater is more than 10 % from what falls to them where each task goes to all alike who might have it. Seconds of CPU are
printed.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select, update

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.models import Criterion, CriterionId
from certificates.rubrics.policies import Policy
from certificates.scoring.giving import assigning, making
from certificates.scoring.models import (
    Draw,
    DrawingSeed,
    Purpose,
    ScoreSheet,
    ScoringTask,
    TaskCriterionScore,
    TaskScore,
    TaskState,
)
from certificates.scoring.proof import proving
from certificates.scoring.sheets.following import after_score
from courses.cohorts.models import CoachAssignment, Cohort, Enrolment, EnrolmentState
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import ConflictDeclaration, Grant, Person, Supervision
from tests.bench.measuring import cpu_ms, make_app
from tests.certificates.scoring.conftest import rubric_draft

SUBMISSIONS, RATERS = 10_000, 50
MOST_OFF = 0.10
SOME = 500
RARE, READERS, LEADS = "vi", 5, 10
"""One submission in twenty is written in a language that every fifth rater reads; every tenth rater leads."""
REQUIREMENT = "practice-change"
DAY = date(2026, 1, 5)


@dataclass
class Field:
    """Who scores, who must not score whom, and who reads the rare language."""

    institute_id: InstituteId
    raters: list[PersonId]
    leads: set[PersonId]
    readers: set[PersonId]
    apart: set[tuple[PersonId, PersonId]] = field(default_factory=set)


@dataclass
class Figures:
    """What a simulation came to: seconds of CPU by step, scores by purpose, rules broken, shares of raters."""

    seconds: Counter[str]
    scores: Counter[str]
    broken: list[str]
    shares: dict[PersonId, float]

    @property
    def most_off(self) -> float:
        """How far somebody is at most from what falls to them, as a part of it."""
        return max(abs(share - 1) for share in self.shares.values())


def simulate(
    institute_id: InstituteId, requirement_key: str, *, submissions: int, raters: int, chance: random.Random
) -> Figures:
    """Let people submit, raters score, and count. Whoever scored for the institute before does so no longer."""
    seconds: Counter[str] = Counter()
    actor = Actor(institute_id, None)
    people = _submit(institute_id, requirement_key, submissions, chance)
    here = _raters(institute_id, raters, people, chance)

    def timed(step: str, milliseconds: float) -> None:
        seconds[step] += milliseconds / 1000  # type: ignore[assignment]

    timed("make", cpu_ms(making.make_missing_tasks, actor)[0])
    while True:
        spent, given = cpu_ms(assigning.assign_waiting, institute_id)
        timed("give out", spent)
        if not given:
            break
        timed("score and follow", cpu_ms(_score_all, institute_id, chance)[0])
    spent, broken = cpu_ms(_broken, here)
    timed("prove", spent)
    scores = Counter(
        db.session.scalars(
            select(ScoringTask.purpose).join(TaskScore, TaskScore.task_id == ScoringTask.id)
        ).all()
    )
    return Figures(
        seconds, Counter({str(one): count for one, count in scores.items()}), broken, _shares(here)
    )


def _submit(
    institute_id: InstituteId, key: str, count: int, chance: random.Random
) -> list[tuple[PersonId, int]]:
    """Let so many people hand in something; return who they are, with their enrolments."""
    cohort = db.session.scalars(select(Cohort).where(Cohort.institute_id == institute_id)).first()
    requirement = db.session.scalars(select(Requirement).where(Requirement.key == key)).one()
    version = db.session.scalars(
        select(Enrolment.version_id).where(Enrolment.institute_id == institute_id)
    ).first()
    assert cohort is not None
    with transaction() as session:
        people = session.scalars(
            insert(Person).returning(Person.id),
            [{"institute_id": institute_id, "name": f"Candidate {number}"} for number in range(count)],
        ).all()
        enrolments = session.scalars(
            insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True),
            [
                {
                    "institute_id": institute_id,
                    "cohort_id": cohort.id,
                    "person_id": person_id,
                    "version_id": version,
                    "state": EnrolmentState.ACTIVE,
                }
                for person_id in people
            ],
        ).all()
        session.execute(
            insert(Submission),
            [
                {
                    "institute_id": institute_id,
                    "requirement_id": requirement.id,
                    "enrolment_id": enrolment_id,
                    "person_id": person_id,
                    "author_id": person_id,
                    "attempt": 1,
                    "language": RARE if chance.random() < 1 / 20 else "en",
                    "state": SubmissionState.SUBMITTED,
                    "text": "What I did.",
                    "submitted_at": now(),
                }
                for person_id, enrolment_id in zip(people, enrolments, strict=True)
            ],
        )
    return list(zip(people, enrolments, strict=True))


def _raters(
    institute_id: InstituteId, count: int, people: Sequence[tuple[PersonId, int]], chance: random.Random
) -> Field:
    """Let so many people score, with duties towards one candidate in twenty each, of every kind."""
    with transaction() as session:
        session.execute(
            update(Grant)
            .where(Grant.institute_id == institute_id, Grant.ended_at.is_(None))
            .values(ended_at=now())
        )
        raters = list(
            session.scalars(
                insert(Person).returning(Person.id, sort_by_parameter_order=True),
                [
                    {
                        "institute_id": institute_id,
                        "name": f"Rater {number}",
                        "locale": RARE if number % READERS == 0 else "en",
                    }
                    for number in range(count)
                ],
            )
        )
        here = Field(
            institute_id,
            raters,
            leads={one for number, one in enumerate(raters) if number % LEADS == 0},
            readers={one for number, one in enumerate(raters) if number % READERS == 0},
        )
        for rater_id in raters:
            role = Role.SCORING_LEAD if rater_id in here.leads else Role.TRAINER
            session.add(Grant(institute_id=institute_id, person_id=rater_id, role=role))
            for person_id, enrolment_id in chance.sample(people, max(1, len(people) // 20)):
                session.add(_duty(institute_id, rater_id, person_id, enrolment_id, chance))
                here.apart.add((rater_id, person_id))
    return here


def _duty(
    institute_id: InstituteId,
    rater_id: PersonId,
    person_id: PersonId,
    enrolment_id: int,
    chance: random.Random,
) -> object:
    kind, ids = chance.randrange(3), {"institute_id": institute_id, "since": DAY}
    if kind == 0:
        return CoachAssignment(**ids, enrolment_id=enrolment_id, coach_id=rater_id, until=DAY)
    if kind == 1:
        return Supervision(**ids, supervisor_id=person_id, subordinate_id=rater_id)
    return ConflictDeclaration(**ids, person_id=person_id, other_id=rater_id, reason="Related")


def _score_all(institute_id: InstituteId, chance: random.Random) -> None:
    """Hand in every sheet that somebody holds, and let follow what follows."""
    criteria: dict[int, list[CriterionId]] = {}
    for one in db.session.scalars(select(Criterion).order_by(Criterion.position)):
        criteria.setdefault(one.rubric_id, []).append(one.id)
    held = db.session.scalars(
        select(ScoringTask.id)
        .where(ScoringTask.institute_id == institute_id, ScoringTask.state == TaskState.HELD)
        .order_by(ScoringTask.place)
    ).all()
    for start in range(0, len(held), SOME):
        with transaction() as session:
            for task_id in held[start : start + SOME]:
                task = session.get_one(ScoringTask, task_id)
                sheet = session.scalars(
                    select(ScoreSheet).where(
                        ScoreSheet.task_id == task_id, ScoreSheet.rater_id == task.rater_id
                    )
                ).one()
                submission = session.get_one(Submission, task.submission_id)
                assert task.rater_id is not None
                task.state, task.closed_at = TaskState.SCORED, now()
                if submission.state is SubmissionState.SCREENING:
                    submission.state = SubmissionState.IN_SCORING
                score = TaskScore(
                    institute_id=institute_id, task_id=task_id, sheet_id=sheet.id, rater_id=task.rater_id
                )
                session.add(score)
                session.flush()
                session.add_all(
                    TaskCriterionScore(
                        task_score_id=score.id,
                        criterion_id=one,
                        level=_level(submission.id, one, chance),
                        comment="",
                    )
                    for one in criteria[task.rubric_id]
                )
                session.flush()
                rater = Actor(institute_id, task.rater_id, frozenset({Role.TRAINER}))
                after_score(submission.id, task.round, session=session, actor=rater)
        db.session.expire_all()


def _level(submission_id: SubmissionId, criterion_id: CriterionId, chance: random.Random) -> int:
    """Return what a rater gives: seven in ten what the evidence deserves, nearly all others a level beside it."""
    deserved = random.Random(f"{submission_id}/{criterion_id}").choices((1, 2, 3, 4), (1, 3, 4, 2))[0]
    off = chance.choices((0, 1, -1, 2, -2), (70, 14, 14, 1, 1))[0]
    return min(4, max(1, deserved + off))


def _broken(here: Field) -> list[str]:  # noqa: C901  (one branch for each rule)
    """Return every rule that was broken, found without what gave the tasks out."""
    found = []
    met: dict[SubmissionId, set[PersonId]] = {}
    for submission_id, rater_id, person_id in db.session.execute(
        select(Submission.id, TaskScore.rater_id, Submission.person_id)
        .join(ScoringTask, ScoringTask.submission_id == Submission.id)
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(Submission.institute_id == here.institute_id, TaskScore.rater_id.in_(here.raters))
    ):
        if (rater_id, person_id) in here.apart:
            found.append(f"{submission_id}: scored in conflict")
        if rater_id in met.setdefault(submission_id, set()):
            found.append(f"{submission_id}: scored twice by one")
        met[submission_id].add(rater_id)
    for submission_id, number, seed in db.session.execute(
        select(Draw.submission_id, Draw.number, DrawingSeed.seed)
        .join(DrawingSeed, DrawingSeed.id == Draw.seed_id)
        .where(Draw.institute_id == here.institute_id)
    ):
        drawn = int(hashlib.sha256(f"{seed}|{submission_id}".encode()).hexdigest(), 16) % 10_000
        if drawn != number:
            found.append(f"{submission_id}: drawn {number}, not {drawn}")
        if drawn < 2_000 and len(met.get(submission_id, ())) < 2:
            found.append(f"{submission_id}: drawn and not scored twice")
    for proof in proving.proofs_of(here.institute_id):
        found += [f"{proof.facts.submission_id}: {fault}" for fault in proof.faults]
        if not proof.facts.ended:
            found.append(f"{proof.facts.submission_id}: not ended")
    return found


def _shares(here: Field) -> dict[PersonId, float]:
    """Return of each rater what they were given beside what falls to them, 1 being exactly that."""
    due: dict[PersonId, float] = dict.fromkeys(here.raters, 0.0)
    given: Counter[PersonId] = Counter()
    rows = db.session.execute(
        select(ScoringTask.rater_id, ScoringTask.purpose, Submission.person_id, Submission.language)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .where(ScoringTask.rater_id.in_(here.raters))
    )
    for rater_id, purpose, person_id, language in rows:
        if rater_id is not None:
            given[rater_id] += 1
        pool = here.leads if purpose is Purpose.ADJUDICATION else set(here.raters)
        pool = {one for one in pool if (one, person_id) not in here.apart}
        if language == RARE:
            pool = (pool & here.readers) or pool
        for one in pool:
            due[one] += 1 / len(pool)
    return {one: given[one] / due[one] for one in here.raters}


def main() -> int:
    """Run it; the number of submissions may be given."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        with app.app_context():
            institute_id = db.session.scalars(
                select(Requirement.institute_id).where(Requirement.key == REQUIREMENT)
            ).one()
            policy = Policy(calibrated=False)
            define_rubric(rubric_draft(REQUIREMENT, policy=policy), actor=Actor(institute_id, None))
            figures = simulate(
                institute_id, REQUIREMENT, submissions=count, raters=RATERS, chance=random.Random(7)
            )
    print(f"{count} submissions, {RATERS} raters: {dict(figures.scores)}")
    print(f"CPU seconds: { {step: round(spent, 1) for step, spent in figures.seconds.items()} }")
    print(f"rules broken: {len(figures.broken)} {figures.broken[:5]}")
    print(f"farthest from what falls to somebody: {figures.most_off:.1%} (at most {MOST_OFF:.0%})")
    return 1 if figures.broken or figures.most_off > MOST_OFF else 0


if __name__ == "__main__":
    raise SystemExit(main())
