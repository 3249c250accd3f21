"""Meetings for those who take part: see them, take a place, sign in, report what was made up for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.meetings import attending, making_up, registering, taking_part
from courses.meetings.making_up import Report
from courses.meetings.models import MakeUpId, MeetingId, RegistrationState
from institute.actors import Role
from institute.errors import DomainError
from institute.files.checking import LARGEST_UPLOAD
from institute.files.handing import KeptFile, keep_handed
from institute.i18n import gettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor

FOLDER: Final = "courses/meetings/attending"
AMENDABLE: Final = 422
LONGEST_CODE: Final = 40


@dataclass(frozen=True, slots=True)
class HandedSheet:
    """A sign-in sheet that a form brought: kept, or why it cannot be taken."""

    kept: KeptFile | None
    refused: DomainError | None


def attending_blueprint(role: Role) -> AreaBlueprint:
    """Make the pages of an area."""
    blueprint = area_blueprint(role, "meetings", __name__)

    def index() -> ResponseReturnValue:
        here = taking_part.own_list(current_actor(), role=role)
        return render_template(f"{FOLDER}/index.html", here=here)

    blueprint.add_url_rule("/", "index", index)
    one = "/<int:meeting_id>"
    blueprint.add_url_rule(one, "meeting", meeting)
    blueprint.add_url_rule(f"{one}/register", "register", register, methods=["POST"])
    blueprint.add_url_rule(f"{one}/withdraw", "withdraw", withdraw, methods=["POST"])
    blueprint.add_url_rule(f"{one}/sign-in", "sign_in", sign_in, methods=["POST"])
    door = f"{one}/arrive/<{role}_passed>"  # a way in is one person's: that of a participant is no coach's
    blueprint.add_url_rule(door, "arrival", arrival)
    blueprint.add_url_rule(door, "arrive", arrive, methods=["POST"])
    blueprint.add_url_rule(f"{one}/make-up", "make_up", make_up)
    blueprint.add_url_rule(
        f"{one}/make-up", "report", report, methods=["POST"], prepare=take_sheet, largest=LARGEST_UPLOAD
    )
    blueprint.add_url_rule("/make-ups/<int:own_make_up_id>/again", "again", again, methods=["POST"])
    blueprint.add_url_rule(
        "/make-ups/<int:own_make_up_id>/take-back", "take_back", take_back, methods=["POST"]
    )
    return blueprint


def take_sheet(**_route: object) -> HandedSheet:
    """Check and keep the sheet that a form brought, before any transaction."""
    upload = request.files.get("sheet")
    if upload is None or not upload.filename:
        return HandedSheet(None, None)
    kept, refused = keep_handed([(upload.filename, cast("BinaryIO", upload.stream))], most=1)
    return HandedSheet(next(iter(kept), None), next(iter(refused), None))


def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show one meeting."""
    here = taking_part.own_page(MeetingId(meeting_id), actor=current_actor())
    return render_template(f"{FOLDER}/meeting.html", here=here)


def register(meeting_id: int) -> ResponseReturnValue:
    """Take a place, or one in the waiting list."""
    state = registering.register(MeetingId(meeting_id), actor=current_actor())
    if state is RegistrationState.WAITING:
        flash(
            gettext("All places are taken. You are on the waiting list and hear when one comes free."), "note"
        )
    else:
        flash(gettext("You have a place."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def withdraw(meeting_id: int) -> ResponseReturnValue:
    """Give the place back."""
    registering.withdraw(MeetingId(meeting_id), actor=current_actor())
    flash(gettext("Your place is free for somebody else."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def sign_in(meeting_id: int) -> ResponseReturnValue:
    """Sign in with the code on the wall."""
    actor, typed = current_actor(), request.form.get("code", "")[:LONGEST_CODE]
    refused = attending.sign_in(MeetingId(meeting_id), typed, actor=actor)
    if refused is not None:
        here = taking_part.own_page(
            MeetingId(meeting_id), actor=actor, typed_code=typed, problems={"code": refused}
        )
        return render_template(f"{FOLDER}/meeting.html", here=here), AMENDABLE
    return _signed_in(meeting_id)


def arrival(meeting_id: int, **route: str) -> ResponseReturnValue:
    """Show the button that enters in the list somebody who came by their mailed way in."""
    actor = current_actor()
    here = taking_part.own_page(MeetingId(meeting_id), actor=actor)
    attending.scanned_at(MeetingId(meeting_id), _passed(route), actor=actor)
    return render_template(f"{FOLDER}/arrival.html", here=here)


def arrive(meeting_id: int, **route: str) -> ResponseReturnValue:
    """Enter them."""
    attending.arrive(MeetingId(meeting_id), _passed(route), actor=current_actor())
    return _signed_in(meeting_id)


def make_up(meeting_id: int) -> ResponseReturnValue:
    """Show the form of a make-up."""
    form = taking_part.make_up_form(MeetingId(meeting_id), actor=current_actor())
    return render_template(f"{FOLDER}/make_up.html", form=form)


def report(meeting_id: int, prepared: HandedSheet) -> ResponseReturnValue:
    """Report a make-up, and ask the employer."""
    actor = current_actor()
    checked = making_up.report_make_up(
        MeetingId(meeting_id), Report.of(request.form), prepared.kept, refused=prepared.refused, actor=actor
    )
    if checked.problems:
        form = taking_part.make_up_form(MeetingId(meeting_id), actor=actor, checked=checked)
        return render_template(f"{FOLDER}/make_up.html", form=form), AMENDABLE
    flash(gettext("Reported. The employer gets a link by mail and says whether it took place."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def again(own_make_up_id: int) -> ResponseReturnValue:
    """Mail the contact a new link."""
    meeting_id = making_up.ask_again(MakeUpId(own_make_up_id), actor=current_actor(), leading=False)
    flash(gettext("A new link is on its way to the employer."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def take_back(own_make_up_id: int) -> ResponseReturnValue:
    """Take a report back."""
    meeting_id = making_up.take_back(MakeUpId(own_make_up_id), actor=current_actor())
    flash(gettext("The make-up is taken back."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


def _passed(route: Mapping[str, str]) -> str:
    """Return the one value of a route beside the meeting."""
    (passed,) = route.values()
    return passed


def _signed_in(meeting_id: int) -> ResponseReturnValue:
    flash(gettext("You are on the list."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)
