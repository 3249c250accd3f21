"""The applications that an administrator decides about."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards import applying, queries
from certificates.awards.issuing import approve_and_issue
from certificates.awards.models import ApplicationId
from certificates.awards.views.forms import Refused, page_number, try_form
from institute.actors import Role
from institute.i18n import LOCALES, gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "applications", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List what waits."""
    listing = queries.waiting_applications(current_actor(), page_number())
    return render_template("certificates/awards/applications.html", listing=listing)


@blueprint.get("/<int:application_id>")
def application(application_id: int) -> ResponseReturnValue:
    """Show one application."""
    return _page(ApplicationId(application_id))


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


@blueprint.get("/<int:application_id>/issue")
def preview(application_id: int) -> ResponseReturnValue:
    """Show what would be issued."""
    actor = current_actor()
    here = queries.view_application(ApplicationId(application_id), actor)
    decision = queries.preview(ApplicationId(application_id), actor)
    return render_template("certificates/awards/issue.html", here=here, decision=decision)


@blueprint.post("/<int:application_id>/issue")
def issue(application_id: int) -> ResponseReturnValue:
    """Approve and issue."""
    award_id = approve_and_issue(
        ApplicationId(application_id), seen=request.form.get("seen", ""), actor=current_actor()
    )
    flash(gettext("Issued. The certificate is valid now; its document is being prepared."), "success")
    return redirect(url_for("administrator_awards.award", award_id=award_id), 303)


def _page(application_id: ApplicationId, refused: Refused | None = None) -> str:
    actor = current_actor()
    return render_template(
        "certificates/awards/application.html",
        here=queries.view_application(application_id, actor),
        steps=queries.steps_of(application_id),
        locales=LOCALES,
        refused=refused,
    )
