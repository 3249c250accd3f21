"""What scoring came to, for the participant and the scoring lead: pages, what trying again needs, what is released."""

from __future__ import annotations

from flask import Flask

from certificates.evidence import renewing
from certificates.evidence.events import AttemptBegun
from certificates.evidence.models import SubmissionId
from certificates.scoring.events import ScoresReleased
from certificates.scoring.outcomes import feedback, leaves, retaking, telling
from certificates.scoring.outcomes.letting_out import waiting_panel
from certificates.scoring.outcomes.queries import Outcome, released_for
from certificates.scoring.outcomes.standing import line_of
from certificates.scoring.views import coordinator, participant, release
from certificates.scoring.wording import say_method
from institute import events
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the released scores, the list of those that wait, their messages, and the rules of another attempt."""
    events.subscribe(app, AttemptBegun, retaking.carry_over)
    renewing.provide(app, retaking.refusal_of)
    app.register_blueprint(participant.blueprint)
    app.register_blueprint(release.blueprint)
    app.register_blueprint(coordinator.blueprint)
    events.subscribe(app, ScoresReleased, leaves.tell_coordinators)
    app.jinja_env.globals["say_method"] = say_method
    telling.init_app(app)
    feedback.init_app(app)
    navigation.add(
        app, NavItem(Role.SCORING_LEAD, 20, lazy_gettext("To release"), "scoring_lead_release.index")
    )
    panels.add(app, Panel(Role.SCORING_LEAD, 20, "certificates/scoring/_to_release.html", waiting_panel))
    panels.add(app, Panel(Role.COORDINATOR, 60, "certificates/scoring/_attempts.html", leaves.stuck_panel))
    sections.add(app, Section("evidence.line", 10, "certificates/scoring/_line.html", line_of))
    sections.add(app, Section("evidence.submission", 10, "certificates/scoring/_released.html", _outcome))


def _outcome(actor: Actor, submission_id: int) -> Outcome | None:
    return released_for(SubmissionId(submission_id), actor)
