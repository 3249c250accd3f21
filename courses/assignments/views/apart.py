"""Who must be kept apart: entered by the coordinator, declared by anybody for themselves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.assignments import apart, declaring
from courses.assignments.apart import ApartChecked, ApartSheet
from institute.actors import Role
from institute.i18n import gettext
from institute.people.models import ConflictDeclarationId, SupervisionId
from institute.web.areas import area_blueprint, current_actor, session_blueprint

coordinator = area_blueprint(Role.COORDINATOR, "apart", __name__)
own = session_blueprint("conflicts", __name__, url_prefix="/conflicts")


@coordinator.get("/")
def index() -> ResponseReturnValue:
    """Show declared conflicts, and who supervises whom."""
    return _page()


@coordinator.post("/conflicts")
def declare() -> ResponseReturnValue:
    """Declare a conflict between two people."""
    checked = apart.declare(ApartSheet.read(request.form), actor=current_actor())
    if checked.problems:
        return _page(conflict=checked), 422
    flash(gettext("Declared. The two are not joined any more."), "success")
    return redirect(url_for(".index"), 303)


@coordinator.post("/conflicts/<int:declaration_id>")
def settle(declaration_id: int) -> ResponseReturnValue:
    """Say who is meant, or end a declaration."""
    number, actor = ConflictDeclarationId(declaration_id), current_actor()
    if request.form.get("wish") == "end":
        apart.end_conflict(number, actor=actor)
        flash(gettext("The declaration has ended."), "success")
        return redirect(url_for(".index"), 303)
    problem = apart.place(number, request.form.get("person", ""), actor=actor)
    if problem is not None:
        return _page(placing=(declaration_id, request.form.get("person", "")[:300], problem)), 422
    flash(gettext("It holds from now on."), "success")
    return redirect(url_for(".index"), 303)


@coordinator.post("/supervisions")
def supervise() -> ResponseReturnValue:
    """Note who supervises whom."""
    checked = apart.supervise(ApartSheet.read(request.form), actor=current_actor())
    if checked.problems:
        return _page(supervision=checked), 422
    flash(gettext("Noted. Neither coaches the other in that time."), "success")
    return redirect(url_for(".index"), 303)


@coordinator.post("/supervisions/<int:supervision_id>/end")
def end_supervision(supervision_id: int) -> ResponseReturnValue:
    """End a supervision with today."""
    apart.end_supervision(SupervisionId(supervision_id), actor=current_actor())
    flash(gettext("The supervision ends today."), "success")
    return redirect(url_for(".index"), 303)


@own.get("/")
def mine() -> ResponseReturnValue:
    """Show what one declared, and the form."""
    return render_template("courses/assignments/own_conflicts.html", own=declaring.own_page(current_actor()))


@own.post("/")
def declare_own() -> ResponseReturnValue:
    """Declare a conflict of one's own."""
    actor = current_actor()
    problems = declaring.declare_own(
        request.form.get("named", ""), request.form.get("reason", ""), actor=actor
    )
    if problems:
        own_page = declaring.own_page(
            actor, request.form.get("named", ""), request.form.get("reason", ""), problems
        )
        return render_template("courses/assignments/own_conflicts.html", own=own_page), 422
    flash(gettext("Declared. Your coordinator sees it."), "success")
    return redirect(url_for(".mine"), 303)


def _page(
    *,
    conflict: ApartChecked | None = None,
    supervision: ApartChecked | None = None,
    placing: tuple[int, str, str] | None = None,
) -> str:
    here = apart.apart_page(current_actor())
    since = ApartChecked(ApartSheet(since=here.today.isoformat()))
    return render_template(
        "courses/assignments/apart.html",
        here=here,
        conflict=conflict or ApartChecked(ApartSheet()),
        supervision=supervision or since,
        placing=placing,
    )
