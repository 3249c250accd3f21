"""Storing a page of a list as it comes, and drawing the line when its last one is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Final, cast

from sqlalchemy import JSON, Boolean, Integer, Table, bindparam, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from courses.cohorts.inviting import invite_several, note_back, note_gone
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import UtcDateTime, transaction
from institute.parting import parts_of
from lti.launches.models import Context, LtiIdentity, LtiLaunch
from lti.launches.roles import MappedRoles, map_roles
from lti.platforms.models import DOOR, Deployment, Registration, door_key
from lti.roster.errors import EmptyListError, EndlessError
from lti.roster.listing import Listed
from lti.roster.models import Member, Roster, RosterState
from lti.roster.passes import Place, next_day, schedule
from lti.roster.people import Course, Known, find_known, make_people, refresh_people
from lti.roster.rows import POSTGRESQL, rows_of
from lti.services.rewishing import want_course

MOST_PAGES: Final = 2000
MOST_STALE: Final = 3
SOON: Final = timedelta(minutes=10)
_MEMBER: Final = cast("Table", Member.__table__)
_ROSTER: Final = cast("Table", Roster.__table__)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: who is on it, and where the next one and the list of later changes are."""

    people: Sequence[Listed]
    next_url: str | None
    differences_url: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """Somebody of the page, with what their roles amount to."""

    listed: Listed
    known: Known
    mapped: MappedRoles

    @property
    def learns(self) -> bool:
        return self.mapped.is_enrollable and not self.mapped.is_staff


def store_page(place: Place, page: Page) -> Place | None:
    """Store a page, and return where to read on: None at the end, or where another worker stored it meanwhile.

    All that a page brings is one transaction with the step to the next one, so a worker that dies has stored it or
    has not. Raises EndlessError or EmptyListError if the platform's pages make no list.
    """
    with transaction() as session:
        course = _hold_course(session, place)
        stale = _step(session, place, page)
        if stale is None:
            return None
        anybody_new = _store_people(session, course, place, page.people)
        if page.next_url is None:
            roster = session.get_one(Roster, place.roster_id, populate_existing=True)
            _finish(session, course, roster, page.differences_url)
            return None
        number = place.page_number + 1
        if stale or not anybody_new:
            stale = 0 if anybody_new else stale + 1
            session.execute(update(_ROSTER).where(_ROSTER.c.id == place.roster_id).values(stale_pages=stale))
        if stale >= MOST_STALE or number >= MOST_PAGES:
            raise EndlessError
        return replace(place, page_number=number, url=page.next_url)


# Written once: making a statement costs more than asking the database.
_HELD: Final = (
    select(
        Context.id,
        Context.institute_id,
        Registration.id,
        Context.cohort_id,
        Context.enrol_learners,
        (Registration.institute_id == Context.institute_id) & Registration.trust_administrators,
        Registration.role_overrides,
    )
    .join(Deployment, Deployment.id == Context.deployment_id)
    .join(Registration, Registration.id == Deployment.registration_id)
    .where(Context.id == bindparam("context"))
    .with_for_update(key_share=True, of=Registration)
)
_STEP: Final = (
    update(_ROSTER)
    .where(
        _ROSTER.c.id == bindparam("roster"),
        _ROSTER.c.pass_number == bindparam("pass"),
        _ROSTER.c.page_number == bindparam("page"),
    )
    .values(page_number=_ROSTER.c.page_number + 1, next_url=bindparam("next"), tried_at=bindparam("at"))
    .returning(_ROSTER.c.stale_pages)
)


def _hold_course(session: Session, place: Place) -> Course:
    """Return the course. Launches of its platform wait: they make the same people."""
    return Course(*session.connection().execute(_HELD, {"context": place.context_id}).one())


def _step(session: Session, place: Place, page: Page) -> int | None:
    """Step to the next page and return how many in a row named nobody new; None if somebody else has stepped."""
    asked = {
        "roster": place.roster_id,
        "pass": place.pass_number,
        "page": place.page_number,
        "next": page.next_url,
        "at": now(),
    }
    stale: int | None = session.connection().scalar(_STEP, asked)
    return stale


def _store_people(session: Session, course: Course, place: Place, people: Sequence[Listed]) -> bool:
    """Store who is on a page; tell whether it named anybody whom no page of this pass had named."""
    connection = session.connection()
    known = find_known(connection, course, [one.sub for one in people])
    present = [one for one in people if one.present]
    meaning = {roles: map_roles(roles, course.overrides) for roles in {one.roles for one in present}}
    refresh_people(connection, [(one, known[one.sub]) for one in present if one.sub in known])
    fresh = [one for one in present if one.sub not in known]
    testers = frozenset(one.sub for one in fresh if meaning[one.roles].is_test_user)
    known |= make_people(connection, course, fresh, testers=testers)
    entries = [_Entry(one, known[one.sub], meaning[one.roles]) for one in present]
    _store_members(session, course, place, entries)
    _let_into_cohort(session, course, entries)
    if any(entry.learns and entry.known.is_enrolled and entry.known.is_new_here for entry in entries):
        want_course(course.context_id)  # what they did elsewhere is a grade here, too
    absent = [known[one.sub] for one in people if not one.present and one.sub in known]
    _mark_left(session, course, [one.identity_id for one in absent if one.seen_pass is not None])
    return any(entry.known.seen_pass != place.pass_number for entry in entries) or bool(absent)


def _store_members(session: Session, course: Course, place: Place, entries: Sequence[_Entry]) -> None:
    """Note who is a member. Whoever is as they were is only ticked off."""
    same: list[_Entry] = []
    other: list[_Entry] = []
    for entry in entries:
        known, roles = entry.known, list(entry.listed.roles)
        unchanged = known.seen_pass is not None and not known.has_left
        (same if unchanged and known.roles == roles and known.learns == entry.learns else other).append(entry)
    connection = session.connection()
    if same:
        connection.execute(
            update(_MEMBER)
            .where(
                _MEMBER.c.context_id == course.context_id,
                _MEMBER.c.identity_id.in_(bindparam("identities", expanding=True)),
            )
            .values(seen_pass=place.pass_number),
            {"identities": [entry.known.identity_id for entry in same]},
        )
    if other:
        changes = [(one.known.identity_id, one.listed.roles, one.learns) for one in other]
        connection.execute(
            _member_upsert(connection.dialect.name),
            {
                "rows": json.dumps(changes),
                "institute": course.institute_id,
                "context": course.context_id,
                "pass": place.pass_number,
                "at": now(),
            },
        )


@cache
def _member_upsert(dialect: str) -> postgresql.Insert | sqlite.Insert:
    rows, (identity_id, roles, learns) = rows_of(dialect, Integer, JSON, Boolean)
    institute, context, seen = (bindparam(name, type_=Integer) for name in ("institute", "context", "pass"))
    row = (institute, context, identity_id, roles, learns, seen, bindparam("at", type_=UtcDateTime))
    names = ["institute_id", "context_id", "identity_id", "roles", "learns", "seen_pass", "created_at"]
    build = postgresql.insert if dialect == POSTGRESQL else sqlite.insert
    # SQLite takes ON CONFLICT for a join where the SELECT has no WHERE.
    inserting = build(_MEMBER).from_select(names, select(*row).select_from(rows).where(true()))
    new = inserting.excluded
    changed = {name: getattr(new, name) for name in ("roles", "learns", "seen_pass")}
    return inserting.on_conflict_do_update(
        index_elements=["context_id", "identity_id"], set_={**changed, "left_at": None}
    )


def _let_into_cohort(session: Session, course: Course, entries: Sequence[_Entry]) -> None:
    """Invite learners where the binding says so, and note who is in the course again."""
    if course.cohort_id is None:
        return
    actor = _actor(course)
    if course.enrols:
        candidates = [entry.known for entry in entries if entry.learns and not entry.known.is_enrolled]
        others = _known_otherwise(session, course, candidates)
        invited = {known.person_id for known in candidates if known.identity_id not in others}
        invite_several(course.cohort_id, invited, actor=actor)
    back = {entry.known.person_id for entry in entries if entry.known.is_gone}
    note_back(course.cohort_id, back, actor=actor)


def _known_otherwise(session: Session, course: Course, candidates: Sequence[Known]) -> set[int]:
    """Return those whose latest launch of the course says that they teach, or are nobody real.

    Moodle's token calls a non-editing teacher an instructor, its list a learner.
    """
    known = [one.identity_id for one in candidates if one.existed]
    if not known:
        return set()
    latest = (
        select(func.max(LtiLaunch.id))
        .where(LtiLaunch.identity_id.in_(known), LtiLaunch.context_id == course.context_id)
        .group_by(LtiLaunch.identity_id)
    )
    return set(
        session.scalars(
            select(LtiLaunch.identity_id).where(
                LtiLaunch.id.in_(latest), LtiLaunch.is_learner.is_(False) | LtiLaunch.is_test_user.is_(True)
            )
        )
    )


def _mark_left(session: Session, course: Course, identities: Sequence[int]) -> None:
    """Mark members of these identities as having left."""
    if identities:
        chosen = Member.identity_id.in_(identities)
        _leave(session, course, chosen)


def _leave(session: Session, course: Course, *chosen: object) -> None:
    """Mark the chosen members as having left; in the cohort, where no other course of it names them."""
    left = list(
        session.scalars(
            update(Member)
            .where(Member.context_id == course.context_id, Member.left_at.is_(None), *chosen)  # type: ignore[arg-type]
            .values(left_at=now())
            .returning(Member.id)
            .execution_options(synchronize_session=False)
        )
    )
    if not left or course.cohort_id is None:
        return
    still = (
        select(LtiIdentity.person_id)
        .join(Member, Member.identity_id == LtiIdentity.id)
        .join(Context, Context.id == Member.context_id)
        .where(Context.cohort_id == course.cohort_id, Member.left_at.is_(None))
    )
    people: set[PersonId] = set()
    for part in parts_of(left, 1000):
        people.update(
            session.scalars(
                select(LtiIdentity.person_id)
                .join(Member, Member.identity_id == LtiIdentity.id)
                .where(Member.id.in_(part), LtiIdentity.person_id.not_in(still))
            )
        )
    note_gone(course.cohort_id, people, actor=_actor(course))


def _finish(session: Session, course: Course, roster: Roster, differences_url: str | None) -> None:
    """Draw the line under a pass: whoever a whole list did not name has left.

    Between two pages of a list people come and go, and what follows moves up: somebody who was on neither page is
    missed. So where there are several pages, only who is missing twice has left, and the second look is soon.
    """
    missed = 0
    if roster.is_whole:
        named = _count(session, course, Member.seen_pass == roster.pass_number)
        if not named and roster.members:
            raise EmptyListError
        unseen = Member.seen_pass < roster.pass_number
        several = roster.page_number > 1
        _leave(session, course, Member.seen_pass < roster.whole_pass if several else unseen)
        missed = _count(session, course, unseen) if several else 0
        roster.whole_read_at, roster.whole_pass = now(), roster.pass_number
    roster.members = _count(session, course)
    roster.state, roster.reason, roster.failures = RosterState.READ, "", 0
    roster.read_at, roster.paused_until = now(), None
    roster.differences_url = None if missed else differences_url
    schedule(session, roster, now() + SOON if missed else next_day())


def _count(session: Session, course: Course, *more: object) -> int:
    counting = select(func.count()).select_from(Member)
    here = (Member.context_id == course.context_id, Member.left_at.is_(None))
    return session.scalar(counting.where(*here, *more)) or 0  # type: ignore[arg-type]


def _actor(course: Course) -> Actor:
    return Actor(
        institute_id=course.institute_id, person_id=None, door=DOOR, door_key=door_key(course.registration_id)
    )
