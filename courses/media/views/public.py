"""The page behind the link of somebody who is shown, or of their guardian: no session, no account."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.media import linking
from courses.media.linking import AnswerSheet, Asked
from institute.clock import now
from institute.errors import DomainError, NotFoundError
from institute.files.reading import send_file_response
from institute.i18n import forget_words
from institute.web import limits
from institute.web.areas import public_blueprint
from institute.web.errors import error_number
from institute.web.forms import storable

FOLDER: Final = "courses/media/public"
AMENDABLE: Final = 422
OURS: Final = ("same-origin", "none")


def question(token: str) -> ResponseReturnValue:
    """Show what is asked, or what was said. Looking uses nothing up."""
    here = linking.find_asked(token)
    return _gone() if here is None else _asked(token, here, {}, {})


def answer(token: str) -> ResponseReturnValue:
    """Take an answer; only our own page's form brings one."""
    here = linking.find_asked(token)
    if here is None:
        return _gone()
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        return redirect(_address("consent.question", token), 303)
    name = storable(request.form.get("name", "")).strip()
    sheet = AnswerSheet(
        decision=request.form.get("decision", ""),
        name=name,
        guardian=request.form.get("guardian") == "1",
        training=request.form.get("training") == "1",
        stands=request.form.get("stands", ""),
    )
    problems = linking.check_answer(here, sheet)
    if problems:
        typed = {"decision": sheet.decision, "name": name}
        return _asked(token, here, typed, problems, sheet), AMENDABLE
    if not linking.answer(token, sheet):
        return _asked(token, here, {}, {}, late=True), AMENDABLE
    return redirect(_address("consent.question", token), 303)


def recording(token: str) -> ResponseReturnValue:
    """Send the recording to whoever decides, where it shows nobody else."""
    file = linking.find_recording(token)
    if file is None:
        raise NotFoundError
    return send_file_response(file, as_attachment=False, name="recording")


def _asked(
    token: str,
    here: Asked,
    typed: dict[str, str],
    problems: dict[str, DomainError],
    sheet: AnswerSheet | None = None,
    *,
    late: bool = False,
) -> str:
    """Show the page in the language that the letter had, unless the reader switched."""
    g.locale = request.args.get("lang") or here.locale
    forget_words()
    return render_template(
        f"{FOLDER}/question.html",
        here=here,
        typed=typed,
        sheet=sheet,
        late=late,
        problems=problems,
        summary=[(name, one.text) for name, one in problems.items()],
        answer_url=_address("consent.answer", token),
        recording_url=_address("consent.recording", token),
    )


def _gone() -> ResponseReturnValue:
    """Answer a link that was replaced or never existed: both alike."""
    number = error_number("CONSENT-LINK")
    page = render_template(f"{FOLDER}/gone.html", error_number=number, error_time=now())
    return page, AMENDABLE


def _address(endpoint: str, token: str) -> str:
    return url_for(endpoint, token=token, lang=request.args.get("lang"))


def init_app(app: Flask) -> None:
    """Mount them."""
    link = public_blueprint("consent", __name__, url_prefix="/consent")
    link.add_url_rule("/<token>", "question", limits.few(question))
    link.add_url_rule("/<token>", "answer", limits.few(answer), methods=["POST"])
    # A player asks for a recording in many parts.
    link.add_url_rule("/<token>/recording", "recording", limits.few(recording, a_minute=240))
    app.register_blueprint(link)
