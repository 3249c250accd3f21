"""What calibration brings to an application."""

from __future__ import annotations

from typing import Final

from flask import Flask

from certificates.calibration import consenting, gathering, history, loading, telling, trying
from certificates.calibration.views import lead, participant, trainer
from courses.loading.history import HistoryTold
from institute import events
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.people.institutes import InstituteLoaded
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER: Final = "certificates/calibration"


def init_app(app: Flask) -> None:
    """Attach the pages of those who take sets and of those who build them, panels and mail."""
    events.subscribe(app, InstituteLoaded, loading.load_sets)
    events.subscribe(app, HistoryTold, history.tell_calibration)
    telling.init_app(app)
    app.register_blueprint(trainer.blueprint)
    app.register_blueprint(lead.blueprint)
    app.register_blueprint(participant.blueprint)
    navigation.add(app, NavItem(Role.TRAINER, 20, lazy_gettext("Calibration"), "trainer_calibration.index"))
    panels.add(app, Panel(Role.TRAINER, 20, f"{FOLDER}/_panel.html", trying.panel_of))
    navigation.add(
        app, NavItem(Role.SCORING_LEAD, 40, lazy_gettext("Calibration"), "scoring_lead_calibration.index")
    )
    sections.add(app, Section("evidence.submission", 40, f"{FOLDER}/_consent.html", consenting.asked_of))
    sections.add(app, Section("meetings.led", 10, f"{FOLDER}/_meeting.html", gathering.results_at))
