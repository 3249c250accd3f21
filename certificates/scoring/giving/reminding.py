"""Mail to raters: evidence was given to them, its day comes near, or has passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select

from certificates.scoring.models import ScoreSheet, ScoringTask, TaskState
from courses.assignments.wording import say_date
from institute.actors import PersonId, Role
from institute.clock import now
from institute.db import db
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.mail import About, MailKind, SignInTo
from institute.messages.topics import Topic
from institute.people.models import Person

GIVEN: Final = "scoring.given"
DUE: Final = "scoring.due"
BEFORE: Final = timedelta(days=2)
AFTER: Final = timedelta(days=1)
TOPIC: Final = Topic(
    key="scoring",
    order=70,
    name=lazy_gettext("Evidence to score"),
    hint=lazy_gettext("What was given to you to score, and what is nearly or over its day"),
)


def init_app(app: Flask) -> None:
    """Let raters be told."""
    mail.add(
        app,
        MailKind(
            kind=GIVEN,
            subject=lazy_gettext("Evidence waits for your score"),
            template="certificates/scoring/mail/given.txt",
            facts=_given,
            action=lazy_gettext("Open the scoring queue"),
            sign_in=_sign_in,
            topic=TOPIC,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=DUE,
            subject=lazy_gettext("Evidence that you are scoring is due"),
            template="certificates/scoring/mail/due.txt",
            facts=_due,
            action=lazy_gettext("Open the scoring queue"),
            sign_in=_sign_in,
            topic=TOPIC,
        ),
    )


def remind(task: ScoringTask, rater_id: PersonId) -> None:
    """Tell a rater of a task that was given to them, and wish for reminders around its day."""
    mail.tell(rater_id, GIVEN, {"rater": rater_id}, institute_id=task.institute_id)
    remind_of_day(task, rater_id)


def remind_of_day(task: ScoringTask, rater_id: PersonId) -> None:
    """Wish for a reminder before a task's day and for one after it; whether they are needed is seen by then."""
    day = datetime.combine(task.due, time(8), UTC)
    for late, at in ((0, day - BEFORE), (1, day + AFTER)):
        about: About = {"task": task.id, "late": late, "due": task.due.isoformat()}
        if at > now():
            mail.tell_once(rater_id, DUE, about, institute_id=task.institute_id, after=at)


def _given(person: Person, _about: About) -> Mapping[str, Any] | None:
    """Return how much waits unopened; None where nothing does any more."""
    waiting = db.session.scalar(
        select(func.count(ScoringTask.id))
        .join(ScoreSheet, ScoreSheet.task_id == ScoringTask.id)
        .where(
            ScoringTask.rater_id == person.id,
            ScoringTask.state == TaskState.HELD,
            ScoreSheet.rater_id == person.id,
            ScoreSheet.opened_at.is_(None),
        )
    )
    return {"waiting": waiting} if waiting else None


def _due(person: Person, about: About) -> Mapping[str, Any] | None:
    task = db.session.get(ScoringTask, int(about["task"]))
    if task is None or task.state is not TaskState.HELD or task.rater_id != person.id:
        return None
    if task.due.isoformat() != about["due"]:
        return None
    return {"day": say_date(task.due), "late": bool(about["late"])}


def _sign_in(_person: Person, _about: About) -> SignInTo:
    return SignInTo(roles=(Role.TRAINER,), target=mail.path_to("trainer_scoring.index"))
