"""Who learns in a course, and by which account: only they are ever graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Flask, current_app
from sqlalchemy import Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from courses.cohorts.acting import acting_row
from courses.cohorts.models import CohortId
from institute.actors import PersonId
from institute.people.linking import same_person
from lti.launches.models import ContextId, IdentityId, LtiIdentity, LtiLaunch

_ROSTER: Final = "lti_learners"

# Judged by each account's latest launch there: who teaches now, or is a test user, learns no more.
_LATEST: Final = (
    select(func.max(LtiLaunch.id))
    .join(LtiIdentity, LtiIdentity.id == LtiLaunch.identity_id)
    .where(
        LtiIdentity.person_id.in_(bindparam("people", expanding=True)),
        LtiLaunch.context_id == bindparam("context"),
    )
    .group_by(LtiLaunch.identity_id)
)
_LAUNCHED: Final = (
    select(LtiLaunch.identity_id, LtiLaunch.is_learner, LtiLaunch.is_test_user)
    .where(LtiLaunch.id.in_(_LATEST))
    .order_by(LtiLaunch.id.desc())
)


def init_app(app: Flask) -> None:
    """Begin without a roster."""
    app.extensions[_ROSTER] = []


def provide(app: Flask, learners: Select[*tuple[Any, ...]]) -> None:
    """Let a roster tell of people who never came through a link.

    ``learners`` selects identity_id and person_id of those who learn in the course ``bindparam("context")`` now, no
    staff and no test users among them.
    """
    cast("list[Select[*tuple[Any, ...]]]", app.extensions[_ROSTER]).append(learners)


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is graded, and the account by which a platform knows them.

    Where two accounts were found to be one person's, each account will do, and ``others`` are the rows of that person
    which are not graded.
    """

    person_id: PersonId
    identity_id: IdentityId
    others: frozenset[PersonId] = frozenset()


def find_learner(
    session: Session, person_id: PersonId, context_id: ContextId, cohort_id: CohortId
) -> Learner | None:
    """Return who is graded in a course of a cohort for what a person does, or None if they do not learn there.

    The account is that of a launch, or else of the roster. Where somebody has several rows it is the one by which they
    take part in the cohort, whichever is asked for, so that two never write one cell in turn.
    """
    rows = same_person(person_id)
    if len(rows) > 1:
        acting = acting_row(person_id, cohort_id)
        if acting is None:
            return None
        person_id = acting.person_id
    identity_id = _account(session, rows, context_id)
    return Learner(person_id, identity_id, rows - {person_id}) if identity_id is not None else None


def _account(session: Session, people: frozenset[PersonId], context_id: ContextId) -> IdentityId | None:
    asked = {"people": list(people), "context": context_id}
    launched = session.execute(_LAUNCHED, asked).all()
    for row in launched:
        if row.is_learner and not row.is_test_user:
            return cast("IdentityId", row.identity_id)
    came = {row.identity_id for row in launched}
    for statement in _rosters():
        listed = statement.subquery()
        found = session.scalars(
            select(listed.c.identity_id)
            .where(listed.c.person_id.in_(bindparam("people", expanding=True)))
            .order_by(listed.c.identity_id),
            asked,
        )
        for identity_id in found:
            if identity_id not in came:
                return cast("IdentityId", identity_id)
    return None


def people_after(session: Session, context_id: ContextId, after: int, most: int) -> list[PersonId]:
    """Return up to ``most`` people of a course in the order of their ids, those after ``after``.

    Everybody is among them who ever came through one of its links; who learns is asked for each.
    """
    came = (
        select(LtiIdentity.person_id)
        .join(LtiLaunch, LtiLaunch.identity_id == LtiIdentity.id)
        .where(LtiLaunch.context_id == bindparam("context"))
    )
    listed = [select(statement.subquery().c.person_id) for statement in _rosters()]
    everybody = union(came, *listed).subquery()
    return list(
        session.scalars(
            select(everybody.c.person_id)
            .where(everybody.c.person_id > after)
            .order_by(everybody.c.person_id)
            .limit(most),
            {"context": context_id},
        )
    )


def _rosters() -> list[Select[*tuple[Any, ...]]]:
    return cast("list[Select[*tuple[Any, ...]]]", current_app.extensions[_ROSTER])
