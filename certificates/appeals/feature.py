"""What appeals bring to an application."""

from __future__ import annotations

from flask import Flask

from certificates.appeals import concluding, telling
from certificates.appeals.listing import open_panel
from certificates.appeals.queries import appeal_line
from certificates.appeals.views import lead, participant
from certificates.scoring.events import AppealJudged
from institute import events
from institute.actors import Role
from institute.jobs import daily
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the pages of participants and leads, what is said beside released scores, and the end of an appeal."""
    app.register_blueprint(participant.blueprint)
    app.register_blueprint(lead.blueprint)
    panels.add(app, Panel(Role.SCORING_LEAD, 30, "certificates/appeals/_appeals.html", open_panel))
    events.subscribe(app, AppealJudged, concluding.note_decision)
    daily.add(app, "appeals.windows", concluding.end_windows)
    telling.init_app(app)
    for place in ("evidence.submission", "scores.released"):
        sections.add(app, Section(place, 20, "certificates/appeals/_appeal.html", appeal_line))
