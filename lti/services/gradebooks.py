"""The columns of gradebooks and the scores in them, as pages show them: few queries, however many scores there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, String, case, func, literal, null, or_, select, union_all
from sqlalchemy import cast as sql_cast

from institute.actors import Actor, PersonId
from institute.db import db
from institute.people.models import Person
from lti.launches.models import Context, ResourceLink, ResourceLinkId
from lti.platforms.models import Deployment, Registration
from lti.services.kinds import GradeKind, chosen_kind, kinds_for
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreId, ScoreState
from lti.services.reach import find_column, find_link, is_in_reach
from lti.services.wishing import NO_COLUMN, NOT_A_LEARNER

COLUMNS_PER_PAGE: Final = 25
SCORES_PER_PAGE: Final = 50
OPEN_STATES: Final = (ScoreState.FAILED, ScoreState.WAITING, ScoreState.NOT_IN_COURSE)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many scores of a column are in a state for a reason, and since when the oldest."""

    state: ScoreState
    reason: str
    count: int
    since: datetime


def may_retry(state: ScoreState, reason: str) -> bool:
    """Tell whether trying again is of any use: not where there is no column, nor for those who teach."""
    return state in OPEN_STATES and reason not in {NO_COLUMN, NOT_A_LEARNER}


@dataclass(frozen=True)
class ColumnLine:
    """A link, or a column of a course alone, with what it sends and where its scores stand."""

    link_id: ResourceLinkId | None
    item_id: LineItemId | None
    platform: str
    course: str
    title: str
    target: str | None
    kind: GradeKind
    standings: Sequence[Standing] = field(default=())

    def count(self, state: ScoreState | str) -> int:
        """Return how many scores are in a state."""
        return sum(one.count for one in self.standings if one.state == state)

    @property
    def can_retry(self) -> bool:
        """Whether trying all again is of any use."""
        return any(may_retry(one.state, one.reason) for one in self.standings)

    @property
    def problems(self) -> list[Standing]:
        """What did not arrive, the worst first."""
        found = [one for one in self.standings if one.state in OPEN_STATES]
        return sorted(found, key=lambda one: (OPEN_STATES.index(one.state), -one.count))


@dataclass(frozen=True, slots=True)
class ColumnList:
    """A page of the columns in somebody's reach."""

    lines: Sequence[ColumnLine]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One person's score, in the column's units, exact to a tenth."""

    id: ScoreId
    person_id: PersonId
    person_name: str
    given: Decimal
    maximum: int
    state: ScoreState
    reason: str
    sent_at: datetime | None
    next_try_at: datetime | None
    can_retry: bool


@dataclass(frozen=True)
class ColumnView:
    """A column with its scores, those that need somebody first. ``choices`` is what it may send."""

    line: ColumnLine
    choices: tuple[GradeKind, ...]
    scores: Sequence[ScoreLine]
    page: int
    pages: int


def list_columns(actor: Actor, page: int = 1) -> ColumnList:
    """Return the columns in an actor's reach by platform and course, in three queries."""
    links = (
        select(
            ResourceLink.id.label("link_id"),
            null().label("item_id"),
            Registration.name.label("platform"),
            Context.id.label("context_id"),
            Context.title.label("course"),
            ResourceLink.title.label("title"),
            ResourceLink.target.label("target"),
            ResourceLink.grade.label("grade"),
        )
        .join(Context, Context.id == ResourceLink.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(is_in_reach(actor))
    )
    own = (
        select(
            null().label("link_id"),
            LineItem.id.label("item_id"),
            Registration.name.label("platform"),
            Context.id.label("context_id"),
            Context.title.label("course"),
            LineItem.label.label("title"),
            LineItem.resource_id.label("target"),
            sql_cast(literal(str(GradeKind.EVIDENCE)), String).label("grade"),
        )
        .join(Context, Context.id == LineItem.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(is_in_reach(actor))
    )
    entries = union_all(links, own).subquery()
    total = db.session.scalar(select(func.count()).select_from(entries)) or 0
    pages = max(-(-total // COLUMNS_PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        select(entries)
        .order_by(
            entries.c.platform, entries.c.course, entries.c.context_id, entries.c.link_id, entries.c.item_id
        )
        .limit(COLUMNS_PER_PAGE)
        .offset((page - 1) * COLUMNS_PER_PAGE)
    ).all()
    standings = _standings([row.link_id for row in rows], [row.item_id for row in rows])
    return ColumnList([_line(row, standings[row.link_id, row.item_id]) for row in rows], page, pages)


def see_link(link_id: ResourceLinkId, actor: Actor, page: int = 1) -> ColumnView:
    """Return a link with its scores, in four queries. Raises NotFoundError."""
    link = find_link(link_id, actor)
    return _view(LineItem.resource_link_id == link.id, (link.id, None), kinds_for(link.target), page)


def see_column(item_id: LineItemId, actor: Actor, page: int = 1) -> ColumnView:
    """Return a column of a course alone with its scores. Raises NotFoundError."""
    item = find_column(item_id, actor)
    return _view(LineItem.id == item.id, (None, item.id), (), page)


def _view(
    which: Any,
    key: tuple[ResourceLinkId | None, LineItemId | None],
    choices: tuple[GradeKind, ...],
    page: int,
) -> ColumnView:
    link_id, item_id = key
    head = select(
        literal(link_id).label("link_id"),
        literal(item_id).label("item_id"),
        Registration.name.label("platform"),
        Context.title.label("course"),
        (ResourceLink.title if link_id else LineItem.label).label("title"),
        (ResourceLink.target if link_id else LineItem.resource_id).label("target"),
        (ResourceLink.grade if link_id else literal(str(GradeKind.EVIDENCE))).label("grade"),
    )
    start = head.select_from(ResourceLink if link_id else LineItem)
    where = ResourceLink.id == link_id if link_id else LineItem.id == item_id
    owner = ResourceLink.context_id if link_id else LineItem.context_id
    row = db.session.execute(
        start.join(Context, Context.id == owner)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(where)
    ).one()
    line = _line(row, _standings([link_id], [item_id])[key])
    total = sum(one.count for one in line.standings)
    pages = max(-(-total // SCORES_PER_PAGE), 1)
    page = min(max(page, 1), pages)
    order = case({state: place for place, state in enumerate(OPEN_STATES)}, value=LtiScore.state, else_=9)
    scores = db.session.execute(
        select(LtiScore, Person.name, LineItem.score_maximum)
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .join(Person, Person.id == LtiScore.person_id)
        .where(which, LtiScore.version > 0)
        .order_by(order, LtiScore.id)
        .limit(SCORES_PER_PAGE)
        .offset((page - 1) * SCORES_PER_PAGE)
    ).all()
    return ColumnView(line, choices, [_score(*one) for one in scores], page, pages)


def _standings(
    link_ids: Sequence[ResourceLinkId | None], item_ids: Sequence[LineItemId | None]
) -> dict[tuple[ResourceLinkId | None, LineItemId | None], list[Standing]]:
    """Return where the scores of links, and of columns of courses, stand. Those with nothing to send are left out."""
    found: dict[tuple[ResourceLinkId | None, LineItemId | None], list[Standing]] = defaultdict(list)
    rows = db.session.execute(
        select(
            LineItem.resource_link_id,
            case((LineItem.resource_link_id.is_(None), LineItem.id)).label("item_id"),
            LtiScore.state,
            LtiScore.reason,
            func.count().label("scores"),
            func.min(LtiScore.submitted_at).label("since"),
        )
        .join(LineItem, LineItem.id == LtiScore.line_item_id)
        .where(
            LtiScore.version > 0,
            or_(
                LineItem.resource_link_id.in_([one for one in link_ids if one is not None]),
                LineItem.id.in_([one for one in item_ids if one is not None]),
            ),
        )
        .group_by(LineItem.resource_link_id, "item_id", LtiScore.state, LtiScore.reason)
    )
    for row in rows:
        found[row.resource_link_id, row.item_id].append(
            Standing(row.state, row.reason, row.scores, row.since)
        )
    return found


def _line(row: Row[*tuple[Any, ...]], standings: Sequence[Standing]) -> ColumnLine:
    return ColumnLine(
        link_id=row.link_id,
        item_id=row.item_id,
        platform=row.platform,
        course=row.course,
        title=row.title,
        target=row.target,
        kind=chosen_kind(row.grade, row.target),
        standings=standings,
    )


def _score(score: LtiScore, name: str, maximum: int) -> ScoreLine:
    return ScoreLine(
        id=score.id,
        person_id=score.person_id,
        person_name=name,
        given=round(Decimal(score.given * maximum) / score.maximum, 1),
        maximum=maximum,
        state=score.state,
        reason=score.reason,
        sent_at=score.sent_at,
        next_try_at=score.next_try_at,
        can_retry=may_retry(score.state, score.reason),
    )
