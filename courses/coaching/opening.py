"""What a link from an LMS may name here: the hours, wherever the reader finds them."""

from __future__ import annotations

from typing import Final

from flask import Flask

from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.queries import find_enrolment
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.messages.mail import path_to
from institute.web import openables

KEY: Final = "mine"


def init_app(app: Flask) -> None:
    """Let links open ``hours:mine``."""
    openables.add(app, openables.Openable(kind="hours", title=lazy_gettext("Coaching hours"), locate=locate))


def locate(key: str, actor: Actor) -> str | None:
    """Return the path of the hours: a participant's own, or the sessions of a coach; None for anybody else."""
    if key != KEY:
        return None
    if actor.has(Role.PARTICIPANT) and _enrolled(actor):
        return path_to("participant_hours.index")
    return path_to("coach_sessions.index") if actor.has(Role.COACH) else None


def _enrolled(actor: Actor) -> bool:
    try:
        return find_enrolment(actor) is not None
    except EnrolmentClosedError:
        return False  # another role may still open it
