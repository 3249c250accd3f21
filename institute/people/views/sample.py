"""The administrator's page on which a sample institute is removed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Actor, Role
from institute.people import removing
from institute.web import panels
from institute.web.areas import area_blueprint, current_actor
from institute.web.panels import Panel


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample institute: how many people it has, and whether it is on its way out."""

    people: int
    leaving: bool


def sample_page(actor: Actor) -> SamplePage | None:
    """Return what the page and the panel show, or None in a real institute."""
    if not removing.is_sample(actor.institute_id):
        return None
    return SamplePage(removing.count_people(actor.institute_id), removing.is_on_its_way(actor.institute_id))


def show() -> ResponseReturnValue:
    """Say what removing the sample means."""
    return render_template("people/sample.html", here=sample_page(current_actor()))


def remove() -> ResponseReturnValue:
    """Have the worker remove it; this visit ends with it."""
    removing.wish_for_removal(actor=current_actor())
    return redirect(url_for(".show"), 303)


def init_app(app: Flask) -> None:
    """Attach the page, and a word about it on the home of administrators."""
    blueprint = area_blueprint(Role.ADMINISTRATOR, "sample", __name__)
    blueprint.add_url_rule("/", view_func=show)
    blueprint.add_url_rule("/", view_func=remove, methods=["POST"])
    app.register_blueprint(blueprint)
    panels.add(app, Panel(Role.ADMINISTRATOR, 95, "people/_sample.html", sample_page))
