"""What rubrics bring to an application."""

from __future__ import annotations

from flask import Flask

from certificates.rubrics import loading, uses
from certificates.rubrics.aligning import aligned_criteria
from certificates.rubrics.carrying import COMPANION
from certificates.rubrics.views import author, translator
from certificates.rubrics.wording import (
    say_field,
    say_number,
    say_policy,
    say_policy_hint,
    say_policy_label,
    say_policy_value,
    say_value,
)
from courses.frameworks import alignments
from courses.packages import companions
from institute import events
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.people.institutes import InstituteLoaded
from institute.web import navigation
from institute.web.navigation import NavItem


def init_app(app: Flask) -> None:
    """Attach the rubrics of an institute's folder, the pages on which they are written, and how packages carry them."""
    uses.init_app(app)
    companions.add(app, COMPANION)
    alignments.provide(app, aligned_criteria)
    events.subscribe(app, InstituteLoaded, loading.load_rubrics)
    app.register_blueprint(author.blueprint)
    app.register_blueprint(translator.blueprint)
    navigation.add(app, NavItem(Role.AUTHOR, 35, lazy_gettext("Rubrics"), "author_rubrics.index"))
    navigation.add(app, NavItem(Role.TRANSLATOR, 20, lazy_gettext("Rubrics"), "translator_rubrics.index"))
    app.jinja_env.globals.update(
        say_rubric_field=say_field,
        say_rubric_value=say_value,
        say_amount=say_number,
        say_policy=say_policy,
        say_policy_hint=say_policy_hint,
        say_policy_label=say_policy_label,
        say_policy_value=say_policy_value,
    )
