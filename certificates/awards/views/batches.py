"""Certificates issued many at once: checked, looked at as a whole, then issued while the page tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.batches import making, queries
from certificates.awards.batches.models import BatchId
from certificates.awards.views.forms import chosen_number, chosen_numbers, page_number
from certificates.levels.models import LevelId
from courses.cohorts.models import CohortId
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "batches", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the last batches."""
    return render_template(
        "certificates/awards/batches.html", batches=queries.list_batches(current_actor(), most=50)
    )


@blueprint.post("/")
def begin() -> ResponseReturnValue:
    """Begin with those that were chosen, or with all of the list."""
    level, cohort = chosen_number("level"), chosen_number("cohort")
    batch_id = making.begin_batch(
        None if "all" in request.form else chosen_numbers("chosen"),
        level_id=LevelId(level) if level else None,
        cohort_id=CohortId(cohort) if cohort else None,
        actor=current_actor(),
    )
    return _to(batch_id)


@blueprint.get("/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """Show what would be issued, or how far it is."""
    here = queries.view_batch(BatchId(batch_id), current_actor(), page_number())
    return render_template("certificates/awards/batch.html", here=here, listing=here)


@blueprint.post("/<int:batch_id>/leave-out")
def leave_out(batch_id: int) -> ResponseReturnValue:
    """Leave out those that were chosen."""
    making.leave_out(BatchId(batch_id), chosen_numbers("chosen"), actor=current_actor())
    return _to(BatchId(batch_id))


@blueprint.post("/<int:batch_id>/start")
def start(batch_id: int) -> ResponseReturnValue:
    """Issue what was looked at."""
    making.start_batch(BatchId(batch_id), seen=request.form.get("seen", ""), actor=current_actor())
    flash(gettext("Started. You need not stay on this page."), "success")
    return _to(BatchId(batch_id))


@blueprint.post("/<int:batch_id>/pause")
def pause(batch_id: int) -> ResponseReturnValue:
    """Let it rest."""
    return _do(making.pause_batch, batch_id, gettext("Paused. What is issued stays."))


@blueprint.post("/<int:batch_id>/resume")
def resume(batch_id: int) -> ResponseReturnValue:
    """Go on where it stopped."""
    return _do(making.resume_batch, batch_id, gettext("It goes on where it stopped."))


@blueprint.post("/<int:batch_id>/stop")
def stop(batch_id: int) -> ResponseReturnValue:
    """End it."""
    return _do(
        making.stop_batch, batch_id, gettext("Stopped. What is issued stays; the rest waits as before.")
    )


def _do(change: Callable[..., None], batch_id: int, said: str) -> ResponseReturnValue:
    change(BatchId(batch_id), actor=current_actor())
    flash(said, "success")
    return _to(BatchId(batch_id))


def _to(batch_id: BatchId) -> ResponseReturnValue:
    return redirect(url_for(".batch", batch_id=batch_id), 303)
