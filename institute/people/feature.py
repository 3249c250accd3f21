"""What the people bring to an application: their grants as roles, their names on pages."""

from __future__ import annotations

from flask import Flask

from institute import actors
from institute.people import naming
from institute.people.granting import GRANTED
from institute.people.identity import load_identity, remember_locale
from institute.web import pages


def init_app(app: Flask) -> None:
    """Attach grants, names and the choice of language."""
    actors.provide(app, GRANTED)
    naming.init_app(app)
    pages.identify(app, load_identity)
    pages.on_locale_choice(app, remember_locale)
