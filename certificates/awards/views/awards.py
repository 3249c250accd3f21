"""The certificates of an institute, for its administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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


@blueprint.get("/<int:award_id>")
def award(award_id: int) -> ResponseReturnValue:
    """Show one certificate."""
    return _page(AwardId(award_id))


@blueprint.get("/<int:award_id>/document")
def document(award_id: int) -> ResponseReturnValue:
    """Send a certificate's document."""
    actor = current_actor()
    return send_file_response(document_of(queries.find_award(AwardId(award_id), actor), actor))


@blueprint.post("/<int:award_id>/document")
def again(award_id: int) -> ResponseReturnValue:
    """Let the worker try once more to make the document."""
    rendering.try_again(AwardId(award_id), actor=current_actor())
    flash(gettext("The document is being prepared again."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


@blueprint.post("/<int:award_id>/revoke")
def revoke(award_id: int) -> ResponseReturnValue:
    """Revoke for good."""
    said = gettext("The certificate is revoked, and everybody who checks it sees so.")
    return _change(AwardId(award_id), "revoke", partial(revoking.revoke, reason=_reason()), said)


@blueprint.post("/<int:award_id>/suspend")
def suspend(award_id: int) -> ResponseReturnValue:
    """Suspend for a while."""
    said = gettext("The certificate is suspended.")
    return _change(AwardId(award_id), "suspend", partial(revoking.suspend, reason=_reason()), said)


@blueprint.post("/<int:award_id>/reinstate")
def reinstate(award_id: int) -> ResponseReturnValue:
    """Let a suspended certificate be valid again."""
    return _change(
        AwardId(award_id), "reinstate", revoking.reinstate, gettext("The certificate is valid again.")
    )


def _reason() -> str:
    return request.form.get("reason_class", "")


def _change(award_id: AwardId, form: str, change: Callable[..., None], said: str) -> ResponseReturnValue:
    """Change the status by one of the page's forms; refused, the page comes again with that form open."""
    note = request.form.get("note", "")
    refused = try_form(lambda: change(award_id, note=note, actor=current_actor()), field="note")
    if refused:
        return _page(award_id, refused, form), 422
    flash(said, "success")
    return redirect(url_for(".award", award_id=award_id), 303)


def _page(award_id: AwardId, refused: Refused | None = None, form: str = "") -> str:
    here = queries.view_award(award_id, current_actor())
    return render_template(
        "certificates/awards/award.html", here=here, reasons=list(ReasonClass), refused=refused, form=form
    )
