"""What was agreed on, for both sides: to look at, to tick, and for the coach to drop."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import actions, actions_pages
from courses.cohorts.models import EnrolmentId
from courses.sessions.models import AgreedActionId, Side
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

coach = area_blueprint(Role.COACH, "steps", __name__)
participant = area_blueprint(Role.PARTICIPANT, "steps", __name__)
PAGE = "courses/coaching/steps.html"


@coach.get("/<int:enrolment_id>")
def with_participant(enrolment_id: int) -> ResponseReturnValue:
    """Show what a coach and a participant agreed on."""
    here = actions_pages.agreements_with(EnrolmentId(enrolment_id), actor=current_actor())
    return render_template(PAGE, here=here)


@coach.post("/action/<int:agreed_action_id>/tick")
def tick(agreed_action_id: int) -> ResponseReturnValue:
    """Tick a step of either side, or take the tick back."""
    enrolment_id = actions.tick_action(
        AgreedActionId(agreed_action_id), done="done" in request.form, side=Side.COACH, actor=current_actor()
    )
    return redirect(url_for(".with_participant", enrolment_id=enrolment_id), 303)


@coach.post("/action/<int:agreed_action_id>/drop")
def drop(agreed_action_id: int) -> ResponseReturnValue:
    """Drop a step with a word."""
    why = request.form.get("why", "")
    enrolment_id = actions.drop_action(AgreedActionId(agreed_action_id), why, actor=current_actor())
    flash(gettext("Dropped. It stays readable below."), "success")
    return redirect(url_for(".with_participant", enrolment_id=enrolment_id), 303)


@participant.get("/")
def index() -> ResponseReturnValue:
    """Show what a participant agreed on with their coach."""
    return render_template(PAGE, here=actions_pages.own_agreements(current_actor()))


@participant.post("/action/<int:agreed_action_id>/tick")
def tick_own(agreed_action_id: int) -> ResponseReturnValue:
    """Tick one's own step, or take the tick back."""
    actions.tick_action(
        AgreedActionId(agreed_action_id),
        done="done" in request.form,
        side=Side.PARTICIPANT,
        actor=current_actor(),
    )
    return redirect(url_for(".index"), 303)
