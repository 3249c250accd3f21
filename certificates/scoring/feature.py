"""What scoring brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.models import SubmissionId
from certificates.scoring import conflicts, history, loading, tasking, telling
from certificates.scoring.models import ConditionCode
from certificates.scoring.pages import queue_of
from certificates.scoring.queries import Outcome, released_for
from certificates.scoring.views import participant, trainer
from certificates.scoring.wording import figure_of, say_condition
from courses.loading.history import HistoryTold
from institute import events
from institute.actors import Actor, Role
from institute.i18n import lazy_gettext
from institute.people import standing
from institute.people.institutes import InstituteLoaded
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the rubrics of an institute's folder, the queue, what a participant reads, and who must not rate whom."""
    events.subscribe(app, InstituteLoaded, loading.load_rubrics)
    events.subscribe(app, HistoryTold, history.tell_scores)
    events.subscribe(app, EvidenceSubmitted, tasking.make_task)
    standing.report(app, conflicts.report_conflicts)
    app.register_blueprint(trainer.blueprint)
    app.register_blueprint(participant.blueprint)
    app.jinja_env.globals.update(
        say_condition=say_condition, figure_of=figure_of, condition_codes=tuple(ConditionCode)
    )
    telling.init_app(app)
    navigation.add(app, NavItem(Role.TRAINER, 10, lazy_gettext("Scoring"), "trainer_scoring.index"))
    panels.add(app, Panel(Role.TRAINER, 10, "certificates/scoring/_queue.html", queue_of))
    sections.add(app, Section("evidence.submission", 10, "certificates/scoring/_released.html", _outcome))


def _outcome(actor: Actor, submission_id: int) -> Outcome | None:
    return released_for(SubmissionId(submission_id), actor)
