"""The trainer's queue, and the page on which evidence is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.scoring import tasking
from certificates.scoring.errors import LOST, ScoresMissingError, SheetInvalidError
from certificates.scoring.models import RevisionId, TaskId
from certificates.scoring.sheets import adjudicating, entries, handing_in, pages, queues, sights, writing
from institute.actors import Role
from institute.errors import DomainError
from institute.files.models import StoredFileId
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

TASK: Final = "/<int:task_id>"

View = Callable[..., ResponseReturnValue]

blueprint = area_blueprint(Role.TRAINER, "scoring", __name__)


def of_a_sheet(view: View) -> View:
    """Answer for a page of a sheet: with its faults, or with the rater's own words where it is no longer theirs."""

    @wraps(view)
    def answer(task_id: int, **more: int) -> ResponseReturnValue:
        try:
            return view(task_id, **more)
        except SheetInvalidError as error:
            return _refused(task_id, error.faults)
        except LOST as error:
            return _lost(task_id, error)

    return answer


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the queue."""
    return render_template("certificates/scoring/queue.html", queue=queues.queue_of(current_actor()))


@blueprint.post(f"{TASK}/take")
def take(task_id: int) -> ResponseReturnValue:
    """Take a task."""
    tasking.take_task(TaskId(task_id), actor=current_actor())
    return redirect(url_for(".task", task_id=task_id), 303)


@blueprint.get(TASK)
@of_a_sheet
def task(task_id: int) -> ResponseReturnValue:
    """Show the evidence beside the rubric."""
    here = pages.scoring_page(TaskId(task_id), actor=current_actor())
    if here.is_new:
        tasking.note_opened(TaskId(task_id), actor=current_actor())
    return _page(here)


@blueprint.get(f"{TASK}/files/<int:scored_file_id>")
def file(task_id: int, scored_file_id: int) -> ResponseReturnValue:
    """Send a file of the evidence under a name that names nobody."""
    actor, file_id = current_actor(), StoredFileId(scored_file_id)
    stored, name = sights.evidence_file(TaskId(task_id), file_id, actor=actor)
    return send_file_response(stored, as_attachment="download" in request.args, name=name)


@blueprint.post(TASK)
@of_a_sheet
def save(task_id: int) -> ResponseReturnValue:
    """Save what the page holds; a page that saves by itself gets the pieces that changed."""
    pages.own_task(TaskId(task_id), actor=current_actor())
    _save(task_id)
    if request.headers.get("X-Requested-With") == "fetch":
        here = pages.scoring_page(TaskId(task_id), actor=current_actor())
        return render_template("certificates/scoring/_pieces.html", here=here)
    return redirect(url_for(".task", task_id=task_id, _anchor=request.form.get("saved", "")), 303)


@blueprint.post(f"{TASK}/late/<int:late_id>")
@of_a_sheet
def late(task_id: int, late_id: int) -> ResponseReturnValue:
    """Add a text from another window to the comment, or leave it out."""
    _save(task_id)
    keep = request.form.get("late") == "keep"
    criterion_id = writing.settle_late(TaskId(task_id), RevisionId(late_id), keep=keep, actor=current_actor())
    return redirect(url_for(".task", task_id=task_id, _anchor=f"criterion-{criterion_id}"), 303)


@blueprint.post(f"{TASK}/hand-in")
@of_a_sheet
def hand_in(task_id: int) -> ResponseReturnValue:
    """Hand in the scores."""
    _save(task_id)
    try:
        handing_in.hand_in(TaskId(task_id), actor=current_actor())
    except ScoresMissingError:
        return _page(pages.scoring_page(TaskId(task_id), actor=current_actor()), too_early=True)
    here = pages.scoring_page(TaskId(task_id), actor=current_actor())
    flash(gettext("Your scores are handed in. The participant reads them once they are released."), "success")
    return redirect(url_for(".task", task_id=task_id) if here.adjudicates else url_for(".index"), 303)


@blueprint.post(f"{TASK}/give-back")
@of_a_sheet
def give_back(task_id: int) -> ResponseReturnValue:
    """Put the task back into the queue."""
    _save(task_id)
    in_conflict = request.form.get("conflict") == "1"
    tasking.give_back(TaskId(task_id), in_conflict=in_conflict, actor=current_actor())
    flash(gettext("The evidence is back in the queue. What you wrote is kept."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post(f"{TASK}/return")
@of_a_sheet
def return_(task_id: int) -> ResponseReturnValue:
    """Send the evidence back because it cannot be scored."""
    _save(task_id)
    condition = entries.read_condition(request.form)
    handing_in.return_unscored(TaskId(task_id), condition, actor=current_actor())
    flash(gettext("It is noted that this cannot be scored. The participant reads your reason."), "success")
    return redirect(url_for(".index"), 303)


def _save(task_id: int) -> None:
    """Save what the form holds of the sheet; one without criteria, such as a return of what is not shown, has none."""
    actor = current_actor()
    if not any(name.startswith("base-") for name in request.form):
        return
    here = pages.scoring_page(TaskId(task_id), actor=actor)
    written = entries.read_scores(request.form, here)
    writing.save_scores(TaskId(task_id), written, actor=actor)


def _page(here: pages.ScoringPage, *, too_early: bool = False) -> ResponseReturnValue:
    return _show(here, faults={}, typed={}, too_early=too_early), 422 if too_early else 200


def _show(
    here: pages.ScoringPage, *, faults: Mapping[str, str], typed: Mapping[str, str], too_early: bool = False
) -> str:
    actor = current_actor()
    return render_template(
        "certificates/scoring/task.html",
        here=here,
        views=sights.views_of(here, actor=actor),
        comparison=adjudicating.comparison_of(here.task_id, actor=actor),
        faults=faults,
        typed=typed,
        too_early=too_early,
    )


def _refused(task_id: int, faults: dict[str, str]) -> ResponseReturnValue:
    """Show the page again with everything that was typed."""
    here = pages.scoring_page(TaskId(task_id), actor=current_actor())
    return _show(here, faults=faults, typed=request.form), 422


def _lost(task_id: int, error: DomainError) -> ResponseReturnValue:
    """Say why the task is the rater's no longer, beside all that they wrote on it, what they sent now included."""
    actor = current_actor()
    writing.keep_words(TaskId(task_id), entries.read_words(request.form), actor=actor)
    words = pages.own_words(TaskId(task_id), actor=actor)
    page = render_template("certificates/scoring/lost.html", error=error, words=words, task_id=task_id)
    return page, 409
