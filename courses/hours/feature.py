"""What hours bring to an application: the pages of the rules, the worker's part, and their words."""

from __future__ import annotations

from flask import Flask

from courses.cohorts.events import RecipientChanged
from courses.hours import setting, telling
from courses.hours.pages import rules_of_institute
from courses.hours.policies import Period, Subject
from courses.hours.views import administrator
from courses.hours.wording import (
    say_asked,
    say_counting,
    say_flag,
    say_period,
    say_reckoning,
    say_subject,
    say_why,
    say_why_not,
)
from courses.sessions.models import Kind, Mode
from institute import events
from institute.actors import Role
from institute.jobs import worker
from institute.web import panels
from institute.web.panels import Panel

SUBJECTS = (Subject(), *(Subject(kind=kind) for kind in Kind), *(Subject(mode=mode) for mode in Mode))


def init_app(app: Flask) -> None:
    """Attach the pages and their words, and let the worker count many people anew."""
    app.register_blueprint(administrator.blueprint)
    app.jinja_env.globals.update(
        hours_kinds=tuple(Kind),
        hours_modes=tuple(Mode),
        hours_periods=tuple(Period),
        hours_subjects=SUBJECTS,
        say_asked=say_asked,
        say_counting=say_counting,
        say_flag=say_flag,
        say_period=say_period,
        say_why_not=say_why_not,
        say_reckoning=say_reckoning,
        say_subject=say_subject,
        say_why=say_why,
    )
    worker.handle(app, setting.JOB_KIND, setting.recount_programme, retry=setting.RETRY)
    events.subscribe(app, RecipientChanged, telling.tell_need_changed)
    panels.add(app, Panel(Role.ADMINISTRATOR, 55, "courses/hours/_rules.html", rules_of_institute))
