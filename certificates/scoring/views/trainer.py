"""The trainer's queue, and the page on which evidence is scored."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.scoring import entries, pages, releasing, tasking, writing
from certificates.scoring.errors import ScoresMissingError, SheetInvalidError
from certificates.scoring.models import RevisionId, TaskId
from institute.actors import Role
from institute.files.models import StoredFileId
from institute.files.reading import find_file, send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

TASK: Final = "/<int:task_id>"

blueprint = area_blueprint(Role.TRAINER, "scoring", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the queue."""
    return render_template("certificates/scoring/queue.html", queue=pages.queue_of(current_actor()))


@blueprint.post(f"{TASK}/take")
def take(task_id: int) -> ResponseReturnValue:
    """Take a task."""
    tasking.take_task(TaskId(task_id), actor=current_actor())
    return redirect(url_for(".task", task_id=task_id), 303)


@blueprint.get(TASK)
def task(task_id: int) -> ResponseReturnValue:
    """Show the evidence beside the rubric."""
    return _page(pages.scoring_page(TaskId(task_id), actor=current_actor()))


@blueprint.get(f"{TASK}/files/<int:scored_file_id>")
def file(task_id: int, scored_file_id: int) -> ResponseReturnValue:
    """Send a file of the evidence under a name that names nobody."""
    actor, file_id = current_actor(), StoredFileId(scored_file_id)
    name = pages.evidence_file(TaskId(task_id), file_id, actor=actor)
    stored = find_file(file_id, institute_id=actor.institute_id)
    return send_file_response(stored, as_attachment="download" in request.args, name=name)


@blueprint.post(TASK)
def save(task_id: int) -> ResponseReturnValue:
    """Save what the page holds; a page that saves by itself gets the pieces that changed."""
    try:
        _save(task_id)
    except SheetInvalidError as error:
        return _refused(task_id, error.faults)
    if request.headers.get("X-Requested-With") == "fetch":
        here = pages.scoring_page(TaskId(task_id), actor=current_actor())
        return render_template("certificates/scoring/_pieces.html", here=here)
    return redirect(url_for(".task", task_id=task_id, _anchor=request.form.get("saved", "")), 303)


@blueprint.post(f"{TASK}/late/<int:late_id>")
def late(task_id: int, late_id: int) -> ResponseReturnValue:
    """Add a text from another window to the comment, or leave it out."""
    try:
        _save(task_id)
    except SheetInvalidError as error:
        return _refused(task_id, error.faults)
    keep = request.form.get("late") == "keep"
    criterion_id = writing.settle_late(TaskId(task_id), RevisionId(late_id), keep=keep, actor=current_actor())
    return redirect(url_for(".task", task_id=task_id, _anchor=f"criterion-{criterion_id}"), 303)


@blueprint.post(f"{TASK}/release")
def release(task_id: int) -> ResponseReturnValue:
    """Release the scores."""
    try:
        _save(task_id)
        releasing.release_scores(TaskId(task_id), actor=current_actor())
    except SheetInvalidError as error:
        return _refused(task_id, error.faults)
    except ScoresMissingError:
        return _page(pages.scoring_page(TaskId(task_id), actor=current_actor()), too_early=True)
    flash(gettext("The scores are released. The participant is told."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post(f"{TASK}/give-back")
def give_back(task_id: int) -> ResponseReturnValue:
    """Put the task back into the queue."""
    try:
        _save(task_id)
    except SheetInvalidError as error:
        return _refused(task_id, error.faults)
    in_conflict = request.form.get("conflict") == "1"
    tasking.give_back(TaskId(task_id), in_conflict=in_conflict, actor=current_actor())
    flash(gettext("The evidence is back in the queue. What you wrote is kept."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post(f"{TASK}/return")
def return_(task_id: int) -> ResponseReturnValue:
    """Send the evidence back because it cannot be scored."""
    try:
        _save(task_id)
        condition = entries.read_condition(request.form)
    except SheetInvalidError as error:
        return _refused(task_id, error.faults)
    releasing.return_unscored(TaskId(task_id), condition, actor=current_actor())
    flash(gettext("The evidence is returned. The participant reads your reason."), "success")
    return redirect(url_for(".index"), 303)


def _save(task_id: int) -> None:
    actor = current_actor()
    here = pages.scoring_page(TaskId(task_id), actor=actor)
    written = entries.read_scores(request.form, here)
    writing.save_scores(TaskId(task_id), written, actor=actor)


def _page(here: pages.ScoringPage, *, too_early: bool = False) -> ResponseReturnValue:
    page = render_template(
        "certificates/scoring/task.html", here=here, faults={}, typed={}, too_early=too_early
    )
    return page, 422 if too_early else 200


def _refused(task_id: int, faults: dict[str, str]) -> ResponseReturnValue:
    """Show the page again with everything that was typed."""
    here = pages.scoring_page(TaskId(task_id), actor=current_actor())
    page = render_template(
        "certificates/scoring/task.html", here=here, faults=faults, typed=request.form, too_early=False
    )
    return page, 422
