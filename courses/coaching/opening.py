"""What a link from an LMS may name here: the hours, wherever the reader finds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Flask

from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.queries import find_enrolment
from institute.actors import Actor, Role
from institute.i18n import gettext, lazy_gettext
from institute.messages.mail import path_to
from institute.web import openables

KEY: Final = "mine"
AFTER_TASKS: Final = 60


def init_app(app: Flask) -> None:
    """Let links open ``hours:mine``."""
    openables.add(
        app, openables.Openable("hours", lazy_gettext("Coaching hours"), locate, offers=offer_hours)
    )


def locate(key: str, actor: Actor) -> str | None:
    """Return the path of the hours: a participant's own, a coach's sessions; others begin where they see the cohort."""
    if key != KEY:
        return None
    if actor.has(Role.PARTICIPANT) and _enrolled(actor):
        return path_to("participant_hours.index")
    if actor.has(Role.COACH):
        return path_to("coach_sessions.index")
    if actor.has(Role.FACILITATOR):
        return path_to("facilitator_cohort.index")
    return path_to("administrator_home.index") if actor.has(Role.ADMINISTRATOR) else None


def offer_hours(_actor: Actor) -> Iterator[openables.Offer]:
    """Yield the log of the coaching hours, which every programme has."""
    yield openables.Offer(
        f"hours:{KEY}",
        gettext("Coaching log"),
        note=gettext("Sessions to confirm, and the hours of each month"),
        icon="clock",
        order=AFTER_TASKS,
    )


def _enrolled(actor: Actor) -> bool:
    try:
        return find_enrolment(actor) is not None
    except EnrolmentClosedError:
        return False  # another role may still open it
