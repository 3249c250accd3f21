"""The scoring lead's board: what waits, who scores how much, and what was scored twice."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.scoring.errors import DaysOpenError, DueDayError, RaterUnfitError
from certificates.scoring.giving import assigning, reassigning, settings
from certificates.scoring.giving.load import load_of
from certificates.scoring.models import TaskId
from certificates.scoring.proof import boards
from institute.actors import PersonId, Role
from institute.i18n import gettext, ngettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_ID = 9
SHOWN = ("open", "held", "late")
FOLDER = "certificates/scoring/lead"

blueprint = area_blueprint(Role.SCORING_LEAD, "scoring", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the board."""
    return _board()


@blueprint.get("/tasks")
def tasks() -> ResponseReturnValue:
    """List what waits, is held, or is late."""
    institute_id, show = current_actor().institute_id, request.args.get("show", "open")
    show = show if show in SHOWN else "open"
    return render_template(
        f"{FOLDER}/tasks.html", show=show, lines=boards.tasks_in(institute_id, show=show), most=boards.MOST
    )


@blueprint.post("/give-out")
def give_out() -> ResponseReturnValue:
    """Give everything that is open to raters."""
    given = assigning.assign_waiting(current_actor().institute_id)
    if given:
        flash(ngettext("%(num)s task has a rater now.", "%(num)s tasks have raters now.", given), "success")
    else:
        flash(gettext("Nothing could be given out."), "note")
    return redirect(url_for(".index"), 303)


@blueprint.post("/giving")
def giving() -> ResponseReturnValue:
    """Say after how many days tasks are given out by themselves."""
    try:
        settings.give_after(settings.read_days(request.form), actor=current_actor())
    except DaysOpenError as error:
        return _board(fault=error.text, typed=request.form.get("days_open", "")), 422
    flash(gettext("It is noted when tasks are given out."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/tasks/<int:given_task_id>")
def task(given_task_id: int) -> ResponseReturnValue:
    """Show a task with everybody who may have it."""
    return _task(TaskId(given_task_id))


@blueprint.post("/tasks/<int:given_task_id>/rater")
def reassign(given_task_id: int) -> ResponseReturnValue:
    """Give the task to somebody else, or to nobody."""
    task_id, typed = TaskId(given_task_id), request.form.get("rater", "")
    boards.task_line(task_id, actor=current_actor())
    try:
        reassigning.give_to(task_id, _person(typed), actor=current_actor())
    except RaterUnfitError as error:
        return _task(task_id, fault=("rater", error.text)), 422
    flash(gettext("The task is where you put it."), "success")
    return redirect(url_for(".tasks", show="held" if typed else "open"), 303)


@blueprint.post("/tasks/<int:given_task_id>/due")
def move(given_task_id: int) -> ResponseReturnValue:
    """Move the task's day."""
    task_id, typed = TaskId(given_task_id), request.form.get("due", "")
    boards.task_line(task_id, actor=current_actor())
    try:
        reassigning.move_due(task_id, typed, actor=current_actor())
    except DueDayError as error:
        return _task(task_id, fault=("due", error.text), typed=typed), 422
    flash(gettext("The day is moved."), "success")
    return redirect(url_for(".task", given_task_id=task_id), 303)


def _person(typed: str) -> PersonId | None:
    """Return whom a form chose, None for nobody; what is no id is nobody who scores here."""
    if not typed:
        return None
    return PersonId(int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID else 0)


def _board(*, fault: str = "", typed: str = "") -> str:
    institute_id = current_actor().institute_id
    return render_template(
        f"{FOLDER}/board.html",
        counts=boards.counts_of(institute_id),
        load=load_of(institute_id),
        coverage=boards.coverage_of(institute_id),
        discrepancies=boards.discrepancies_of(institute_id, most=10),
        days_open=settings.days_open(institute_id),
        fault=fault,
        typed=typed,
    )


def _task(task_id: TaskId, *, fault: tuple[str, str] | None = None, typed: str = "") -> str:
    actor = current_actor()
    return render_template(
        f"{FOLDER}/task.html",
        line=boards.task_line(task_id, actor=actor),
        candidates=reassigning.candidates_for(task_id, actor=actor),
        fault=fault,
        typed=typed,
    )
