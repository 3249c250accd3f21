"""From released scores to a gradebook: the column of a link to the evidence, or one of its own in the course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission
from certificates.scoring.events import ScoresReleased
from certificates.scoring.outcomes.queries import Result, results_in_cohort
from certificates.scoring.outcomes.results import ScoreRelease
from courses.cohorts.models import CohortId, Enrolment
from institute import events
from institute.actors import PersonId
from institute.db import transaction
from institute.i18n import Localised, supported
from institute.people.models import Person
from lti.launches.events import LinkLaunched
from lti.launches.models import Context, ContextId, LtiLaunch, ResourceLink
from lti.services.columns import course_link
from lti.services.figures import Figure, evidence_figure
from lti.services.kinds import GradeKind, chosen_kind, resource_id
from lti.services.learners import Learner, find_learner
from lti.services.models import EVIDENCE_TAG, LONGEST_LABEL, LineItem, LineItemId, LtiScore
from lti.services.scopes import LINE_ITEM, SCORE
from lti.services.wishing import (
    NO_COLUMN,
    hold_score,
    insert_once,
    link_item,
    reason_to_hold,
    wish,
)

# Asked at every launch of a learner: most often nothing was released to them.
_ANYTHING_RELEASED: Final = (
    select(Context.cohort_id)
    .join(Enrolment, Enrolment.cohort_id == Context.cohort_id)
    .join(Submission, Submission.enrolment_id == Enrolment.id)
    .join(ScoreRelease, ScoreRelease.submission_id == Submission.id)
    .where(Context.id == bindparam("context"), Enrolment.person_id == bindparam("person"))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Grade:
    """What a gradebook should show for one requirement, under which name, of how many levels."""

    name: str
    title: Localised
    highest: int
    figure: Figure


def init_app(app: Flask) -> None:
    """Hear of released scores and of launches."""
    events.subscribe(app, ScoresReleased, wish_grade)
    events.subscribe(app, LinkLaunched, note_launch)


def wish_grade(event: ScoresReleased) -> None:
    """Wish for the grade in every course of the cohort in which the person learns."""
    with transaction() as session:
        contexts = session.scalars(
            select(Context).where(Context.cohort_id == event.cohort_id).order_by(Context.id)
        ).all()
        for context in contexts:
            wish_grades(session, context, event.person_id, only=event.requirement_key)


def note_launch(event: LinkLaunched) -> None:
    """Bring what was released before into a course or to a link that is new; try again what had been given up."""
    if not event.is_gradable or SCORE not in event.ags_scopes or not event.has_gradebook:
        return
    with transaction() as session:
        asked = {"context": event.context_id, "person": event.person_id}
        if session.scalar(_ANYTHING_RELEASED, asked) is not None:
            context = session.get_one(Context, event.context_id)
            wish_grades(session, context, event.person_id)


def wish_grades(session: Session, context: Context, person_id: PersonId, *, only: str | None = None) -> None:
    """Wish for what was released to a person in a course where they learn, or for the one requirement of it."""
    if context.cohort_id is None:
        return
    learner = find_learner(session, person_id, context.id, CohortId(context.cohort_id))
    if learner is None:
        return
    for key, result in results_in_cohort(learner.person_id, CohortId(context.cohort_id)).items():
        if only in {None, key}:
            grade = _grade(session, context, learner.person_id, key, result)
            for item_id, hold in _columns(session, context, learner, grade):
                score = hold_score(session, item_id, learner, institute_id=context.institute_id)
                wish(session, score, grade.figure, hold=hold, again=True)


def _grade(session: Session, context: Context, person_id: PersonId, key: str, result: Result) -> Grade:
    title = session.scalars(
        select(Requirement.title).where(
            Requirement.institute_id == context.institute_id, Requirement.key == key
        )
    ).one()
    locale = session.scalar(select(Person.locale).where(Person.id == person_id)) or title.source
    return Grade(f"evidence:{key}", title, int(result.maximum), evidence_figure(result, locale))


def _columns(
    session: Session, context: Context, learner: Learner, grade: Grade
) -> list[tuple[LineItemId, str]]:
    """Return the columns that show the grade, each with the reason why nothing may be sent to it, "" without one.

    Those are of the links to the evidence. Where there is none the course gets a column of its own, if the tool may
    make one; a column that shows the grade already goes on to show it.
    """
    found: list[tuple[LineItemId, str]] = []
    links = session.scalars(
        select(ResourceLink)
        .where(ResourceLink.context_id == context.id, ResourceLink.target == grade.name)
        .order_by(ResourceLink.id)
    ).all()
    asking = [link for link in links if chosen_kind(link.grade, link.target) is GradeKind.EVIDENCE]
    reachable = [link for link in asking if reason_to_hold(link) != NO_COLUMN]
    for link in reachable:
        item_id = link_item(session, link)
        if item_id is not None:
            found.append((item_id, reason_to_hold(link)))
    through = course_link(session, context.id)
    own = session.scalar(
        _shown(learner.person_id).where(
            LineItem.context_id == context.id, LineItem.resource_id == resource_id(grade.name)
        )
    )
    if own is not None:
        found.append((own, reason_to_hold(through)))
    elif reachable or (links and not asking):
        return found  # nobody asks for a column of the course
    elif through is not None and {SCORE, LINE_ITEM} <= set(through.ags_scopes):
        found.append((_course_item(session, context, grade), ""))
    else:
        for link in asking:
            item_id = link_item(session, link)
            if item_id is not None:
                found.append((item_id, reason_to_hold(link)))
    return found


def _shown(person_id: PersonId) -> Select[LineItemId]:
    return (
        select(LineItem.id)
        .join(LtiScore, LtiScore.line_item_id == LineItem.id)
        .where(LineItem.tag == EVIDENCE_TAG, LtiScore.person_id == person_id)
    )


def _course_item(session: Session, context: Context, grade: Grade) -> LineItemId:
    """Return the course's own column, noted down if it is missing."""
    locale = _course_locale(session, context.id) or grade.title.source
    named = {
        "context_id": context.id,
        "tag": EVIDENCE_TAG,
        "resource_id": resource_id(grade.name),
    }
    insert_once(
        session,
        LineItem,
        list(named),
        institute_id=context.institute_id,
        label=grade.title.in_(locale)[:LONGEST_LABEL],
        score_maximum=grade.highest,
        **named,
    )
    return session.scalars(select(LineItem.id).filter_by(**named)).one()


def _course_locale(session: Session, context_id: ContextId) -> str | None:
    """Return the language in which the course was taught last: that of the latest launch of somebody who teaches."""
    return supported(
        session.scalar(
            select(LtiLaunch.locale)
            .where(
                LtiLaunch.context_id == context_id,
                LtiLaunch.is_learner.is_(False),
                LtiLaunch.is_test_user.is_(False),
                LtiLaunch.locale.is_not(None),
            )
            .order_by(LtiLaunch.id.desc())
            .limit(1)
        )
    )
