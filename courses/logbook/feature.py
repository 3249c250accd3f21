"""What the logbook brings to an application: the months of a participant for both sides and coordinators."""

from __future__ import annotations

from flask import Flask

from courses.logbook import rendering
from courses.logbook.documents import JOB_KIND
from courses.logbook.finding import coached, coordinated, own
from courses.logbook.pages import Reader
from courses.logbook.views.months import logbook_blueprint
from courses.sessions.models import Side
from institute.actors import Actor, Role
from institute.jobs import worker
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages of each role, the worker's part, and the way there from a participant's page."""
    worker.handle(app, JOB_KIND, rendering.make_document, retry=rendering.RETRY)
    for role, reader in (
        (Role.PARTICIPANT, Reader(own, Side.PARTICIPANT)),
        (Role.COACH, Reader(coached, Side.COACH)),
        (Role.COORDINATOR, Reader(coordinated, None)),
    ):
        app.register_blueprint(logbook_blueprint(role, reader))
    sections.add(app, Section("coached.member", 80, "courses/logbook/_link.html", link_for_coach))
    sections.add(app, Section("coordinator.member", 80, "courses/logbook/_link.html", link_for_coordinator))


def link_for_coach(actor: Actor, key: int) -> tuple[str, int] | None:
    """Return the way to the months of an enrolment for its coach; the page that asks has checked whose it is."""
    return ("coach_logbook.index", key) if actor.has(Role.COACH) else None


def link_for_coordinator(_actor: Actor, key: int) -> tuple[str, int]:
    """Return the way to the months of an enrolment for a coordinator."""
    return "coordinator_logbook.index", key
