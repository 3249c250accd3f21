"""The administrator's page of messages that could not be delivered."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.i18n import gettext, ngettext
from institute.messages import undelivered
from institute.messages.undelivered import MailId
from institute.web import panels
from institute.web.areas import area_blueprint, current_actor
from institute.web.panels import Panel


def index() -> ResponseReturnValue:
    """List them."""
    return render_template("messages/undelivered.html", found=undelivered.undelivered(current_actor()))


def again(mail_id: int) -> ResponseReturnValue:
    """Try one again."""
    undelivered.try_again(MailId(mail_id), actor=current_actor())
    flash(gettext("The message is on its way again."), "success")
    return redirect(url_for(".index"), 303)


def give_up(mail_id: int) -> ResponseReturnValue:
    """Take one off the list."""
    undelivered.give_up(MailId(mail_id), actor=current_actor())
    flash(gettext("The message was taken off the list."), "success")
    return redirect(url_for(".index"), 303)


def all_again() -> ResponseReturnValue:
    """Try all of them again."""
    count = undelivered.try_all_again(actor=current_actor())
    flash(
        ngettext("%(num)s message is on its way again.", "%(num)s messages are on their way again.", count),
        "success",
    )
    return redirect(url_for(".index"), 303)


def init_app(app: Flask) -> None:
    """Mount the page in the area of administrators, and its panel on their home."""
    blueprint = area_blueprint(Role.ADMINISTRATOR, "messages", __name__)
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/again", "all_again", all_again, methods=["POST"])
    blueprint.add_url_rule("/<int:mail_id>/again", "again", again, methods=["POST"])
    blueprint.add_url_rule("/<int:mail_id>/give-up", "give_up", give_up, methods=["POST"])
    app.register_blueprint(blueprint)
    panels.add(
        app, Panel(Role.ADMINISTRATOR, 20, "messages/_undelivered.html", undelivered.undelivered_panel)
    )
