"""The applications that an administrator decides about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.applications import appealing, applying, reviewing, turned_down, waiting, wishing
from certificates.awards.issuing.issuing import approve_and_issue
from certificates.awards.models import ApplicationId
from certificates.awards.states import ApplicationState
from certificates.awards.views.forms import Refused, chosen_number, page_number, try_form
from certificates.evidence.models import SubmissionId
from certificates.levels.models import LevelId
from courses.cohorts.models import CohortId
from institute.actors import Role
from institute.files.models import StoredFileId
from institute.files.reading import send_file_response
from institute.i18n import LOCALES, gettext, lazy_gettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_SEARCH: Final = 100
blueprint = area_blueprint(Role.ADMINISTRATOR, "applications", __name__)


@blueprint.before_request
def lead_back() -> None:
    """Let whoever was too late come back to the application, to see what was decided."""
    if request.method == "POST" and request.view_args:
        g.error_action = (lazy_gettext("To the application"), url_for(".application", **request.view_args))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List what waits."""
    actor = current_actor()
    level, cohort = chosen_number("level"), chosen_number("cohort")
    name = "".join(
        sign for sign in request.args.get("name", "")[:LONGEST_SEARCH] if sign.isprintable()
    ).strip()
    wanted = waiting.Wanted(name, LevelId(level) if level else None, CohortId(cohort) if cohort else None)
    levels, cohorts = waiting.choices_of_waiting(actor)
    return render_template(
        "certificates/awards/applications.html",
        listing=waiting.waiting_applications(actor, page_number(), wanted),
        wanted=wanted,
        levels=levels,
        cohorts=cohorts,
    )


@blueprint.get("/turned-down")
def turned_down_list() -> ResponseReturnValue:
    """List what was returned or denied."""
    listing = turned_down.list_turned_down(current_actor(), page_number())
    return render_template("certificates/awards/turned_down.html", listing=listing)


@blueprint.get("/<int:application_id>")
def application(application_id: int) -> ResponseReturnValue:
    """Show one application."""
    return _page(ApplicationId(application_id))


@blueprint.get(
    "/<int:application_id>/evidence/<int:applied_submission_id>/files/<int:applied_file_id>",
)
def evidence_file(
    application_id: int, applied_submission_id: int, applied_file_id: int
) -> ResponseReturnValue:
    """Send a file of the evidence that an application stands on."""
    found = reviewing.evidence_file(
        ApplicationId(application_id),
        SubmissionId(applied_submission_id),
        StoredFileId(applied_file_id),
        current_actor(),
    )
    return send_file_response(found)


@blueprint.post("/<int:application_id>/name")
def correct(application_id: int) -> ResponseReturnValue:
    """Change what the certificate will say."""
    refused = try_form(
        lambda: applying.correct(
            ApplicationId(application_id),
            name=request.form.get("name", ""),
            locale=request.form.get("locale", ""),
            second_locale=request.form.get("second_locale") or None,
            reason=request.form.get("reason", ""),
            actor=current_actor(),
        )
    )
    if refused:
        return _page(ApplicationId(application_id), refused), 422
    flash(gettext("Saved. This is what the certificate will say."), "success")
    return redirect(url_for(".application", application_id=application_id), 303)


@blueprint.post("/<int:application_id>/wished-name")
def take_name(application_id: int) -> ResponseReturnValue:
    """Let the certificate bear the name that the person asks for."""
    wishing.take_name(
        ApplicationId(application_id), request.form.get("wished_name", ""), actor=current_actor()
    )
    flash(gettext("Saved. This is what the certificate will say."), "success")
    return redirect(url_for(".application", application_id=application_id), 303)


@blueprint.post("/<int:application_id>/left-name")
def leave_name(application_id: int) -> ResponseReturnValue:
    """Leave the name as it is, with a reason."""
    seen, note = request.form.get("wished_name", ""), request.form.get("leave_reason", "")
    refused = try_form(
        lambda: wishing.leave_name(ApplicationId(application_id), seen, note, actor=current_actor()),
        field="leave_reason",
    )
    if refused:
        return _page(ApplicationId(application_id), refused), 422
    flash(gettext("The name stays as it is. The person reads why."), "success")
    return redirect(url_for(".application", application_id=application_id), 303)


@blueprint.post("/<int:application_id>/return")
def give_back(application_id: int) -> ResponseReturnValue:
    """Return the application with a reason."""
    note = request.form.get("return_reason", "")
    refused = try_form(
        lambda: applying.return_application(ApplicationId(application_id), note, actor=current_actor()),
        field="return_reason",
    )
    if refused:
        return _page(ApplicationId(application_id), refused), 422
    flash(gettext("The application was returned. The person is told why."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:application_id>/deny")
def deny(application_id: int) -> ResponseReturnValue:
    """Deny the application with a reason."""
    note = request.form.get("deny_reason", "")
    refused = try_form(
        lambda: applying.deny(ApplicationId(application_id), note, actor=current_actor()),
        field="deny_reason",
    )
    if refused:
        return _page(ApplicationId(application_id), refused), 422
    flash(gettext("The application was denied. The person is told why."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:application_id>/take-up")
def take_up(application_id: int) -> ResponseReturnValue:
    """Find for whoever appealed."""
    said = gettext("The application is under review again. The person is told why.")
    return _hear(appealing.take_up, ApplicationId(application_id), "take_up_reason", said)


@blueprint.post("/<int:application_id>/uphold")
def uphold(application_id: int) -> ResponseReturnValue:
    """Let the denial stand."""
    said = gettext("The denial stands. The person is told why.")
    return _hear(appealing.uphold, ApplicationId(application_id), "uphold_reason", said)


@blueprint.get("/<int:application_id>/issue")
def preview(application_id: int) -> ResponseReturnValue:
    """Show what would be issued."""
    actor = current_actor()
    here = waiting.view_application(ApplicationId(application_id), actor)
    if here.state != ApplicationState.UNDER_REVIEW:  # nothing will be issued: the page says what became of it
        return redirect(url_for(".application", application_id=application_id))
    decision = waiting.preview(ApplicationId(application_id), actor)
    unfit = waiting.unfit(ApplicationId(application_id), actor) if here.name_problem is None else None
    return render_template("certificates/awards/issue.html", here=here, decision=decision, unfit=unfit)


@blueprint.post("/<int:application_id>/issue")
def issue(application_id: int) -> ResponseReturnValue:
    """Approve and issue."""
    award_id = approve_and_issue(
        ApplicationId(application_id), seen=request.form.get("seen", ""), actor=current_actor()
    )
    flash(gettext("Issued. The certificate is valid now; its document is being prepared."), "success")
    return redirect(url_for("administrator_awards.award", award_id=award_id), 303)


def _hear(
    decide: Callable[..., None], application_id: ApplicationId, field: str, said: str
) -> ResponseReturnValue:
    note = request.form.get(field, "")
    refused = try_form(lambda: decide(application_id, note, actor=current_actor()), field=field)
    if refused:
        return _page(application_id, refused), 422
    flash(said, "success")
    return redirect(url_for(".application", application_id=application_id), 303)


def _page(application_id: ApplicationId, refused: Refused | None = None) -> str:
    actor = current_actor()
    return render_template(
        "certificates/awards/application.html",
        here=waiting.view_application(application_id, actor),
        steps=waiting.steps_of(application_id),
        packet=reviewing.review_packet(application_id, actor),
        locales=LOCALES,
        refused=refused,
    )
