"""The administrator's pages: files in, files out, what they say."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.exchange import batches, pages, templates
from courses.exchange.batches import Handed
from courses.exchange.dataset import DATASET, dataset_rows
from courses.exchange.exports import ATTENDANCE, attendance_rows, note_taken_out, session_header, session_rows
from courses.exchange.formats import Formats
from courses.exchange.models import ImportBatchId, Subject
from institute.actors import Role
from institute.errors import DomainError
from institute.i18n import gettext
from institute.spreadsheets import csv_response
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "exchange", __name__)

FIELDS = ("dates", "times", "delimiter", "zone")


def _take_in(subject: Subject) -> Handed:
    file = request.files.get("file")
    stream = cast("BinaryIO", file.stream) if file is not None else None
    name = (file.filename or "") if file is not None else ""
    form = {field: request.form.get(field, "") for field in FIELDS}
    return batches.take_in(subject, stream, name, form, actor=current_actor())


def _take_sessions(**_route: object) -> Handed:
    """Read, try and keep the file before the view's transaction."""
    return _take_in(Subject.SESSIONS)


def _take_attendance(**_route: object) -> Handed:
    """Read, try and keep the file before the view's transaction."""
    return _take_in(Subject.ATTENDANCE)


def _bring_in(batch_id: int, **_route: object) -> DomainError | None:
    """Bring the rows in before the view's transaction: they are several transactions of their own."""
    return batches.bring_in(
        ImportBatchId(batch_id),
        attested=bool(request.form.get("attested")),
        good_only=request.form.get("which") == "good",
        actor=current_actor(),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what can be brought in and taken out, and what was brought in."""
    return render_template("courses/exchange/index.html", files=pages.list_batches(actor=current_actor()))


@blueprint.get("/sessions")
def new_sessions() -> ResponseReturnValue:
    """Ask for a file of sessions."""
    return _ask(Subject.SESSIONS, Handed(Formats().declared()))


@blueprint.post("/sessions", prepare=_take_sessions, largest=batches.LARGEST_UPLOAD)
def hand_in_sessions(prepared: Handed) -> ResponseReturnValue:
    """Let a file with good rows wait; show the mistakes of any other."""
    return _answer(Subject.SESSIONS, prepared)


@blueprint.get("/sessions/template.csv")
def sessions_template() -> Response:
    """Send a file with the columns of sessions and one example."""
    return templates.send_template(Subject.SESSIONS)


@blueprint.get("/attendance")
def new_attendance() -> ResponseReturnValue:
    """Ask for a file of attendance."""
    return _ask(Subject.ATTENDANCE, Handed(Formats().declared()))


@blueprint.post("/attendance", prepare=_take_attendance, largest=batches.LARGEST_UPLOAD)
def hand_in_attendance(prepared: Handed) -> ResponseReturnValue:
    """Let a file with good rows wait; show the mistakes of any other."""
    return _answer(Subject.ATTENDANCE, prepared)


@blueprint.get("/attendance/template.csv")
def attendance_template() -> Response:
    """Send a file with the columns of attendance and one example."""
    return templates.send_template(Subject.ATTENDANCE)


@blueprint.get("/files/<int:batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """Show what bringing a file in would do, or did."""
    here = pages.batch_page(ImportBatchId(batch_id), actor=current_actor())
    return render_template("courses/exchange/batch.html", here=here)


@blueprint.post("/files/<int:batch_id>", prepare=_bring_in)
def bring_in(batch_id: int, prepared: DomainError | None) -> ResponseReturnValue:
    """Go to what was brought in, or say what keeps it out."""
    error = prepared.text if prepared else ""
    here = pages.batch_page(ImportBatchId(batch_id), actor=current_actor(), error=error)
    if here.finished_at is None:
        return render_template("courses/exchange/batch.html", here=here), 422
    flash(gettext("The rows are in."), "success")
    return redirect(url_for(".show", batch_id=batch_id), 303)


@blueprint.post("/files/<int:batch_id>/discard")
def discard(batch_id: int) -> ResponseReturnValue:
    """Forget a file."""
    batches.discard(ImportBatchId(batch_id), actor=current_actor())
    flash(gettext("The file is forgotten. Nothing was changed."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/sessions.csv")
def export_sessions() -> Response:
    """Send all sessions, with names."""
    note_taken_out("sessions", actor=current_actor())
    rows = session_rows(current_actor().institute_id)
    return csv_response("sessions.csv", session_header(), rows)


@blueprint.get("/attendance.csv")
def export_attendance() -> Response:
    """Send all attendance, with names."""
    note_taken_out("attendance", actor=current_actor())
    rows = attendance_rows(current_actor().institute_id)
    return csv_response("attendance.csv", ATTENDANCE, rows)


@blueprint.get("/dataset.csv")
def export_dataset() -> Response:
    """Send a row for each session, with numbers instead of names."""
    note_taken_out("dataset", actor=current_actor())
    rows = dataset_rows(current_actor().institute_id)
    return csv_response("dataset.csv", [column.name for column in DATASET], rows)


@blueprint.get("/dataset")
def dataset() -> ResponseReturnValue:
    """Say what each column of the data set holds."""
    return render_template("courses/exchange/dataset.html", columns=DATASET)


def _answer(subject: Subject, handed: Handed) -> ResponseReturnValue:
    if handed.blob is None:
        return _ask(subject, handed), 422
    batch_id = batches.await_word(handed, subject, actor=current_actor())
    return redirect(url_for(".show", batch_id=batch_id), 303)


def _ask(subject: Subject, handed: Handed) -> str:
    here = pages.new_page(subject, handed, actor=current_actor())
    return render_template("courses/exchange/new.html", here=here)
