"""What an administrator writes about evidence: the check list of requirements, and tools outside with their places."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.evidence import asking, seats
from certificates.evidence.asking import RequirementChecked
from certificates.evidence.asking_forms import RequirementSheet
from certificates.evidence.models import RequirementId
from certificates.evidence.seats import SlotChecked, SlotSheet
from certificates.evidence.tool_models import SeatId, SlotId
from institute.actors import Role
from institute.i18n import gettext
from institute.spreadsheets import csv_response
from institute.web.areas import area_blueprint, current_actor

FOLDER = "certificates/evidence"
requirements = area_blueprint(Role.ADMINISTRATOR, "requirements", __name__)
tools = area_blueprint(Role.ADMINISTRATOR, "tools", __name__)


@requirements.get("/")
def index() -> ResponseReturnValue:
    """List what the levels ask for."""
    return render_template(f"{FOLDER}/requirements.html", parts=asking.check_list(current_actor()))


@requirements.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new requirement."""
    facts = asking.form_facts(None, actor=current_actor())
    sheet = asking.filled(facts, request.args.get("level", ""))
    return render_template(f"{FOLDER}/requirement_form.html", facts=facts, checked=RequirementChecked(sheet))


@requirements.post("/new")
def add() -> ResponseReturnValue:
    """Add a requirement."""
    return _write(None)


@requirements.get("/<int:asked_id>")
def edit(asked_id: int) -> ResponseReturnValue:
    """Show the form of a requirement."""
    facts = asking.form_facts(RequirementId(asked_id), actor=current_actor())
    checked = RequirementChecked(asking.filled(facts))
    return render_template(f"{FOLDER}/requirement_form.html", facts=facts, checked=checked)


@requirements.post("/<int:asked_id>")
def change(asked_id: int) -> ResponseReturnValue:
    """Change a requirement."""
    return _write(RequirementId(asked_id))


@requirements.post("/<int:asked_id>/asked")
def ask(asked_id: int) -> ResponseReturnValue:
    """Ask for a requirement no more, or again."""
    retired = request.form.get("wish") == "retire"
    asking.retire(RequirementId(asked_id), retired=retired, actor=current_actor())
    return redirect(url_for(".index"), 303)


@requirements.post("/<int:asked_id>/place")
def place(asked_id: int) -> ResponseReturnValue:
    """Put a requirement one place up or down."""
    asking.move(RequirementId(asked_id), request.form.get("way", ""), actor=current_actor())
    return redirect(url_for(".index", _anchor=f"asked-{asked_id}"), 303)


def _write(requirement_id: RequirementId | None) -> ResponseReturnValue:
    actor = current_actor()
    checked = asking.write(requirement_id, RequirementSheet.read(request.form), actor=actor)
    if checked.problems:
        facts = asking.form_facts(requirement_id, actor=actor)
        return render_template(f"{FOLDER}/requirement_form.html", facts=facts, checked=checked), 422
    flash(gettext("Saved."), "success")
    return redirect(url_for(".index"), 303)


@tools.get("/")
def tool_list() -> ResponseReturnValue:
    """List the tools."""
    return _tools(SlotChecked(SlotSheet()))


@tools.post("/")
def add_tool() -> ResponseReturnValue:
    """Add a tool."""
    checked = seats.write_slot(None, SlotSheet.read(request.form), actor=current_actor())
    if checked.slot_id is None:
        return _tools(checked), 422
    return redirect(url_for(".tool", tool_slot_id=checked.slot_id), 303)


@tools.get("/<int:tool_slot_id>")
def tool(tool_slot_id: int) -> ResponseReturnValue:
    """Show a tool and who has a place in it."""
    return _tool(SlotId(tool_slot_id))


@tools.post("/<int:tool_slot_id>")
def change_tool(tool_slot_id: int) -> ResponseReturnValue:
    """Change a tool, show it to nobody any more, or again."""
    slot_id, actor, wish = SlotId(tool_slot_id), current_actor(), request.form.get("wish", "save")
    if wish in {"retire", "restore"}:
        seats.retire_slot(slot_id, retired=wish == "retire", actor=actor)
    else:
        checked = seats.write_slot(slot_id, SlotSheet.read(request.form), actor=actor)
        if checked.problems:
            return _tool(slot_id, checked), 422
    return redirect(url_for(".tool", tool_slot_id=tool_slot_id), 303)


@tools.post("/<int:tool_slot_id>/seats")
def give(tool_slot_id: int) -> ResponseReturnValue:
    """Give somebody a place."""
    problem = seats.give_seat(SlotId(tool_slot_id), request.form.get("person", ""), actor=current_actor())
    if problem is not None:
        return _tool(SlotId(tool_slot_id), given=problem), 422
    return redirect(url_for(".tool", tool_slot_id=tool_slot_id, _anchor="seats"), 303)


@tools.post("/<int:tool_slot_id>/seats/<int:tool_seat_id>/end")
def take_back(tool_slot_id: int, tool_seat_id: int) -> ResponseReturnValue:
    """Take a place back."""
    seats.take_back(SlotId(tool_slot_id), SeatId(tool_seat_id), actor=current_actor())
    return redirect(url_for(".tool", tool_slot_id=tool_slot_id, _anchor="seats"), 303)


@tools.get("/<int:tool_slot_id>/seats.csv")
def seats_file(tool_slot_id: int) -> ResponseReturnValue:
    """Send who has or had a place, as a table."""
    slot = seats.find_slot(SlotId(tool_slot_id), actor=current_actor())
    rows = [
        (
            str(slot.title),
            slot.licence,
            line.name,
            line.email,
            line.given_at.date().isoformat(),
            line.ended_at.date().isoformat() if line.ended_at else "",
        )
        for line in seats.seats_in(slot.id, actor=current_actor(), ended=True)
    ]
    header = ("tool", "licence", "name", "email", "given", "ended")
    return csv_response("seats.csv", header, rows)


def _tools(checked: SlotChecked) -> str:
    actor = current_actor()
    return render_template(
        f"{FOLDER}/tools.html",
        slots=seats.slots_of(actor),
        programmes=seats.programmes_of(actor),
        checked=checked,
    )


def _tool(slot_id: SlotId, checked: SlotChecked | None = None, given: str = "") -> str:
    actor = current_actor()
    slot = seats.find_slot(slot_id, actor=actor)
    return render_template(
        f"{FOLDER}/tool.html",
        slot=slot,
        seats=seats.seats_in(slot_id, actor=actor),
        people=seats.without_seat(slot_id, actor=actor),
        programmes=seats.programmes_of(actor),
        checked=checked or SlotChecked(SlotSheet.of(slot)),
        given=given,
    )
