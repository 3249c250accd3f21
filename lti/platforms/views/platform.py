"""What the administrator of a platform sees of this tool: the settings of their own registration."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation
from institute.web.areas import area_blueprint, current_actor
from institute.web.navigation import NavItem
from lti.platforms.queries import show_own_platform
from lti.platforms.tool import tool_values


def show() -> ResponseReturnValue:
    """Show the registration that the session came through."""
    return render_template(
        "lti/platforms/settings.html",
        platform=show_own_platform(current_actor()),
        tool=tool_values(),
    )


def init_app(app: Flask) -> None:
    """Mount the page in the area of platform administrators."""
    blueprint = area_blueprint(Role.PLATFORM_ADMINISTRATOR, "settings", __name__)
    blueprint.add_url_rule("/", "show", show)
    app.register_blueprint(blueprint)
    navigation.add(
        app,
        NavItem(
            Role.PLATFORM_ADMINISTRATOR, 10, lazy_gettext("Settings"), "platform_administrator_settings.show"
        ),
    )
