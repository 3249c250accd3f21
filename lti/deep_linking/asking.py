"""What a platform asked for, and whether whoever came may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import DeniedError, NotFoundError
from institute.i18n import lazy_gettext
from lti.launches.binding import may_bind
from lti.launches.models import Context, ContextId, DeepLinkingRequest, LtiLaunch
from lti.platforms.models import Deployment, Registration

RESOURCE_LINK: Final = "ltiResourceLink"
FRAME: Final = "iframe"
WINDOW: Final = "window"
CHOOSERS: Final = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR, Role.PLATFORM_ADMINISTRATOR})


class NothingAskedError(NotFoundError):
    """No course asked for anything in this visit."""

    code = "LTI-NOT-ASKED"
    title = lazy_gettext("No course asks for links here")
    sentence = lazy_gettext("Links are chosen from within a course of your learning platform.")
    advice = lazy_gettext("Go to your course there, edit it, and choose this tool where content is added.")


class NotYoursToChooseError(DeniedError):
    """Only who leads the course, or runs the platform, adds to it."""

    code = "LTI-CHOOSE"
    title = lazy_gettext("This is for the course's teacher")
    sentence = lazy_gettext("Only a teacher of the course or an administrator can add links to it.")
    advice = lazy_gettext("Go back to your course. Its links open what is meant for you.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A platform's request: what it takes, from which course, and where the answer goes.

    ``cohort_id`` and ``zone`` are None while the course is not connected to a cohort. ``takes_several`` and
    ``takes_columns``: a platform that does not say takes one item, and may take line items.
    """

    session_id: str
    issuer: str
    client_id: str
    deployment_id: str
    return_url: str
    data: str | None
    context_id: ContextId | None
    course_title: str
    cohort_id: CohortId | None
    zone: ZoneInfo | None
    binds: bool
    takes_links: bool
    takes_several: bool
    takes_columns: bool
    targets: tuple[str, ...]
    answered_at: datetime | None


_ASKED: Final = (
    select(DeepLinkingRequest, LtiLaunch, Context, Cohort.timezone, Deployment.deployment_id, Registration)
    .join(LtiLaunch, LtiLaunch.session_id == DeepLinkingRequest.session_id)
    .join(Deployment, Deployment.id == LtiLaunch.deployment_id)
    .join(Registration, Registration.id == Deployment.registration_id)
    .outerjoin(Context, Context.id == DeepLinkingRequest.context_id)
    .outerjoin(Cohort, Cohort.id == Context.cohort_id)
    .where(
        DeepLinkingRequest.session_id == bindparam("session"),
        DeepLinkingRequest.institute_id == bindparam("institute"),
    )
)


def find_asked(actor: Actor) -> Asked:
    """Return what the platform asked for in the actor's session, in one query.

    Raises NothingAskedError, or NotYoursToChooseError if the actor does not lead the course.
    """
    here = {"session": actor.session_id, "institute": actor.institute_id}
    row = db.session.execute(_ASKED, here).one_or_none()
    if row is None:
        raise NothingAskedError
    request, launch, _, timezone, deployment_id, registration = row
    context: Context | None = row[2]
    if not CHOOSERS & actor.roles and not CHOOSERS & frozenset(launch.roles):
        raise NotYoursToChooseError
    return Asked(
        session_id=request.session_id,
        issuer=registration.issuer,
        client_id=registration.client_id,
        deployment_id=deployment_id,
        return_url=request.return_url,
        data=request.data,
        context_id=request.context_id,
        course_title=(context.title or context.label) if context else "",
        cohort_id=context.cohort_id if context else None,
        zone=ZoneInfo(timezone) if timezone else None,
        binds=context is not None and may_bind(launch, actor),
        takes_links=RESOURCE_LINK in request.accept_types,
        takes_several=request.accept_multiple is True,
        takes_columns=request.accept_lineitem is not False,
        targets=tuple(one for one in (FRAME, WINDOW) if one in request.accept_targets),
        answered_at=request.answered_at,
    )
