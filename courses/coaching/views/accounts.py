"""A participant's hours as the coach and the coordinator see them; the coordinator excuses months."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.coaching import member_accounts
from courses.cohorts.models import EnrolmentId
from courses.hours.excusing import excuse_month, withdraw_excuse
from courses.hours.models import ExcusedMonthId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import storable

coach = area_blueprint(Role.COACH, "hours", __name__)
coordinator = area_blueprint(Role.COORDINATOR, "hours", __name__)
TEMPLATE = "courses/coaching/member_hours.html"


@coach.get("/<int:enrolment_id>")
def coached(enrolment_id: int) -> ResponseReturnValue:
    """Show the hours of somebody whom the coach coaches."""
    here = member_accounts.coached_account(
        EnrolmentId(enrolment_id), month=request.args.get("month", ""), actor=current_actor()
    )
    return render_template(TEMPLATE, here=here)


@coordinator.get("/<int:enrolment_id>")
def member(enrolment_id: int) -> ResponseReturnValue:
    """Show the hours of somebody whom the coordinator sees."""
    here = member_accounts.coordinated_account(
        EnrolmentId(enrolment_id), month=request.args.get("month", ""), actor=current_actor()
    )
    return render_template(TEMPLATE, here=here)


@coordinator.post("/<int:enrolment_id>/excuse")
def excuse(enrolment_id: int) -> ResponseReturnValue:
    """Excuse a month."""
    actor, month = current_actor(), storable(request.form.get("month", "")).strip()
    reason = storable(request.form.get("reason", "")).strip()
    problems = excuse_month(EnrolmentId(enrolment_id), month, reason, actor=actor)
    if problems:
        typed = member_accounts.TypedExcuse(month, reason, problems)
        here = member_accounts.coordinated_account(EnrolmentId(enrolment_id), typed=typed, actor=actor)
        return render_template(TEMPLATE, here=here), 422
    flash(gettext("The month is excused. The participant and the coach can read why."), "success")
    return redirect(url_for(".member", enrolment_id=enrolment_id), 303)


@coordinator.post("/<int:enrolment_id>/excused/<int:excused_id>/withdraw")
def withdraw(enrolment_id: int, excused_id: int) -> ResponseReturnValue:
    """Let a month be asked for again."""
    withdraw_excuse(EnrolmentId(enrolment_id), ExcusedMonthId(excused_id), actor=current_actor())
    flash(gettext("The month is asked for again."), "success")
    return redirect(url_for(".member", enrolment_id=enrolment_id), 303)
