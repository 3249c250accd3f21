"""What the awards bring to an application."""

from __future__ import annotations

from flask import Flask

from certificates.awards import letters
from certificates.awards.applications import opening
from certificates.awards.applications.pages import level_panel
from certificates.awards.applications.waiting import count_waiting
from certificates.awards.batches import feature as batches
from certificates.awards.holders import feature as holders
from certificates.awards.holders.links import holders_door
from certificates.awards.issuing import feature as papers
from certificates.awards.issuing import rendering
from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.issuing.waiting import documents_to_make
from certificates.awards.lifetime import feature as lifetime
from certificates.awards.lifetime import flagging
from certificates.awards.proof import statuses
from certificates.awards.proof.addresses import verify_url
from certificates.awards.proof.codes import show_code
from certificates.awards.views import (
    applications,
    awards,
    certificates,
    credentials,
    issuers,
    keys,
    level,
    verification,
)
from certificates.awards.views import holders as holder_pages
from certificates.awards.wording import (
    APPLICATION_SIGNS,
    AWARD_SIGNS,
    say_application_state,
    say_award_status,
    say_key_purpose,
    say_last_day,
    say_local_day,
    say_local_time,
    say_paper,
    say_reason,
    say_rest,
    say_wait,
)
from certificates.levels.wording import say_strand
from certificates.scoring.events import AppealJudged
from courses.sessions.events import SessionAmended
from institute import events
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.jobs import worker
from institute.keys.events import KeyRotated
from institute.web import front, navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the way to a level, applications, certificates, their documents, and what the public checks."""
    letters.init_app(app)
    opening.init_app(app)
    holders.init_app(app)
    lifetime.init_app(app)
    papers.init_app(app)
    batches.init_app(app)
    worker.handle(app, JOB_KIND, rendering.make_document)
    worker.handle(app, statuses.JOB_KIND, statuses.make_list)
    events.subscribe(app, KeyRotated, statuses.sign_anew)
    events.subscribe(app, SessionAmended, flagging.flag_awards)
    events.subscribe(app, AppealJudged, flagging.flag_scores)
    for made in level.blueprints:
        app.register_blueprint(made)
    for module in (certificates, applications, awards, keys, verification, issuers, credentials):
        app.register_blueprint(module.blueprint)
    for pages in (*certificates.further, certificates.own_door):
        app.register_blueprint(pages)
    holder_pages.init_app(app)
    app.jinja_env.globals.update(
        say_application_state=say_application_state,
        say_award_status=say_award_status,
        say_strand=say_strand,
        say_reason=say_reason,
        say_rest=say_rest,
        say_wait=say_wait,
        application_sign=APPLICATION_SIGNS.__getitem__,
        award_sign=AWARD_SIGNS.__getitem__,
        local_day=say_local_day,
        last_valid_day=say_last_day,
        say_key_purpose=say_key_purpose,
        say_paper=say_paper,
        holders_door=holders_door,
        local_time=say_local_time,
        verify_url=verify_url,
        show_code=show_code,
    )
    for role in level.TRACKS:
        navigation.add(app, NavItem(role, 40, lazy_gettext("Level"), f"{role}_level.index"))
    navigation.add(
        app,
        NavItem(
            Role.ADMINISTRATOR,
            10,
            lazy_gettext("Applications"),
            "administrator_applications.index",
            ("administrator_batches",),
        ),
    )
    navigation.add(
        app,
        NavItem(
            Role.ADMINISTRATOR,
            20,
            lazy_gettext("Certificates"),
            "administrator_awards.index",
            ("administrator_keys", "administrator_looks", "administrator_registry"),
        ),
    )
    front.add_way(app, front.Way(lazy_gettext("Check a certificate"), "verify.index"))
    front.add_way(app, front.Way(lazy_gettext("Open your certificates"), "holders.ask"))
    folder = "certificates/awards"
    panels.add(app, Panel(Role.PARTICIPANT, 30, f"{folder}/_towards.html", level_panel))
    panels.add(app, Panel(Role.ADMINISTRATOR, 10, f"{folder}/_waiting.html", waiting_panel))
    panels.add(app, Panel(Role.ADMINISTRATOR, 15, f"{folder}/_flags.html", flagging.flags_panel))
    panels.add(app, Panel(Role.ADMINISTRATOR, 20, f"{folder}/_documents.html", documents_to_make))


def waiting_panel(actor: Actor) -> int | None:
    """Return how many applications wait, None where none does."""
    return count_waiting(actor) or None
