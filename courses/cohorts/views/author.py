"""Versions of a programme: who studies which, what differs, and moving people on."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import CohortId, EnrolmentId
from courses.cohorts.moving import move_cohort, move_people
from courses.cohorts.versions import cohort_move_page, differences_page, versions_page
from institute.actors import Role
from institute.errors import InvalidError
from institute.i18n import gettext, ngettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_NUMBER: Final = 9
blueprint = area_blueprint(Role.AUTHOR, "versions", __name__)


@blueprint.get("/<programme>")
def programme(programme: str) -> ResponseReturnValue:
    """Show the versions and who studies them."""
    return render_template(
        "courses/cohorts/versions.html", listing=versions_page(programme, actor=current_actor())
    )


@blueprint.get("/<programme>/<int:version_number>")
def differences(programme: str, version_number: int) -> ResponseReturnValue:
    """Show what differs from the version before, or from the one that the address names."""
    since = _number(request.args.get("since", ""))
    here = differences_page(programme, version_number, since, actor=current_actor())
    return render_template("courses/cohorts/differences.html", here=here, listing=here.page)


@blueprint.get("/<programme>/cohorts/<int:moving_cohort_id>")
def cohort(programme: str, moving_cohort_id: int) -> ResponseReturnValue:
    """Show the people of a cohort, each with their version."""
    here = cohort_move_page(programme, CohortId(moving_cohort_id), actor=current_actor())
    return render_template("courses/cohorts/move.html", here=here, listing=here.page, error="")


@blueprint.post("/<programme>/cohorts/<int:moving_cohort_id>")
def move(programme: str, moving_cohort_id: int) -> ResponseReturnValue:
    """Move the cohort, or those who are ticked."""
    actor = current_actor()
    here = cohort_move_page(programme, CohortId(moving_cohort_id), actor=actor)
    wanted = _number(request.form.get("version", ""))
    if wanted is None:
        raise InvalidError
    version = here.page.version(wanted)
    if request.form.get("who") == "everybody":
        moved = move_cohort(CohortId(moving_cohort_id), version.id, actor=actor)
    else:
        chosen = [_number(one) for one in request.form.getlist("person")]
        if not chosen:
            error = gettext("Nobody is chosen. Tick those who are to be moved.")
            return render_template(
                "courses/cohorts/move.html", here=here, listing=here.page, error=error
            ), 422
        people = [EnrolmentId(one or 0) for one in chosen]  # nobody has the number 0
        moved = move_people(CohortId(moving_cohort_id), people, version.id, actor=actor)
    flash(
        ngettext(
            "%(num)s person studies version %(number)s now.",
            "%(num)s people study version %(number)s now.",
            moved,
            number=version.number,
        )
        if moved
        else gettext("Nobody had to be moved: they study version %(number)s already.", number=version.number),
        "success",
    )
    return redirect(url_for(".cohort", programme=programme, moving_cohort_id=moving_cohort_id), 303)


def _number(text: str) -> int | None:
    """Return a number that a form or an address may hold, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
