"""A wished score: the row that says what a gradebook should show, held while it is worked out, then queued."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import CohortId
from institute.actors import InstituteId, PersonId
from institute.db import Base, insert_into
from institute.jobs import outbox
from lti.launches.models import Context, ContextId, IdentityId, ResourceLink
from lti.services.figures import Figure, Whose, work_out
from lti.services.kinds import GradeKind, chosen_kind, column_facts
from lti.services.learners import Learner, find_learner
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreState
from lti.services.scopes import SCORE

JOB_KIND: Final = "lti.score"
NO_SCOPE: Final = "NO-SCOPE"
NO_COLUMN: Final = "NO-COLUMN"
"""The platform named no gradebook yet: the score waits as a row, without a job, until a launch names one."""

ASKED: Final = "asked"
"""In the payload of a job: somebody asked for a try at once, even where a platform is left alone."""

NOT_A_LEARNER: Final = "NOT-A-LEARNER"
SILENT: Final = {"state": ScoreState.IDLE, "reason": "", "next_try_at": None}
"""What a score becomes that is not to be sent, until it is wished for again."""

GIVEN_UP: Final = (ScoreState.NOT_IN_COURSE, ScoreState.FAILED)


def wish_for_link(
    session: Session, link: ResourceLink, person_id: PersonId, *, again: bool = False, anew: bool = False
) -> None:
    """Bring a person's score in a link's column up to date, where the platform says that they learn in the course.

    With ``again`` a score that had been given up is tried once more. ``anew``: the cell may show what is another row's,
    because it has changed who is one person with whom.
    """
    kind = chosen_kind(link.grade, link.target)
    context = session.get(Context, link.context_id) if link.context_id is not None else None
    if kind is GradeKind.NONE or context is None or context.cohort_id is None:
        return
    learner = find_learner(session, person_id, context.id, CohortId(context.cohort_id))
    item_id = link_item(session, link) if learner is not None else None
    if learner is None or item_id is None:
        return
    whose = Whose(link.institute_id, CohortId(context.cohort_id), learner.person_id)
    score = hold_score(session, item_id, learner, institute_id=link.institute_id)
    figure = work_out(session, kind, link.target, whose)
    if figure is None:  # such as of somebody who is not in the cohort to which the course belongs now
        score.state, score.reason, score.next_try_at = ScoreState.IDLE, "", None
        return
    if anew and not figure.has_begun and _shows_another(session, score):
        figure = replace(figure, has_begun=True)
    wish(session, score, figure, hold=reason_to_hold(link), again=again)


def _shows_another(session: Session, score: LtiScore) -> bool:
    """Tell whether what another row did was wished for the cell of a score."""
    other = select(LtiScore.id).where(
        LtiScore.line_item_id == score.line_item_id,
        LtiScore.identity_id == score.identity_id,
        LtiScore.person_id != score.person_id,
        LtiScore.version > 0,
    )
    return session.scalar(other.limit(1)) is not None


def reason_to_hold(link: ResourceLink | None) -> str:
    """Return why nothing may be sent through a link at present, "" where it may."""
    if link is None or not (link.lineitem_url or link.lineitems_url):
        return NO_COLUMN
    return "" if SCORE in link.ags_scopes else NO_SCOPE


def wish(session: Session, score: LtiScore, figure: Figure, *, hold: str, again: bool) -> None:
    """Note what a held score should be, and let it be sent unless there is a reason to ``hold`` it."""
    shown = (figure.given, figure.maximum, figure.comment, figure.complete)
    has_changed = (score.given, score.maximum, score.comment, score.complete) != shown
    if score.version == 0 and not figure.has_begun:
        score.given, score.maximum, score.comment, score.complete = shown
        return
    if has_changed or score.version == 0:
        score.given, score.maximum, score.comment, score.complete = shown
        score.submitted_at = figure.submitted_at
        score.version += 1
    elif not again or _is_settled(score):
        return
    if hold == NO_SCOPE:
        score.state, score.reason = ScoreState.FAILED, NO_SCOPE
    elif hold:
        score.state, score.reason = ScoreState.WAITING, hold
    else:
        queue_score(session, score)


def _is_settled(score: LtiScore) -> bool:
    """Whether the platform has it, or it is on its way."""
    if score.state is ScoreState.SENT:
        return True
    return score.state is ScoreState.WAITING and score.reason != NO_COLUMN


def hold_score(
    session: Session, item_id: LineItemId, learner: Learner, *, institute_id: InstituteId
) -> LtiScore:
    """Return a learner's score in a column, made if it is missing, locked until the transaction ends.

    What is wished in the name of another of their rows is sent no more.
    """
    insert_once(
        session,
        LtiScore,
        ["line_item_id", "person_id"],
        institute_id=institute_id,
        line_item_id=item_id,
        person_id=learner.person_id,
        identity_id=learner.identity_id,
    )
    score = session.scalars(
        select(LtiScore)
        .where(LtiScore.line_item_id == item_id, LtiScore.person_id == learner.person_id)
        .with_for_update()
    ).one()
    score.identity_id = learner.identity_id
    if learner.others:
        session.execute(
            update(LtiScore)
            .where(LtiScore.line_item_id == item_id, LtiScore.person_id.in_(learner.others))
            .values(SILENT)
            .execution_options(synchronize_session=False)
        )
    return score


def queue_score(session: Session, score: LtiScore) -> None:
    """Let the worker send it; a platform that is being waited for is still waited for."""
    if score.state in GIVEN_UP:
        score.failures = score.stale_answers = 0
        score.next_try_at = None
    score.state, score.reason = ScoreState.WAITING, ""
    session.flush()
    outbox.put(kind=JOB_KIND, key=str(score.id), after=score.next_try_at)


def withhold(session: Session, context_id: ContextId, identity_id: IdentityId) -> None:
    """Send nothing more of somebody who turned out not to learn in the course."""
    waiting = session.scalars(
        select(LtiScore)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
        .where(
            or_(ResourceLink.context_id == context_id, LineItem.context_id == context_id),
            LtiScore.identity_id == identity_id,
            LtiScore.state.in_((ScoreState.WAITING, ScoreState.FAILED)),
        )
        .order_by(LineItem.resource_link_id, LineItem.id, LtiScore.person_id)
        .with_for_update(of=LtiScore)
    )
    for score in waiting:
        score.state, score.reason = ScoreState.NOT_IN_COURSE, NOT_A_LEARNER


def link_item(session: Session, link: ResourceLink) -> LineItemId | None:
    """Return the column that belongs to a link, noted down if it is missing; None where the link shows nothing.

    A link has one column, whatever it shows: Moodle hides a link's column from the tool when there is a second. Its
    names and its maximum stay what they were when it was noted down.
    """
    known = select(LineItem.id).where(LineItem.resource_link_id == link.id).order_by(LineItem.id).limit(1)
    found = session.scalar(known)
    if found is not None:
        return found
    kind = chosen_kind(link.grade, link.target)
    facts = column_facts(kind, link.target, institute_id=link.institute_id)
    if facts is None:
        return None
    insert_once(
        session,
        LineItem,
        ["resource_link_id", "tag"],
        institute_id=link.institute_id,
        resource_link_id=link.id,
        tag=facts.tag,
        resource_id=facts.resource_id,
        score_maximum=facts.score_maximum,
    )
    return session.scalars(known).one()


def insert_once(session: Session, table: type[Base], unique: list[str], **values: Any) -> None:
    """Insert a row unless one with the same ``unique`` columns is there."""
    session.execute(insert_into(session, table).values(values).on_conflict_do_nothing(index_elements=unique))
