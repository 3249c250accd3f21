"""Pages without a session: behind the code on the wall, and behind the link of an employer's contact."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.meetings import scanning, verifying
from courses.meetings.errors import AddressError
from courses.meetings.models import MeetingId
from courses.meetings.verifying import Question, Verdict
from courses.meetings.views.attending import take_sheet
from institute.clock import now
from institute.errors import DomainError, NotFoundError
from institute.files.checking import LARGEST_UPLOAD
from institute.files.reading import send_file_response
from institute.i18n import forget_words
from institute.messages.addresses import parse_address
from institute.web import limits
from institute.web.areas import public_blueprint
from institute.web.errors import error_number
from institute.web.forms import storable

FOLDER: Final = "courses/meetings/public"
AMENDABLE: Final = 422
OURS: Final = ("same-origin", "none")


def scanned(meeting_id: int, code: str) -> ResponseReturnValue:
    """Show the field for the address of somebody who scanned the code."""
    here = scanning.scanned_page(MeetingId(meeting_id), code)
    if here is None:
        return _late()
    return render_template(f"{FOLDER}/scanned.html", here=here, typed="", error="")


def send(meeting_id: int, code: str) -> ResponseReturnValue:
    """Mail them their way in, and answer alike whether the address is known or not."""
    ticket, typed = request.form.get("ticket", ""), storable(request.form.get("email", ""))
    here = scanning.continued_page(MeetingId(meeting_id), ticket)
    if here is None:
        return _late()
    address = parse_address(typed)
    if address is None:
        error = AddressError().text
        return render_template(f"{FOLDER}/scanned.html", here=here, typed=typed, error=error), AMENDABLE
    scanning.mail_way_in(MeetingId(meeting_id), ticket, address)
    return redirect(url_for("meeting_door.sent", lang=request.args.get("lang")), 303)


def sent() -> ResponseReturnValue:
    """Say where to look now."""
    return render_template(f"{FOLDER}/sent.html")


def question(token: str) -> ResponseReturnValue:
    """Show a contact what they are asked. Looking uses nothing up."""
    here = verifying.find_question(token)
    if here is None:
        return _gone()
    return _asked(token, here, {}, {})


def answer(token: str) -> ResponseReturnValue:
    """Take their answer, once; only our own page's form brings one."""
    here = verifying.find_question(token)
    if here is None:
        return _gone()
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        return redirect(_address("make_up.question", token), 303)
    request.max_content_length = LARGEST_UPLOAD
    handed = take_sheet()
    verdict, words = request.form.get("verdict", ""), storable(request.form.get("words", "")).strip()
    problems: dict[str, DomainError] = {"sheet": handed.refused} if handed.refused else {}
    problems |= verifying.check_answer(here, verdict, words, with_sheet=handed.kept is not None)
    if problems:
        return _asked(token, here, {"verdict": verdict, "words": words}, problems), AMENDABLE
    if not verifying.answer(token, Verdict(verdict), words, handed.kept):
        return _gone()
    return redirect(url_for("make_up.thanks", lang=here.locale), 303)


def thanks() -> ResponseReturnValue:
    """Say that the answer arrived."""
    return render_template(f"{FOLDER}/thanks.html")


def sheet(token: str) -> ResponseReturnValue:
    """Send the sheet that came with the report."""
    here = verifying.find_question(token)
    if here is None or here.sheet is None:
        raise NotFoundError
    return send_file_response(here.sheet)


def _asked(token: str, here: Question, typed: dict[str, str], problems: dict[str, DomainError]) -> str:
    """Show the question in the language that the letter had, unless the reader switched."""
    g.locale = request.args.get("lang") or here.locale
    forget_words()
    return render_template(
        f"{FOLDER}/question.html",
        here=here,
        typed=typed,
        problems=problems,
        summary=[(name, one.text) for name, one in problems.items()],
        answer_url=_address("make_up.answer", token),
        sheet_url=_address("make_up.sheet", token),
    )


def _gone() -> ResponseReturnValue:
    """Answer a link that was used, is too old, was replaced or never existed: all alike."""
    number = error_number("MAKE-UP-LINK")
    page = render_template(f"{FOLDER}/gone.html", error_number=number, error_time=now())
    return page, AMENDABLE


def _late() -> ResponseReturnValue:
    """Answer a code that is not shown now, of whichever meeting."""
    return render_template(f"{FOLDER}/late.html"), AMENDABLE


def _address(endpoint: str, token: str) -> str:
    return url_for(endpoint, token=token, lang=request.args.get("lang"))


def init_app(app: Flask) -> None:
    """Mount them."""
    door = public_blueprint("meeting_door", __name__, url_prefix="/meetings")
    door.add_url_rule("/sent", "sent", sent)
    # A whole room scans from one address.
    door.add_url_rule("/<int:meeting_id>/<code>", "scanned", limits.few(scanned, a_minute=240))
    door.add_url_rule("/<int:meeting_id>/<code>", "send", limits.few(send, a_minute=120), methods=["POST"])
    app.register_blueprint(door)
    link = public_blueprint("make_up", __name__, url_prefix="/make-up")
    link.add_url_rule("/thanks", "thanks", thanks)
    link.add_url_rule("/<token>", "question", limits.few(question))
    link.add_url_rule("/<token>", "answer", limits.few(answer), methods=["POST"])
    link.add_url_rule("/<token>/sheet", "sheet", limits.few(sheet))
    app.register_blueprint(link)
