"""The page on which a participant appeals."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.appeals import filing, queries
from certificates.appeals.errors import AppealReasonError
from certificates.appeals.models import LONGEST_REASON
from certificates.evidence.models import SubmissionId
from certificates.scoring.sheets.entries import plain_text
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.PARTICIPANT, "appeals", __name__)


@blueprint.get("/<int:appealed_id>")
def show(appealed_id: int) -> ResponseReturnValue:
    """Show how an appeal is made, or where it stands."""
    return _page(appealed_id)


@blueprint.post("/<int:appealed_id>")
def file(appealed_id: int) -> ResponseReturnValue:
    """Make it."""
    typed = plain_text(request.form.get("reason", ""))
    try:
        filing.file_appeal(SubmissionId(appealed_id), typed, actor=current_actor())
    except AppealReasonError as error:
        return _page(appealed_id, typed, error.text), 422
    flash(gettext("Your appeal is made. Two other readers score your evidence now."), "success")
    return redirect(url_for(".show", appealed_id=appealed_id), 303)


def _page(appealed_id: int, typed: str = "", error: str = "") -> str:
    here = queries.own_appeal(appealed_id, actor=current_actor())
    return render_template(
        "certificates/appeals/appeal.html", here=here, typed=typed, error=error, longest=LONGEST_REASON
    )
