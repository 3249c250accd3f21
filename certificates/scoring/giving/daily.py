"""What gives tasks out by itself: the worker once a day or at once, and duties that take them away again."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from certificates.scoring.giving import leaving, reminding
from certificates.scoring.giving.assigning import give_out
from certificates.scoring.giving.making import GIVE_OUT
from certificates.scoring.giving.seeding import withdraw_hidden
from certificates.scoring.models import ScoringTask, TaskState
from certificates.scoring.proof import saying
from certificates.scoring.proof.boards import Counts, counts_of
from certificates.scoring.views import lead, proof
from courses.cohorts.events import CoachAssigned
from institute import events
from institute.actors import Actor, InstituteId, Role
from institute.db import db
from institute.i18n import lazy_gettext
from institute.jobs import daily, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Done, Outcome
from institute.people.events import DutyBegun, RowsChanged
from institute.web import navigation, panels
from institute.web.navigation import NavItem
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Let the worker give tasks out, and every new duty take them away."""
    reminding.init_app(app)
    app.register_blueprint(lead.blueprint)
    app.register_blueprint(proof.blueprint)
    app.jinja_env.globals.update(
        say_obstacle=saying.say_obstacle,
        say_purpose=saying.say_purpose,
        say_why_second=saying.say_why,
        say_fault=saying.say_fault,
    )
    board = "scoring_lead_scoring.index"
    navigation.add(app, NavItem(Role.SCORING_LEAD, 10, lazy_gettext("Scoring"), board))
    panels.add(app, Panel(Role.SCORING_LEAD, 10, "certificates/scoring/lead/_counts.html", _counts))
    worker.handle(app, GIVE_OUT, _give_out)
    daily.add(app, "scoring.tasks", _each_day)
    events.subscribe(app, CoachAssigned, leaving.leave_coached)
    events.subscribe(app, DutyBegun, leaving.leave_duty)
    events.subscribe(app, RowsChanged, leaving.leave_self)


def _counts(actor: Actor) -> Counts:
    return counts_of(actor.institute_id)


def _give_out(job: LeasedJob) -> Outcome:
    give_out(InstituteId(int(job.key)))
    return Done()


def _each_day(day: date) -> None:
    """Take tasks from whoever must not have them, then give out what has waited long enough."""
    leaving.leave_daily(day)
    withdraw_hidden(day)
    waiting = select(ScoringTask.institute_id).where(ScoringTask.state == TaskState.OPEN).distinct()
    for institute_id in db.session.scalars(waiting).all():
        give_out(institute_id)
