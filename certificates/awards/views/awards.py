"""The certificates of an institute, for its administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards import queries
from certificates.awards.applications.pages import document_of
from certificates.awards.issuing import rendering
from certificates.awards.lifetime import asking, flagging, reconsidering, revoking, superseding
from certificates.awards.lifetime.models import CorrectionId
from certificates.awards.models import AwardFlagId, AwardId
from certificates.awards.states import GIVEN, ReasonClass
from certificates.awards.views.forms import Refused, page_number, try_form
from institute.actors import Actor, Role
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import storable

blueprint = area_blueprint(Role.ADMINISTRATOR, "awards", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List all certificates."""
    actor = current_actor()
    listing, flags = queries.list_awards(actor, page_number()), flagging.open_flags(actor)
    return render_template("certificates/awards/awards.html", listing=listing, flags=flags)


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


@blueprint.post("/<int:award_id>/name")
def correct(award_id: int) -> ResponseReturnValue:
    """Correct the name: another certificate takes the place of this one."""
    typed = {name: storable(request.form.get(name, "")) for name in ("name", "reason")}
    corrected: list[AwardId] = []
    refused = try_form(
        lambda: corrected.append(asking.correct(AwardId(award_id), **typed, actor=current_actor()))
    )
    if refused:
        return _page(AwardId(award_id), refused, "correct"), 422
    flash(gettext("Corrected. This certificate took the place of the one before."), "success")
    return redirect(url_for(".award", award_id=corrected[0]), 303)


@blueprint.post("/<int:award_id>/corrections/<int:correction_id>")
def leave_name(award_id: int, correction_id: int) -> ResponseReturnValue:
    """Leave the name as it is, with a reason that the holder reads."""
    refused = try_form(
        lambda: asking.refuse(
            AwardId(award_id),
            CorrectionId(correction_id),
            note=storable(request.form.get("note", "")),
            actor=current_actor(),
        ),
        field="note",
    )
    if refused:
        return _page(AwardId(award_id), refused, "leave"), 422
    flash(gettext("The name stays. The person is told why."), "success")
    return redirect(url_for(".award", award_id=award_id), 303)


@blueprint.get("/<int:award_id>/corrections/<int:correction_id>/proof")
def proof(award_id: int, correction_id: int) -> ResponseReturnValue:
    """Send the proof that a holder handed in."""
    found = asking.proof_of(AwardId(award_id), CorrectionId(correction_id), current_actor())
    return send_file_response(found)


@blueprint.post("/<int:award_id>/flags/<int:flag_id>")
def settle(award_id: int, flag_id: int) -> ResponseReturnValue:
    """Decide what becomes of a flagged certificate, and note why."""
    stands = [AwardId(award_id)]

    def send(award_id: AwardId, *, note: str, actor: Actor) -> None:
        decision = request.form.get("decision", reconsidering.Decision.KEEP)
        flag = AwardFlagId(flag_id)
        stands[0] = reconsidering.decide_flag(award_id, flag, decision=decision, note=note, actor=actor)

    answer = _change(AwardId(award_id), f"flag-{flag_id}", send, gettext("Noted and done."))
    return answer if stands[0] == award_id else redirect(url_for(".award", award_id=stands[0]), 303)


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
    flags = flagging.flags_on(award_id)
    waiting = any(flag.settled_at is None for flag in flags)
    now_stands = reconsidering.stands_now(here.award) if waiting else None
    return render_template(
        "certificates/awards/award.html",
        here=here,
        flags=flags,
        now_stands=now_stands,
        asked=asking.latest_on(award_id),
        before=superseding.predecessor_of(here.award),
        after=superseding.successor_of(here.award),
        reasons=[one for one in ReasonClass if one in GIVEN],
        refused=refused,
        form=form,
    )
