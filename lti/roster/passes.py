"""One reading of a course's list, from the page where it begins to the page where it ends or is put off."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.queries import is_running
from institute.clock import now
from institute.db import insert_into, transaction
from institute.jobs import outbox
from institute.jobs.worker import RetryPolicy
from lti.launches.models import Context, ContextId, LtiLaunch, ResourceLink
from lti.platforms.models import Deployment, DeploymentState, Registration
from lti.roster.models import Roster, RosterId, RosterState
from lti.services.accounts import Account
from lti.services.errors import ServiceError
from lti.services.lineitems import append_to_path

JOB_KIND: Final = "lti.roster"
PAGE_SIZE: Final = "500"
"""How many people are asked for at once. Moodle gives all unless asked, Canvas 50 and Brightspace 200 in any case."""
EVERY: Final = timedelta(hours=24)
WHOLE_EVERY: Final = timedelta(days=7)
RESUMED_WITHIN: Final = timedelta(hours=12)
"""A page's address is good for a while only, and an old half of a list does not go with a new one."""
QUIET_AFTER: Final = timedelta(days=60)
"""A course that nobody has opened for so long is read no more by itself; its next launch begins again."""
AFTER_FAILURE: Final = RetryPolicy(first=timedelta(minutes=1), longest=timedelta(hours=6))

NO_SERVICE: Final = "NO-SERVICE"
NOT_ACTIVE: Final = "NOT-ACTIVE"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a roster the reading stands, with what is needed to read on, taken out before the network."""

    roster_id: RosterId
    context_id: ContextId
    account: Account
    pass_number: int
    page_number: int
    is_whole: bool
    url: str
    bare_url: str | None = None
    """The first page without asking for a size, for a platform that refuses such a question."""


def begin(context_id: ContextId) -> Place | None:
    """Begin a reading, or find the place where one was broken off; None where nothing can be read now.

    An unbound course is not read: its people are nobody's yet.
    """
    with transaction() as session:
        found = session.execute(
            select(Context, Deployment.state, Registration)
            .join(Deployment, Deployment.id == Context.deployment_id)
            .join(Registration, Registration.id == Deployment.registration_id)
            .where(Context.id == context_id)
        ).one_or_none()
        if found is None or found.Context.cohort_id is None:
            return None
        context, deployment_state, registration = found
        roster = hold_roster(session, context)
        url = session.scalar(
            select(ResourceLink.nrps_url)
            .where(ResourceLink.context_id == context_id, ResourceLink.nrps_url.is_not(None))
            .order_by(ResourceLink.updated_at.desc(), ResourceLink.id.desc())
            .limit(1)
        )
        if url is None:
            _refuse(roster, NO_SERVICE)
            return None
        if not registration.is_active or deployment_state is not DeploymentState.ACTIVE:
            _refuse(roster, NOT_ACTIVE)
            return None
        if not _is_broken_off(roster):
            _begin_anew(roster)
        roster.state, roster.reason, roster.tried_at, roster.next_try_at = (
            RosterState.READING,
            "",
            now(),
            None,
        )
        start = _sized(url) if roster.is_whole else roster.differences_url
        first = roster.is_whole and roster.next_url is None
        return Place(
            roster_id=roster.id,
            context_id=context_id,
            account=Account.of(registration),
            pass_number=roster.pass_number,
            page_number=roster.page_number,
            is_whole=roster.is_whole,
            url=roster.next_url or start or _sized(url),
            bare_url=url if first else None,
        )


def hold_roster(session: Session, context: Context) -> Roster:
    """Return the roster of a course, made if it is missing, locked until the transaction ends."""
    session.execute(
        insert_into(session, Roster)
        .values(institute_id=context.institute_id, context_id=context.id)
        .on_conflict_do_nothing(index_elements=["context_id"])
    )
    return session.scalars(select(Roster).where(Roster.context_id == context.id).with_for_update()).one()


def put_off(place: Place, error: ServiceError) -> Literal["again"] | None:
    """Note why a reading could not go on, and when it is tried again; nobody is marked as having left.

    A list of changes that cannot be had is given up for the whole list, which is ``"again"`` to be begun at once.
    """
    with transaction() as session:
        roster = session.get_one(Roster, place.roster_id, with_for_update=True)
        if (roster.pass_number, roster.page_number) != (place.pass_number, place.page_number):
            return None  # somebody else read on
        if not error.passing:
            roster.next_url, roster.page_number = None, 0
            if not roster.is_whole:
                roster.differences_url, roster.is_whole = None, True
                return "again"
        roster.failures += 1
        roster.state, roster.reason = RosterState.FAILED, error.code
        pause = AFTER_FAILURE.pause(roster.failures) if error.passing else _some_day()
        if error.retry_after is not None:
            roster.paused_until = now() + timedelta(seconds=error.retry_after)
            pause = max(pause, timedelta(seconds=error.retry_after + 1))
        schedule(session, roster, now() + pause)
        return None


def schedule(session: Session, roster: Roster, at: datetime) -> None:
    """Let the worker read again at ``at``, while the cohort runs and somebody opens the course."""
    opened = session.scalar(
        select(func.max(LtiLaunch.created_at)).where(LtiLaunch.context_id == roster.context_id)
    )
    cohort_id = session.scalar(select(Context.cohort_id).where(Context.id == roster.context_id))
    quiet = opened is None or opened < now() - QUIET_AFTER
    if quiet or cohort_id is None or not is_running(cohort_id):
        roster.next_try_at = None
        return
    roster.next_try_at = at
    outbox.put(kind=JOB_KIND, key=str(roster.context_id), after=at)


def next_day() -> datetime:
    """Return when a roster that was read is read again; not all at one moment."""
    return now() + _some_day()


def _some_day() -> timedelta:
    return EVERY + timedelta(seconds=secrets.randbelow(3600))


def _is_broken_off(roster: Roster) -> bool:
    return (
        roster.next_url is not None
        and roster.started_at is not None
        and roster.started_at > now() - RESUMED_WITHIN
    )


def _begin_anew(roster: Roster) -> None:
    whole_is_old = roster.whole_read_at is None or roster.whole_read_at < now() - WHOLE_EVERY
    roster.is_whole = roster.differences_url is None or whole_is_old
    roster.pass_number += 1
    roster.page_number = roster.stale_pages = 0
    roster.next_url = None
    roster.started_at = now()


def _refuse(roster: Roster, reason: str) -> None:
    """Note why nothing can be read. The next launch asks again: what it brings may be what was missing."""
    roster.state, roster.reason, roster.tried_at = RosterState.FAILED, reason, now()
    roster.due_at, roster.next_try_at = now(), None


def _sized(url: str) -> str:
    if "limit" in parse_qs(urlsplit(url).query):
        return url
    return append_to_path(url, "", limit=PAGE_SIZE)
