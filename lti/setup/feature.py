"""What the room of setting up brings: pages of administrators, what waits on their home, the check's job."""

from __future__ import annotations

from flask import Flask

from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels, sections
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section
from lti.setup import checking, commands
from lti.setup.checks import own_check
from lti.setup.findings import CHECK_SIGNS, STATE_WORDS, say_advice, say_finding, say_step
from lti.setup.roles import USUAL
from lti.setup.views import canvas, keys, platform, platforms
from lti.setup.views.area import blueprint
from lti.setup.waiting import waiting_panel
from lti.setup.wording import DEPLOYMENT_SIGNS, say_family, say_meaning

PARTS = (platforms, platform, keys, commands)
"""The modules whose routes and commands are there once they are imported."""


def init_app(app: Flask) -> None:
    """Attach the room."""
    checking.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(canvas.blueprint)
    app.jinja_env.globals.update(
        say_platform_family=say_family,
        say_role_meaning=say_meaning,
        deployment_sign=DEPLOYMENT_SIGNS.__getitem__,
        check_sign=CHECK_SIGNS.__getitem__,
        check_word=STATE_WORDS.__getitem__,
        say_check_step=say_step,
        say_check_finding=say_finding,
        say_check_advice=say_advice,
        usual_role_names=USUAL,
    )
    navigation.add(
        app, NavItem(Role.ADMINISTRATOR, 30, lazy_gettext("Platforms"), "administrator_platforms.index")
    )
    panels.add(app, Panel(Role.ADMINISTRATOR, 15, "lti/setup/_waiting.html", waiting_panel))
    sections.add(app, Section("lti.settings", 10, "lti/setup/_own_check.html", own_check))
