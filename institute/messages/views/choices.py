"""Each person's choice of what they are told, and when."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import dates
from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Actor
from institute.db import db
from institute.i18n import current_locale, gettext, lazy_gettext
from institute.messages import choosing
from institute.messages.holding import MORNING, zone_of
from institute.messages.topics import Cadence, say_cadence
from institute.people.models import Person
from institute.web import navigation
from institute.web.areas import current_actor, session_blueprint
from institute.web.navigation import PersonalItem

UNPROCESSABLE = 422


def index() -> ResponseReturnValue:
    """Show the choices."""
    return _page({}, {})


def keep() -> ResponseReturnValue:
    """Keep them."""
    problems = choosing.choose(request.form, actor=current_actor())
    if problems:
        said = {name: problem.text for name, problem in problems.items()}
        return _page(request.form.to_dict(), said), UNPROCESSABLE
    flash(gettext("Your choices are kept."), "success")
    return redirect(url_for(".index"), 303)


def _page(typed: dict[str, str], problems: dict[str, str]) -> str:
    actor = current_actor()
    return render_template(
        "messages/choices.html",
        choices=choosing.choices_of(actor),
        cadences=[(cadence, say_cadence(cadence)) for cadence in Cadence],
        typed=typed,
        problems=problems,
        morning=dates.format_time(MORNING, "short", locale=current_locale()),
        zone=_zone(actor),
    )


def _zone(actor: Actor) -> str:
    person = db.session.get(Person, actor.person_id) if actor.person_id is not None else None
    zone = zone_of(person) if person is not None else ZoneInfo("UTC")
    return str(dates.get_timezone_name(zone, zone_variant="generic", locale=current_locale()))


def init_app(app: Flask) -> None:
    """Mount the page for everybody with a session."""
    blueprint = session_blueprint("messages", __name__, url_prefix="/messages")
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/", "keep", keep, methods=["POST"])
    app.register_blueprint(blueprint)
    navigation.add_personal(app, PersonalItem(20, lazy_gettext("Your messages"), "messages.index"))
