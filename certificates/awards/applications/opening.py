"""What a link from an LMS may name here: the way to the next level, and the certificates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from flask import Flask

from certificates.levels.queries import levels_of
from institute.actors import Actor, Role
from institute.i18n import gettext, lazy_gettext
from institute.messages.mail import path_to
from institute.web import openables

KEY: Final = "mine"
AFTER_HOURS: Final = 70


def init_app(app: Flask) -> None:
    """Let links open ``level:mine`` and ``certificates:mine``."""
    openables.add(
        app,
        openables.Openable("level", lazy_gettext("Level"), partial(locate, "level"), offers=offer_levels),
    )
    openables.add(
        app,
        openables.Openable("certificates", lazy_gettext("Certificates"), partial(locate, "certificates")),
    )


def locate(kind: str, key: str, actor: Actor) -> str | None:
    """Return the path of a participant's own page; others begin where they see the cohort or all certificates."""
    if key != KEY:
        return None
    ways = {
        Role.PARTICIPANT: f"participant_{kind}.index",
        Role.ADMINISTRATOR: "administrator_awards.index"
        if kind == "certificates"
        else "administrator_home.index",
        Role.FACILITATOR: "facilitator_cohort.index",
        Role.COACH: "coach_participants.index",
    }
    return next((path_to(endpoint) for role, endpoint in ways.items() if actor.has(role)), None)


def offer_levels(actor: Actor) -> Iterator[openables.Offer]:
    """Yield what is missing for the next level, and the certificates, where the institute has levels."""
    if levels_of(actor.institute_id):
        yield openables.Offer(
            f"level:{KEY}",
            gettext("What is missing for the next level"),
            note=gettext("Each rule, and what is still to be done for it"),
            icon="bar-chart",
            order=AFTER_HOURS,
        )
        yield openables.Offer(
            f"certificates:{KEY}",
            gettext("Certificates"),
            note=gettext("Their status, and the file once one is issued"),
            icon="patch-check",
            order=AFTER_HOURS,
        )
