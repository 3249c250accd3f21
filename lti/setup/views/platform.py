"""One platform: its state, what is saved about it, its deployments and courses, its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import CohortId
from institute.errors import DomainError
from institute.i18n import LazyText, gettext
from institute.web.areas import current_actor
from lti.launches.models import ContextId
from lti.platforms import invitations
from lti.platforms.models import DeploymentId, Family, RegistrationId, RoleMeaning
from lti.setup import courses, deciding, queries, roles
from lti.setup.checking import ask_check
from lti.setup.connecting import change_platform, pause_platform, resume_platform
from lti.setup.errors import (
    CohortChoiceError,
    RoleMeaningError,
    RoleNameError,
    TooManyRolesError,
)
from lti.setup.sheets import PlatformSheet
from lti.setup.views.area import blueprint
from lti.setup.views.platforms import show_invitation

LONGEST_NUMBER: Final = 9


@blueprint.get("/<int:registration_id>")
def platform(registration_id: int) -> ResponseReturnValue:
    """Show one platform."""
    return _page(registration_id, {}, {})


def _page(registration_id: int, refused: Mapping[str, str], typed: Mapping[str, str]) -> str:
    return render_template(
        "lti/setup/platform.html",
        here=_here(registration_id),
        meanings=RoleMeaning,
        refused=refused,
        typed=typed,
    )


@blueprint.post("/<int:registration_id>/pause")
def pause(registration_id: int) -> ResponseReturnValue:
    """Pause it."""
    pause_platform(RegistrationId(registration_id), actor=current_actor())
    flash(
        gettext("Paused. Nobody comes in from there, and the visits that came from there have ended."),
        "success",
    )
    return _back(registration_id)


@blueprint.post("/<int:registration_id>/resume")
def resume(registration_id: int) -> ResponseReturnValue:
    """Let it in again."""
    resume_platform(RegistrationId(registration_id), actor=current_actor())
    flash(gettext("Its people can come in again."), "success")
    return _back(registration_id)


@blueprint.get("/<int:registration_id>/edit")
def edit(registration_id: int) -> ResponseReturnValue:
    """Show the form of what is saved about it."""
    here = _own(registration_id)
    return _form(here, here.saved, {}, stale=False)


@blueprint.post("/<int:registration_id>/edit")
def save(registration_id: int) -> ResponseReturnValue:
    """Save it, unless somebody else was faster: then both are shown."""
    sheet = PlatformSheet.of(request.form)
    saved = change_platform(
        RegistrationId(registration_id), sheet, edition=_number("edition") or 0, actor=current_actor()
    )
    if saved.registration_id is None:
        here = _own(registration_id)
        return _form(here, sheet, saved.problems, stale=saved.stale), 409 if saved.stale else 422
    flash(gettext("Saved."), "success")
    return _back(registration_id)


def _form(
    here: queries.PlatformPage, sheet: PlatformSheet, problems: Mapping[str, LazyText], *, stale: bool
) -> str:
    return render_template(
        "lti/setup/edit.html", here=here, sheet=sheet, problems=problems, stale=stale, families=Family
    )


@blueprint.post("/<int:registration_id>/roles")
def say_role(registration_id: int) -> ResponseReturnValue:
    """Say what a role name means here."""
    name, meaning = request.form.get("role", ""), request.form.get("meaning", "")
    try:
        roles.say_role(RegistrationId(registration_id), name, meaning, actor=current_actor())
    except (RoleNameError, RoleMeaningError, TooManyRolesError) as error:
        return _refused_role(registration_id, error)
    flash(gettext("Saved. It counts from the next time that somebody comes in."), "success")
    return _back(registration_id, "roles")


def _refused_role(registration_id: int, error: DomainError) -> ResponseReturnValue:
    field = "meaning" if isinstance(error, RoleMeaningError) else "role"
    return _page(registration_id, {field: error.text}, request.form), 422


@blueprint.post("/<int:registration_id>/roles/forget")
def forget_role(registration_id: int) -> ResponseReturnValue:
    """Let a role name mean what the standard says."""
    roles.forget_role(RegistrationId(registration_id), request.form.get("role", ""), actor=current_actor())
    flash(gettext("Removed. The role means again what the standard says."), "success")
    return _back(registration_id, "roles")


@blueprint.post("/<int:registration_id>/check")
def check(registration_id: int) -> ResponseReturnValue:
    """Have the registration checked."""
    ask_check(RegistrationId(registration_id), actor=current_actor())
    return _back(registration_id, "check")


@blueprint.post("/<int:registration_id>/invitation")
def invite_update(registration_id: int) -> ResponseReturnValue:
    """Make an address by which this platform brings its registration up to date."""
    here = _own(registration_id)
    return show_invitation(invitations.invite(current_actor(), here.id), updates=here)


@blueprint.post("/<int:registration_id>/deployments/<int:deployment_id>/approve")
def approve(registration_id: int, deployment_id: int) -> ResponseReturnValue:
    """Let a deployment in."""
    here = _with_deployment(registration_id, deployment_id)
    deciding.let_in(DeploymentId(deployment_id), actor=current_actor())
    flash(gettext("People can come in from this deployment."), "success")
    return _back(here.id, "deployments")


@blueprint.post("/<int:registration_id>/deployments/<int:deployment_id>/pause")
def pause_deployment(registration_id: int, deployment_id: int) -> ResponseReturnValue:
    """Pause a deployment."""
    here = _with_deployment(registration_id, deployment_id)
    deciding.pause(DeploymentId(deployment_id), actor=current_actor())
    flash(
        gettext("Paused. Nobody comes in from this deployment, and visits from there have ended."), "success"
    )
    return _back(here.id, "deployments")


@blueprint.get("/<int:registration_id>/courses/<int:context_id>")
def course(registration_id: int, context_id: int) -> ResponseReturnValue:
    """Show which cohort a course is bound to, and what can be done about it."""
    here, found = _with_course(registration_id, context_id)
    return render_template("lti/setup/course.html", here=here, course=found, refused="")


@blueprint.post("/<int:registration_id>/courses/<int:context_id>")
def rebind(registration_id: int, context_id: int) -> ResponseReturnValue:
    """Bind a course to the chosen cohort."""
    here, found = _with_course(registration_id, context_id)
    chosen = _number("cohort")
    try:
        courses.rebind_course(
            found.id,
            CohortId(chosen) if chosen is not None else None,
            enrol_learners=request.form.get("enrol") == "1",
            actor=current_actor(),
        )
    except CohortChoiceError as error:
        return render_template("lti/setup/course.html", here=here, course=found, refused=error.text), 422
    flash(gettext("The course belongs to that cohort now."), "success")
    return _back(here.id, "deployments")


@blueprint.post("/<int:registration_id>/courses/<int:context_id>/unbind")
def unbind(registration_id: int, context_id: int) -> ResponseReturnValue:
    """Let a course go from its cohort."""
    here, found = _with_course(registration_id, context_id)
    courses.unbind_course(found.id, actor=current_actor())
    flash(gettext("The course is free. Its next teacher chooses a cohort."), "success")
    return _back(here.id, "deployments")


def _here(registration_id: int) -> queries.PlatformPage:
    return queries.show_platform(RegistrationId(registration_id), current_actor())


def _own(registration_id: int) -> queries.PlatformPage:
    return queries.show_own_platform(RegistrationId(registration_id), current_actor())


def _with_deployment(registration_id: int, deployment_id: int) -> queries.PlatformPage:
    return queries.show_platform_of(
        RegistrationId(registration_id), DeploymentId(deployment_id), current_actor()
    )


def _with_course(registration_id: int, context_id: int) -> tuple[queries.PlatformPage, queries.CourseRow]:
    return queries.show_course(RegistrationId(registration_id), ContextId(context_id), current_actor())


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _back(registration_id: int, part: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".platform", registration_id=registration_id, _anchor=part), 303)
