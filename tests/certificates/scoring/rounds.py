"""Evidence through several rounds: handed in, scored by raters who are new each time, sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import select

from certificates.evidence.drafting import begin_again
from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.rubrics.models import Criterion
from certificates.scoring.models import ScoringTask, TaskId, TaskState
from certificates.scoring.sheets.carried import carried_levels
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from institute.actors import Actor, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor

KEY: Final = "leadership-plan"


@dataclass
class Story:
    """A participant's evidence and whoever scores it. ``locale`` is what the next raters write in."""

    desk: Any
    place: int
    enter: Callable[[], Visitor]
    make_trainer: Callable[..., Any]
    raters: list[Any] = field(default_factory=list)
    locale: str | None = None

    @property
    def person(self) -> Person:
        """Whose evidence it is."""
        return cast("Person", self.desk.person)

    @property
    def visitor(self) -> Visitor:
        """The participant at a browser, signed in just now."""
        return self.enter()

    @property
    def actor(self) -> Actor:
        """The participant."""
        return Actor(
            self.person.institute_id, self.person.id, frozenset({Role.PARTICIPANT}), place=self.place
        )

    @property
    def latest(self) -> SubmissionId:
        """The newest attempt."""
        db.session.rollback()
        newest = select(Submission.id).where(Submission.person_id == self.person.id)
        return db.session.scalars(newest.order_by(Submission.id.desc()).limit(1)).one()

    def state(self) -> SubmissionState:
        """Where the newest attempt stands."""
        return db.session.get_one(Submission, self.latest).state

    def tasks(self) -> list[TaskId]:
        """Return the open tasks of the newest attempt."""
        open_ones = (ScoringTask.submission_id == self.latest, ScoringTask.state == TaskState.OPEN)
        return list(db.session.scalars(select(ScoringTask.id).where(*open_ones).order_by(ScoringTask.id)))

    def asked(self, task_id: TaskId) -> list[int]:
        """Return the criteria that a task is scored for, in order."""
        task = db.session.get_one(ScoringTask, task_id)
        kept = carried_levels(db.session(), SubmissionId(task.submission_id or 0))
        rows = db.session.scalars(
            select(Criterion.id).where(Criterion.rubric_id == task.rubric_id).order_by(Criterion.position)
        )
        return [one for one in rows if one not in kept]

    def score(self, *levels: int, comment: str = "") -> Any:
        """Let somebody new score the oldest open task, a level for each criterion that is asked for."""
        rater = self.make_trainer(name=f"Rater Nummer {len(self.raters) + 1}")
        if self.locale:
            rater.person.locale = self.locale
            db.session.commit()
        self.raters.append(rater)
        task_id = self.tasks()[0]
        take_task(task_id, actor=rater.actor)
        written = {
            criterion: Written(0, level, comment)
            for criterion, level in zip(self.asked(task_id), levels, strict=True)
        }
        save_scores(task_id, written, actor=rater.actor)  # type: ignore[arg-type]
        hand_in(task_id, actor=rater.actor)
        db.session.rollback()
        return rater

    def send_again(self, text: str = "A better plan") -> None:
        """Begin a new version and submit it."""
        before = db.session.get_one(Submission, self.latest).text
        begin_again(KEY, actor=self.actor)
        saved = submit(KEY, take_in(text, digest_of(before), []), actor=self.actor)
        assert saved.whole, saved


MakeStory = Callable[..., Story]
