"""Amendments in the areas of both sides: propose a change, consent to it or not, take it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching.amending import answer_amendment, propose_amendment, withdraw_amendment
from courses.coaching.amending_pages import KINDS, amendment_form, read_proposal
from courses.sessions.models import Mode, SessionAmendmentId, SessionLogId, Side
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor

TEMPLATE = "courses/coaching/amend.html"


def amendments_blueprint(role: Role, side: Side, detail: str) -> AreaBlueprint:
    """Make the pages of one side; ``detail`` is the endpoint of its page of a session."""
    blueprint = area_blueprint(role, "amendments", __name__)

    def form(agreed_id: int) -> ResponseReturnValue:
        here = amendment_form(SessionLogId(agreed_id), side=side, actor=current_actor())
        return render_template(TEMPLATE, here=here, kinds=KINDS, modes=list(Mode), detail=detail)

    def propose(agreed_id: int) -> ResponseReturnValue:
        actor, proposal = current_actor(), read_proposal(request.form)
        made = propose_amendment(SessionLogId(agreed_id), proposal, side=side, actor=actor)
        if made.amendment_id is None:
            here = amendment_form(
                SessionLogId(agreed_id), side=side, actor=actor, proposal=proposal, checked=made.checked
            )
            page = render_template(TEMPLATE, here=here, kinds=KINDS, modes=list(Mode), detail=detail)
            return page, 422
        flash(gettext("Sent to the other side. Until they answer, everything counts as it did."), "success")
        return redirect(url_for(detail, log_id=agreed_id), 303)

    def accept(agreed_id: int, amendment_id: int) -> ResponseReturnValue:
        return _answer(agreed_id, amendment_id, accept=True)

    def decline(agreed_id: int, amendment_id: int) -> ResponseReturnValue:
        return _answer(agreed_id, amendment_id, accept=False)

    def withdraw(agreed_id: int, amendment_id: int) -> ResponseReturnValue:
        withdraw_amendment(
            SessionLogId(agreed_id), SessionAmendmentId(amendment_id), side=side, actor=current_actor()
        )
        flash(gettext("Your proposal was taken back."), "success")
        return redirect(url_for(detail, log_id=agreed_id), 303)

    def _answer(agreed_id: int, amendment_id: int, *, accept: bool) -> ResponseReturnValue:
        answer_amendment(
            SessionLogId(agreed_id),
            SessionAmendmentId(amendment_id),
            accept=accept,
            side=side,
            actor=current_actor(),
        )
        said = (
            gettext("You accepted the change. The session counts as changed.")
            if accept
            else gettext("You declined the change. Everything stays as it was.")
        )
        flash(said, "success")
        return redirect(url_for(detail, log_id=agreed_id), 303)

    one = "/<int:agreed_id>/<int:amendment_id>"
    blueprint.add_url_rule("/<int:agreed_id>/new", "new", form)
    blueprint.add_url_rule("/<int:agreed_id>/new", "propose", propose, methods=["POST"])
    blueprint.add_url_rule(f"{one}/accept", "accept", accept, methods=["POST"])
    blueprint.add_url_rule(f"{one}/decline", "decline", decline, methods=["POST"])
    blueprint.add_url_rule(f"{one}/withdraw", "withdraw", withdraw, methods=["POST"])
    return blueprint
