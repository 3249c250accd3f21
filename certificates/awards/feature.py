"""What the awards bring to an application."""

from __future__ import annotations

from flask import Flask

from certificates.awards import letters, opening, rendering, statuses
from certificates.awards.addresses import verify_url
from certificates.awards.codes import show_code
from certificates.awards.issuing import JOB_KIND
from certificates.awards.pages import level_panel
from certificates.awards.queries import count_documents_to_make, count_waiting
from certificates.awards.views import applications, awards, certificates, issuers, level, verification
from certificates.awards.wording import (
    APPLICATION_SIGNS,
    AWARD_SIGNS,
    say_application_state,
    say_award_status,
    say_local_day,
    say_local_time,
    say_reason,
)
from institute import events
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.jobs import worker
from institute.keys.events import KeyRotated
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the way to a level, applications, certificates, their documents, and what the public checks."""
    letters.init_app(app)
    opening.init_app(app)
    worker.handle(app, JOB_KIND, rendering.make_document)
    worker.handle(app, statuses.JOB_KIND, statuses.make_list)
    events.subscribe(app, KeyRotated, statuses.sign_anew)
    for module in (level, certificates, applications, awards, verification, issuers):
        app.register_blueprint(module.blueprint)
    app.jinja_env.globals.update(
        say_application_state=say_application_state,
        say_award_status=say_award_status,
        say_reason=say_reason,
        application_sign=APPLICATION_SIGNS.__getitem__,
        award_sign=AWARD_SIGNS.__getitem__,
        local_day=say_local_day,
        local_time=say_local_time,
        verify_url=verify_url,
        show_code=show_code,
    )
    navigation.add(app, NavItem(Role.PARTICIPANT, 40, lazy_gettext("Level"), "participant_level.index"))
    navigation.add(
        app, NavItem(Role.ADMINISTRATOR, 10, lazy_gettext("Applications"), "administrator_applications.index")
    )
    navigation.add(
        app, NavItem(Role.ADMINISTRATOR, 20, lazy_gettext("Certificates"), "administrator_awards.index")
    )
    folder = "certificates/awards"
    panels.add(app, Panel(Role.PARTICIPANT, 30, f"{folder}/_towards.html", level_panel))
    panels.add(app, Panel(Role.ADMINISTRATOR, 10, f"{folder}/_waiting.html", waiting_panel))
    panels.add(app, Panel(Role.ADMINISTRATOR, 20, f"{folder}/_documents.html", documents_panel))


def waiting_panel(actor: Actor) -> int | None:
    """Return how many applications wait, None where none does."""
    return count_waiting(actor) or None


def documents_panel(actor: Actor) -> int | None:
    """Return how many documents are being prepared, None where none is."""
    return count_documents_to_make(actor) or None
