"""The worker's part: page after page, each stored before the next is asked for."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

from flask import Flask

from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome, RetryPolicy
from lti.launches.models import ContextId
from lti.roster.errors import ElsewhereError
from lti.roster.listing import read_listing
from lti.roster.passes import JOB_KIND, Place, begin, put_off
from lti.roster.storing import Page, store_page
from lti.services.connector import PlatformConnector
from lti.services.errors import RefusedError, ServiceError, UnreadableError
from lti.services.links import linked, parse_links

SCOPE: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEMBERS_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
AT_A_TIME_S: Final = 10.0
"""A worker's lease is a minute; what is not read by then is another job, so that others have their turn."""


def init_app(app: Flask) -> None:
    """Let the worker read rosters."""
    worker.handle(app, JOB_KIND, read, retry=RetryPolicy(most_attempts=1_000_000))


def read(job: LeasedJob) -> Outcome:
    """Read one course's roster, or a part of it. What becomes of it stands in the roster's row."""
    if read_roster(ContextId(int(job.key)), within=AT_A_TIME_S):
        return Done()
    outbox.put(kind=JOB_KIND, key=job.key)
    return Done("GOES-ON")


def read_roster(context_id: ContextId, *, within: float = float("inf")) -> bool:
    """Read a course's roster to its end, for about ``within`` seconds; tell whether that was enough."""
    end = time.monotonic() + within
    place = begin(context_id)
    while place is not None:
        try:
            following = store_page(place, _fetch(place))
        except ServiceError as error:
            following = begin(context_id) if put_off(place, error) == "again" else None
        if following is not None and time.monotonic() > end:
            return False
        place = following
    return True


def _fetch(place: Place) -> Page:
    """Fetch a page. Raises ServiceError."""
    connector = PlatformConnector(place.account)
    try:
        return _ask(connector, place.url)
    except RefusedError as error:
        if error.status != HTTPStatus.BAD_REQUEST or place.bare_url is None:
            raise
        return _ask(connector, place.bare_url)


def _ask(connector: PlatformConnector, url: str) -> Page:
    answer = connector.request("GET", url, scopes=(SCOPE,), accept=MEMBERS_TYPE)
    members = answer.body.get("members") if isinstance(answer.body, dict) else None
    if not isinstance(members, list):
        raise UnreadableError(answer.status)
    links = answer.headers.get("Link", "")
    if answer.next_page is None and any("next" in one.relations for one in parse_links(links, base=url)):
        raise ElsewhereError(answer.status)
    return Page(
        people=read_listing(members),
        next_url=answer.next_page,
        differences_url=linked(links, "differences", base=url),
    )
