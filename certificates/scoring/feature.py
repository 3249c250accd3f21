"""What scoring brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.evidence.events import EvidenceSubmitted
from certificates.rubrics import uses
from certificates.scoring import conflicts, history, loading
from certificates.scoring.giving import daily as giving
from certificates.scoring.giving import making
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes import attaching as outcomes
from certificates.scoring.sheets import sights
from certificates.scoring.sheets.queues import queue_of
from certificates.scoring.uses import tell_uses
from certificates.scoring.views import agreement, trainer
from certificates.scoring.wording import figure_of, say_condition
from courses.loading.history import HistoryTold
from institute import events
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.people import standing
from institute.people.institutes import InstituteLoaded
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach the rubrics of an institute's folder, the queue, what a participant reads, and who must not rate whom."""
    events.subscribe(app, InstituteLoaded, loading.follow_rubrics)
    events.subscribe(app, HistoryTold, history.tell_scores)
    events.subscribe(app, EvidenceSubmitted, making.make_task)
    standing.report(app, conflicts.report_conflicts)
    uses.provide(app, tell_uses)
    app.register_blueprint(trainer.blueprint)
    app.jinja_env.globals.update(
        say_condition=say_condition, figure_of=figure_of, condition_codes=tuple(ConditionCode)
    )
    outcomes.init_app(app)
    agreement.init_app(app)
    sights.init_app(app)
    giving.init_app(app)
    navigation.add(app, NavItem(Role.TRAINER, 10, lazy_gettext("Scoring"), "trainer_scoring.index"))
    panels.add(app, Panel(Role.TRAINER, 10, "certificates/scoring/_queue.html", queue_of))
