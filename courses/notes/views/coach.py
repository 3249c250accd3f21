"""A coach's private notes: on a session, on a person, and all of them in one list."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.notes.queries import note_on, own_notes
from courses.notes.subjects import Subject
from courses.notes.writing import keep_note
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import read_revision

blueprint = area_blueprint(Role.COACH, "notes", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the coach's own notes."""
    return render_template("courses/notes/notes.html", lines=own_notes(current_actor()))


@blueprint.get("/session/<int:log_id>")
def session(log_id: int) -> ResponseReturnValue:
    """Show the note on a session."""
    here = note_on(Subject.LOG, log_id, actor=current_actor())
    return render_template("courses/notes/note.html", here=here)


@blueprint.post("/session/<int:log_id>")
def keep_session(log_id: int) -> ResponseReturnValue:
    """Keep the note on a session."""
    return _keep(Subject.LOG, log_id, url_for("coach_sessions.detail", log_id=log_id))


@blueprint.get("/person/<int:enrolment_id>")
def person(enrolment_id: int) -> ResponseReturnValue:
    """Show the note on a person."""
    here = note_on(Subject.ENROLMENT, enrolment_id, actor=current_actor())
    return render_template("courses/notes/note.html", here=here)


@blueprint.post("/person/<int:enrolment_id>")
def keep_person(enrolment_id: int) -> ResponseReturnValue:
    """Keep the note on a person."""
    return _keep(Subject.ENROLMENT, enrolment_id, url_for(".person", enrolment_id=enrolment_id))


def _keep(subject: Subject, key: int, then: str) -> ResponseReturnValue:
    text, actor = request.form.get("private_note", ""), current_actor()
    noted = keep_note(subject, key, text, actor=actor, version=read_revision(request.form))
    if noted.problem is not None or noted.newer is not None:
        kept = note_on(subject, key, actor=actor)
        here = replace(kept, text=text, newer=noted.newer, problem=noted.problem)
        page = render_template("courses/notes/note.html", here=here)
        return page, 422 if noted.problem is not None else 409
    flash(gettext("Your private note is kept. Only you can read it."), "success")
    return redirect(then, 303)
