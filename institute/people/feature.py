"""What the people bring to an application: their grants as roles, their names on pages, samples that can go."""

from __future__ import annotations

from flask import Flask

from institute import actors
from institute.jobs import worker
from institute.people import conflicts, naming, removing, standing
from institute.people.granting import GRANTED
from institute.people.identity import load_identity, remember_locale
from institute.people.views import sample
from institute.web import pages


def init_app(app: Flask) -> None:
    """Attach grants, names, the choice of language, and the way out of a sample."""
    actors.provide(app, GRANTED)
    naming.init_app(app)
    pages.identify(app, load_identity)
    pages.on_locale_choice(app, remember_locale)
    sample.init_app(app)
    standing.report(app, conflicts.report_conflicts)
    worker.handle(app, removing.KIND, removing.remove_when_wished)
