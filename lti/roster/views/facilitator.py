"""The button "Read again" on a cohort's page."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from lti.roster.asking import wish_readings

blueprint = area_blueprint(Role.FACILITATOR, "roster", __name__)


@blueprint.post("/read")
def read() -> ResponseReturnValue:
    """Let the lists of the cohort's courses be read again."""
    wish_readings(current_actor())
    flash(gettext("The list is read in the background. This page shows it in a moment."), "success")
    return redirect(url_for("facilitator_cohort.index"), 303)
