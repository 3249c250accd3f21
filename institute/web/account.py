"""What everybody with a session can do: begin, and choose the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.clock import now
from institute.errors import DeniedError, InvalidError
from institute.i18n import gettext, lazy_gettext, long_day, supported
from institute.web import pages, panels, sessions
from institute.web.areas import AreaBlueprint, area_blueprint, session_blueprint


class UnknownLanguageError(InvalidError):
    """The language is not one of ours."""

    code = "LANGUAGE"
    sentence = lazy_gettext("This language is not available here.")


def start() -> ResponseReturnValue:
    """Go to the first area the person has, or to the one page that a narrow door opens."""
    actor = sessions.current_actor()
    narrow = sessions.narrowed(actor.door)
    if narrow is not None:
        return redirect(url_for(narrow.home), 303)
    areas = pages.held_areas(actor)
    if not areas:
        raise DeniedError
    return redirect(url_for(pages.home_endpoint(areas[0])), 303)


def language() -> ResponseReturnValue:
    """Answer this session in another language and come back to the page."""
    locale = supported(request.form.get("locale"))
    if locale is None:
        raise UnknownLanguageError
    sessions.switch_locale(locale)
    pages.remember_locale(locale)
    following = urlsplit(request.form.get("next", ""))
    prefix = sessions.session_path(sessions.current_session().id)
    inside = not following.netloc and not following.scheme and following.path.startswith(prefix)
    path = f"{following.path}?{following.query}".rstrip("?") if inside else url_for("account.start")
    return redirect(path, 303)


def _opening(role: Role, name: str) -> tuple[str, str]:
    """Return the heading of a home page and the line under it: whose it is, and what day."""
    day = long_day(now())
    if role is Role.PARTICIPANT:
        return (gettext("Where you are, %(name)s", name=name) if name else gettext("Where you are")), day
    return gettext("Today"), gettext("%(name)s · %(day)s", name=name, day=day) if name else day


def _home(role: Role) -> AreaBlueprint:
    blueprint = area_blueprint(role, "home", __name__, url_prefix=f"/{role.value.replace('_', '-')}")

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        g.area = role
        identity = pages.current_identity()
        heading, subline = _opening(role, identity.person_name if identity else "")
        filled = panels.filled(role, sessions.current_actor())
        return render_template("home.html", heading=heading, subline=subline, panels=filled)

    return blueprint


def init_app(app: Flask) -> None:
    """Mount the start page, the language switch and each role's home."""
    blueprint = session_blueprint("account", __name__)
    blueprint.add_url_rule("/", "start", start)
    blueprint.add_url_rule("/language", "language", language, methods=["POST"])
    app.register_blueprint(blueprint)
    for role in Role:
        app.register_blueprint(_home(role))
