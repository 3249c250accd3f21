"""Whatever happens in whatever order: nobody scores whom they must not, and the policy is followed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from certificates.appeals.filing import file_appeal
from certificates.evidence.drafting import begin_again
from certificates.evidence.models import Submission
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import Policy
from certificates.scoring import tasking
from certificates.scoring.giving import assigning, leaving, reassigning
from certificates.scoring.models import (
    ConditionCode,
    Draw,
    DrawingSeed,
    ScoreSheet,
    ScoringTask,
    TaskId,
    TaskScore,
    TaskState,
)
from certificates.scoring.outcomes.releasing import Condition
from certificates.scoring.proof import proving
from certificates.scoring.proof.proofs import Fault
from certificates.scoring.sheets.handing_in import hand_in, return_unscored
from certificates.scoring.sheets.writing import Written, asked_criteria, save_scores
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, PersonId, Role
from institute.db import db, transaction
from institute.errors import DomainError
from institute.people.conflicts import declare_between
from institute.people.granting import end_grant, grant_role
from institute.people.models import Person, Supervision
from institute.people.supervising import note_supervision
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import KEY, Trainer, rubric_draft
from tests.courses.conftest import Studied

RATERS, CANDIDATES = 5, 2
POLICIES = (
    Policy(first=1, share=50, calibrated=False),
    Policy(raters=2, calibrated=False),
    Policy(first=0, share=30, near_cut=None, calibrated=False),
)
BEFORE, TO_COME = date(2026, 1, 5), date(2099, 1, 1)

picks = st.integers(0, 59)
events = st.lists(
    st.tuples(
        st.sampled_from(
            ["submit", "submit", "give_out", "take", "score", "score", "score", "score", "score", "score", "give_out",
             "give_back",
             "recognise", "reassign", "coach", "supervise", "noted_elsewhere", "declare", "return", "appeal"]
        ),
        picks,
        picks,
    ),
    min_size=10,
    max_size=24,
)  # fmt: skip


class History:
    """Some raters and candidates, and what the test itself knows of the duties between them."""

    def __init__(
        self, raters: list[Person], people: list[tuple[Person, EnrolmentId]], place: int, lead: Actor
    ) -> None:
        self.raters, self.people, self.place, self.lead = raters, people, place, lead
        self.apart: set[tuple[PersonId, PersonId]] = set()

    def actor(self, rater_id: PersonId) -> Actor:
        """Return a rater who acts."""
        return Actor(self.lead.institute_id, rater_id, frozenset({Role.TRAINER}))

    def tasks(self, *states: TaskState) -> list[ScoringTask]:
        """Return the tasks of these candidates in some state."""
        own = select(Submission.id).where(Submission.person_id.in_([one.id for one, _ in self.people]))
        return list(
            db.session.scalars(
                select(ScoringTask)
                .where(ScoringTask.submission_id.in_(own), ScoringTask.state.in_(states))
                .order_by(ScoringTask.id)
            )
        )

    def author_of(self, task: ScoringTask) -> PersonId:
        """Return whose evidence a task is about."""
        return db.session.scalars(
            select(Submission.person_id).where(Submission.id == task.submission_id)
        ).one()

    def step(self, what: str, one: int, other: int) -> None:  # noqa: C901  (one branch for each thing)
        """Let one thing happen, or be refused."""
        person, enrolment_id = self.people[one % CANDIDATES]
        rater = self.raters[other % RATERS]
        try:
            if what == "submit":
                self._submit(person)
            elif what == "give_out":
                assigning.assign_waiting(self.lead.institute_id)
            elif what in {"coach", "supervise", "noted_elsewhere", "declare"}:
                self._begin_duty(what, person, enrolment_id, rater)
            elif what == "appeal":
                newest = select(Submission.id).where(Submission.person_id == person.id)
                found = db.session.scalars(newest.order_by(Submission.id.desc()).limit(1)).first()
                if found is not None:
                    file_appeal(found, "Read it again.", actor=self._participant(person))
            elif what == "take":
                if tasks := self.tasks(TaskState.OPEN):
                    tasking.take_task(tasks[one % len(tasks)].id, actor=self.actor(rater.id))
            elif tasks := self.tasks(TaskState.HELD):
                self._work(what, tasks[one % len(tasks)], other)
        except DomainError:
            db.session.rollback()

    def _submit(self, person: Person) -> None:
        actor, text = self._participant(person), ""
        newest = select(Submission).where(Submission.person_id == person.id)
        before = db.session.scalars(newest.order_by(Submission.id.desc()).limit(1)).first()
        if before is not None:
            begin_again(KEY, actor=actor)
            text = before.text
        submit(KEY, take_in("What I did.", digest_of(text), []), actor=actor)

    def _participant(self, person: Person) -> Actor:
        return Actor(person.institute_id, person.id, frozenset({Role.PARTICIPANT}), place=self.place)

    def _begin_duty(self, what: str, person: Person, enrolment_id: EnrolmentId, rater: Person) -> None:
        if what == "coach":
            assign_coach(enrolment_id, rater.id, since=TO_COME, actor=self.lead)
        elif what == "supervise":
            note_supervision(rater.id, person.id, since=TO_COME, actor=self.lead)
        elif what == "declare":
            declare_between(person.id, rater.id, "They are related.", since=TO_COME, actor=self.lead)
        else:  # by a list of the institute's, which tells nobody; found once a day
            with transaction() as session:
                session.add(
                    Supervision(
                        institute_id=person.institute_id,
                        supervisor_id=person.id,
                        subordinate_id=rater.id,
                        since=TO_COME,
                    )
                )
            self.apart.add((rater.id, person.id))
            leaving.leave_daily(BEFORE)
        self.apart.add((rater.id, person.id))

    def _work(self, what: str, task: ScoringTask, number: int) -> None:
        task_id, rater_id = TaskId(task.id), task.rater_id
        assert rater_id is not None
        actor, author = self.actor(rater_id), self.author_of(task)
        if what == "score":
            written = {
                criterion_id: Written(0, (number >> index) % 4 + 1, "Seen.")
                for index, criterion_id in enumerate(asked_criteria(db.session(), task))
            }
            save_scores(task_id, written, actor=actor)
            hand_in(task_id, actor=actor)
            assert (rater_id, author) not in self.apart
        elif what == "return":
            return_unscored(task_id, Condition(ConditionCode.UNREADABLE, "It does not open."), actor=actor)
        elif what == "reassign":
            reassigning.give_to(task_id, self.raters[number % RATERS].id, actor=self.lead)
        else:
            tasking.give_back(task_id, in_conflict=what == "recognise", actor=actor)
            if what == "recognise":
                self.apart.add((rater_id, author))

    def check(self) -> None:
        """Check what must hold at every moment."""
        db.session.rollback()
        scorers: dict[int, list[PersonId]] = {}
        for task in self.tasks(TaskState.HELD, TaskState.SCORED, TaskState.RETURNED):
            assert task.rater_id is not None
            if task.state is TaskState.HELD:
                assert (task.rater_id, self.author_of(task)) not in self.apart
            scorers.setdefault(task.submission_id or 0, []).append(task.rater_id)
        assert all(len(set(raters)) == len(raters) for raters in scorers.values())


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],  # a history that fails tells enough as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(policy=st.sampled_from(POLICIES), happens=events)
def test_nobody_scores_whom_they_must_not_and_the_policy_is_followed(  # noqa: PLR0917
    asked: Actor,
    studied: Studied,
    make_person: Callable[..., Person],
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    sign_in: Callable[..., Visitor],
    policy: Policy,
    happens: list[tuple[str, int, int]],
) -> None:
    define_rubric(rubric_draft(policy=policy), actor=asked)
    raters = [make_person(name=f"Rater {number}") for number in range(RATERS)]
    for rater in raters:
        grant_role(PersonId(rater.id), Role.TRAINER, actor=asked)
    people = [make_enrolment(name=f"Wilhelmina Featherstonehaugh {number}") for number in range(CANDIDATES)]
    history = History(raters, people, studied.cohort_id, asked)
    history.step("submit", 0, 0)
    for what, one, other in happens:
        history.step(what, one, other)
        history.check()
    _prove(asked)
    _see_no_names(history, sign_in)
    for rater in raters:
        end_grant(PersonId(rater.id), Role.TRAINER, actor=asked)


def _prove(asked: Actor) -> None:
    """Check the proof, and every draw with arithmetic of our own."""
    for proof in proving.proofs_of(asked.institute_id):
        assert proof.holds, proof
        if proof.facts.ended and not proof.facts.unscorable and (proof.facts.policy.raters > 1):
            assert len(proof.facts.scores) > 1
    for draw, seed in db.session.execute(
        select(Draw, DrawingSeed.seed).join(DrawingSeed, DrawingSeed.id == Draw.seed_id)
    ):
        digest = hashlib.sha256(f"{seed}|{draw.submission_id}".encode()).hexdigest()
        assert draw.number == int(digest, 16) % 10_000


def _see_no_names(history: History, sign_in: Callable[..., Visitor]) -> None:
    """Check the pages of whoever holds something, and the lead's tables."""
    held = history.tasks(TaskState.HELD)[:1]
    for task in held:
        rater = db.session.get_one(Person, task.rater_id)
        visitor = sign_in(rater, roles=[Role.TRAINER])
        for path in ("/trainer/", "/trainer/scoring/", f"/trainer/scoring/{task.id}"):
            page = visitor.get(path)
            assert page.status_code == 200, path
            assert "Featherstonehaugh" not in page.text, path
    lead = sign_in(history.raters[0], roles=[Role.SCORING_LEAD])
    tasks = [f"/scoring-lead/scoring/tasks/{task.id}" for task in held]
    for path in (
        "/scoring-lead/",
        "/scoring-lead/scoring/",
        "/scoring-lead/scoring/tasks?show=held",
        "/scoring-lead/proof/",
        "/scoring-lead/proof/proof.csv",
        "/scoring-lead/proof/draws",
        *tasks,
    ):
        page = lead.get(path)
        assert page.status_code == 200, path
        assert "Featherstonehaugh" not in page.text, path


def test_the_proof_tells_what_was_not_followed(asked: Actor, trainer: Trainer, desk: object) -> None:
    define_rubric(rubric_draft(policy=Policy(raters=2, calibrated=False)), actor=asked)
    task = db.session.scalars(select(ScoringTask)).one()
    tasking.take_task(task.id, actor=trainer.actor)
    with transaction() as session:  # past the use cases: a score of one's own supervisor
        found = session.get_one(ScoringTask, task.id)
        submission = session.get_one(Submission, found.submission_id)
        session.add(
            Supervision(
                institute_id=asked.institute_id,
                supervisor_id=submission.person_id,
                subordinate_id=trainer.person.id,
                since=BEFORE,
            )
        )
        found.state = TaskState.SCORED
        sheet = select(ScoreSheet).where(ScoreSheet.task_id == task.id)
        session.add(
            TaskScore(
                institute_id=asked.institute_id,
                task_id=task.id,
                sheet_id=session.scalars(sheet).one().id,
                rater_id=trainer.person.id,
            )
        )
    [proof] = proving.proofs_of(asked.institute_id)
    assert proof.faults == (Fault.CONFLICT,)
