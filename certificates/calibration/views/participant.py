"""A participant's answer whether raters may learn from their evidence."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from certificates.calibration import consenting
from certificates.calibration.models import AnchorConsentId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "calibration", __name__)


@blueprint.post("/<int:anchor_consent_id>")
def answer(anchor_consent_id: int) -> ResponseReturnValue:
    """Keep the answer, whatever it was before."""
    agrees = request.form.get("agrees") == "yes"
    consenting.answer(AnchorConsentId(anchor_consent_id), agrees=agrees, actor=current_actor())
    if agrees:
        flash(
            gettext("Thank you. Raters may learn from it, without your name, until you say otherwise."),
            "success",
        )
    else:
        flash(gettext("It is not used for training."), "success")
    return redirect(url_for("participant_evidence.index"), 303)
