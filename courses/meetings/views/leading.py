"""Meetings for those who lead them: facilitators in their cohort, coordinators and administrators in the institute."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.meetings import attending, leading, making, making_up, registering
from courses.meetings.attending import ListRow
from courses.meetings.errors import StrangerError
from courses.meetings.models import MakeUpId, MeetingId, Presence, RegistrationId, RegistrationState
from courses.meetings.queries import led_meetings
from courses.meetings.sheets import Checked, Sheet
from courses.meetings.walls import wall_page
from institute.actors import PersonId, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.files.reading import find_file, send_file_response
from institute.i18n import gettext, ngettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor
from institute.web.forms import storable

FOLDER: Final = "courses/meetings/leading"
DIGITS: Final = 9
LONGEST_FIELD: Final = 40
AMENDABLE: Final = 422


def leading_blueprint(role: Role) -> AreaBlueprint:
    """Make the pages of an area."""
    blueprint = area_blueprint(role, "meetings", __name__)
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/new", "new", new)
    blueprint.add_url_rule("/new", "create", create, methods=["POST"])
    one = "/<int:meeting_id>"
    blueprint.add_url_rule(one, "meeting", meeting)
    blueprint.add_url_rule(f"{one}/edit", "edit", edit)
    blueprint.add_url_rule(f"{one}/edit", "change", change, methods=["POST"])
    blueprint.add_url_rule(f"{one}/cancel", "cancel", cancel, methods=["POST"])
    blueprint.add_url_rule(f"{one}/code", "code", code)
    blueprint.add_url_rule(f"{one}/attendance", "record", record, methods=["POST"])
    blueprint.add_url_rule(f"{one}/people", "add", add, methods=["POST"])
    blueprint.add_url_rule(f"{one}/people/<int:registration_id>/remove", "remove", remove, methods=["POST"])
    made = "/make-ups/<int:make_up_id>"
    blueprint.add_url_rule(f"{made}/sheet", "sheet", sheet)
    blueprint.add_url_rule(f"{made}/again", "again", again, methods=["POST"])
    blueprint.add_url_rule(f"{made}/set-aside", "set_aside", set_aside, methods=["POST"])
    return blueprint


def index() -> ResponseReturnValue:
    """Show the meetings to come and those that ended."""
    actor = current_actor()
    upcoming, past = led_meetings(actor, past=False), led_meetings(actor, past=True)
    return render_template(f"{FOLDER}/index.html", upcoming=upcoming, past=past)


def new() -> ResponseReturnValue:
    """Show the form of a new meeting or series."""
    return render_template(f"{FOLDER}/form.html", form=leading.new_form(current_actor()))


def create() -> ResponseReturnValue:
    """Make a meeting for each day of the form."""
    actor = current_actor()
    checked, made = making.make_meetings(Sheet.of(request.form), actor=actor)
    if not made:
        form = leading.new_form(actor, checked=checked)
        return render_template(f"{FOLDER}/form.html", form=form), AMENDABLE
    flash(ngettext("%(num)s meeting is made.", "%(num)s meetings are made.", len(made)), "success")
    if len(made) > 1:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".meeting", meeting_id=made[0]), 303)


def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show one meeting with its people."""
    here = leading.led_page(MeetingId(meeting_id), actor=current_actor())
    return render_template(f"{FOLDER}/meeting.html", here=here)


def edit(meeting_id: int) -> ResponseReturnValue:
    """Show the form that changes it."""
    form = leading.change_form(MeetingId(meeting_id), actor=current_actor())
    return render_template(f"{FOLDER}/form.html", form=form)


def change(meeting_id: int) -> ResponseReturnValue:
    """Change it."""
    actor, typed = current_actor(), Sheet.of(request.form)
    version = _number(request.form.get("version", ""))
    problems = making.change_meeting(MeetingId(meeting_id), typed, version=version, actor=actor)
    if problems:
        form = leading.change_form(
            MeetingId(meeting_id), actor=actor, checked=Checked(typed, problems=problems)
        )
        return render_template(f"{FOLDER}/form.html", form=form), AMENDABLE
    flash(gettext("The meeting is changed."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def cancel(meeting_id: int) -> ResponseReturnValue:
    """Cancel it."""
    actor, reason = current_actor(), _text("reason")
    version = _number(request.form.get("version", ""))
    problems = making.cancel_meeting(MeetingId(meeting_id), reason, version=version, actor=actor)
    if problems:
        here = leading.led_page(
            MeetingId(meeting_id), actor=actor, problems=problems, typed={"reason": reason}
        )
        return render_template(f"{FOLDER}/meeting.html", here=here), AMENDABLE
    flash(gettext("The meeting is cancelled. Whoever had a place is told."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def code(meeting_id: int) -> ResponseReturnValue:
    """Show the code that people sign in with, for the wall."""
    here = wall_page(MeetingId(meeting_id), actor=current_actor())
    return render_template(f"{FOLDER}/code.html", here=here)


def record(meeting_id: int) -> ResponseReturnValue:
    """Save the attendance list."""
    actor, rows = current_actor(), _rows()
    problems = attending.save_list(MeetingId(meeting_id), rows, actor=actor)
    if problems:
        here = leading.led_page(MeetingId(meeting_id), actor=actor, typed_rows=rows, row_problems=problems)
        return render_template(f"{FOLDER}/meeting.html", here=here), AMENDABLE
    flash(gettext("The attendance is saved."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="attendance"), 303)


def add(meeting_id: int) -> ResponseReturnValue:
    """Register somebody by their address."""
    actor, email = current_actor(), _text("email")
    added = registering.add_person(MeetingId(meeting_id), email, actor=actor)
    if isinstance(added, StrangerError):
        here = leading.led_page(
            MeetingId(meeting_id), actor=actor, problems={"email": added}, typed={"email": email}
        )
        return render_template(f"{FOLDER}/meeting.html", here=here), AMENDABLE
    waits = added is RegistrationState.WAITING
    flash(
        gettext("All places are taken: the person waits for one.")
        if waits
        else gettext("The person has a place."),
        "success",
    )
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="attendance"), 303)


def remove(meeting_id: int, registration_id: int) -> ResponseReturnValue:
    """Take somebody's place back."""
    registering.remove_registration(
        MeetingId(meeting_id), RegistrationId(registration_id), actor=current_actor()
    )
    flash(gettext("The place is free again; whoever waits longest got it."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="attendance"), 303)


def sheet(make_up_id: int) -> ResponseReturnValue:
    """Send the sign-in sheet of a make-up."""
    actor = current_actor()
    made = making_up.led_make_up(MakeUpId(make_up_id), actor=actor, session=db.session())
    if made.sheet_id is None:
        raise NotFoundError
    return send_file_response(find_file(made.sheet_id, institute_id=actor.institute_id))


def again(make_up_id: int) -> ResponseReturnValue:
    """Mail the contact of a make-up a new link."""
    meeting_id = making_up.ask_again(MakeUpId(make_up_id), actor=current_actor(), leading=True)
    flash(gettext("A new link is on its way to the employer."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="make-ups"), 303)


def set_aside(make_up_id: int) -> ResponseReturnValue:
    """Let a make-up count no more."""
    actor, reason = current_actor(), _text("reason")
    made = making_up.led_make_up(MakeUpId(make_up_id), actor=actor, session=db.session())
    meeting_id = made.meeting_id
    problems = making_up.set_aside(MakeUpId(make_up_id), reason, actor=actor)
    if problems:
        field = f"reason-{make_up_id}"
        here = leading.led_page(
            meeting_id, actor=actor, problems={field: problems["reason"]}, typed={field: reason}
        )
        return render_template(f"{FOLDER}/meeting.html", here=here), AMENDABLE
    flash(gettext("The make-up does not count."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="make-ups"), 303)


def _rows() -> dict[PersonId, ListRow]:
    """Read the list: ``presence-3``, ``late-3`` and ``early-3`` belong to the person 3."""
    found: dict[PersonId, dict[str, str]] = {}
    for name, value in request.form.items():
        column, _, number = name.partition("-")
        if column in {"presence", "late", "early"} and _number(number):
            found.setdefault(PersonId(_number(number)), {})[column] = storable(value[:LONGEST_FIELD]).strip()
    if request.form.get("rest") == Presence.PRESENT:  # the button for everybody of whom nothing was said
        for columns in found.values():
            columns["presence"] = columns.get("presence") or Presence.PRESENT
    return {person_id: ListRow(**columns) for person_id, columns in found.items()}


def _text(name: str) -> str:
    return storable(request.form.get(name, "")).strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0
