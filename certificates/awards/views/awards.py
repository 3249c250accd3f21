"""The certificates of an institute, for its administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards import queries, rendering, revoking
from certificates.awards.models import AwardId
from certificates.awards.pages import document_of
from certificates.awards.states import ReasonClass
from certificates.awards.views.forms import Refused, page_number, try_form
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "awards", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List all certificates."""
    listing = queries.list_awards(current_actor(), page_number())
    return render_template("certificates/awards/awards.html", listing=listing)


@blueprint.get("/<int(max=2147483647):award_id>")
def award(award_id: int) -> ResponseReturnValue:
    """Show one certificate."""
    return _page(AwardId(award_id))


@blueprint.get("/<int(max=2147483647):award_id>/document")
def document(award_id: int) -> ResponseReturnValue:
    """Send a certificate's document."""
    actor = current_actor()
    return send_file_response(document_of(queries.find_award(AwardId(award_id), actor), actor))


@blueprint.post("/<int(max=2147483647):award_id>/document")
def again(award_id: int) -> ResponseReturnValue:
    """Let the worker try once more to make the document."""
    rendering.try_again(AwardId(award_id), actor=current_actor())
    flash(gettext("The document is being prepared again."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


@blueprint.post("/<int(max=2147483647):award_id>/revoke")
def revoke(award_id: int) -> ResponseReturnValue:
    """Revoke for good."""
    refused = try_form(
        lambda: revoking.revoke(
            AwardId(award_id),
            reason=request.form.get("reason_class", ""),
            note=request.form.get("note", ""),
            actor=current_actor(),
        ),
        field="note",
    )
    if refused:
        return _page(AwardId(award_id), refused, "revoke"), 422
    flash(gettext("The certificate is revoked, and everybody who checks it sees so."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


@blueprint.post("/<int(max=2147483647):award_id>/suspend")
def suspend(award_id: int) -> ResponseReturnValue:
    """Suspend for a while."""
    refused = try_form(
        lambda: revoking.suspend(
            AwardId(award_id),
            reason=request.form.get("reason_class", ""),
            note=request.form.get("note", ""),
            actor=current_actor(),
        ),
        field="note",
    )
    if refused:
        return _page(AwardId(award_id), refused, "suspend"), 422
    flash(gettext("The certificate is suspended."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


@blueprint.post("/<int(max=2147483647):award_id>/reinstate")
def reinstate(award_id: int) -> ResponseReturnValue:
    """Let a suspended certificate be valid again."""
    refused = try_form(
        lambda: revoking.reinstate(
            AwardId(award_id), note=request.form.get("note", ""), actor=current_actor()
        ),
        field="note",
    )
    if refused:
        return _page(AwardId(award_id), refused, "reinstate"), 422
    flash(gettext("The certificate is valid again."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


def _page(award_id: AwardId, refused: Refused | None = None, form: str = "") -> str:
    here = queries.view_award(award_id, current_actor())
    return render_template(
        "certificates/awards/award.html", here=here, reasons=list(ReasonClass), refused=refused, form=form
    )
