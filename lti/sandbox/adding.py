"""The pages on which a teacher adds content from a tool: deep linking, there and back."""

from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti.sandbox.acting import require_teacher, send_to_tool
from lti.sandbox.choosing import RefusedAnswerError, probe, start_choosing, take_answer
from lti.sandbox.claims import FRAME_HEIGHT
from lti.sandbox.notices import in_background
from lti.sandbox.opening import Opening, start_opening
from lti.sandbox.records import find_course
from lti.sandbox.registrations import FIRST, find_tool
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import DEEP_LINKING

bp = Blueprint("adding", __name__, url_prefix="/courses/<course_id>")

WISHES: Final = {"multiple": "accept_multiple", "lineitem": "accept_lineitem", "auto": "auto_create"}
TYPES: Final = frozenset({"link", "ltiResourceLink", "html", "file", "image"})


@bp.get("/add")
def choose_content(course_id: str) -> ResponseReturnValue:
    """Show the tool's picker in a frame. The query is passed on to ``open_picker``."""
    sandbox = current_sandbox()
    with sandbox.store.reading() as db:
        course = find_course(db, course_id) or abort(404)
        acting = require_teacher(db, course)
        tool = find_tool(db, sandbox, request.args.get("tool", FIRST, type=int)) or abort(404)
    asked = urlencode({**request.args.to_dict(), "as": acting.sub})
    source = f"{url_for('.open_picker', course_id=course_id)}?{asked}"
    return render_template(
        "sandbox/add.html", course=course, tool=tool, source=source, acting=acting, height=FRAME_HEIGHT
    )


@bp.get("/add/open")
def open_picker(course_id: str) -> ResponseReturnValue:
    """Start a deep linking launch.

    ``?tool=`` (0), ``?deployment=``, ``?multiple=no``, ``?lineitem=no``, ``?auto=yes``, ``?types=link,html`` and
    ``?data=no`` change what is asked for; ``?target=window`` opens it outside a frame.
    """
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        course = find_course(db, course_id) or abort(404)
        person = require_teacher(db, course)
        tool = find_tool(db, sandbox, request.args.get("tool", FIRST, type=int))
        if tool is None or not tool.active or not tool.deployments or DEEP_LINKING not in tool.messages:
            abort(404, "This tool has nothing to choose from, or is not active.")
        deployment = request.args.get("deployment", tool.deployment_id)
        if deployment not in tool.deployments:
            abort(404, "The tool has no such deployment.")
        settings = start_choosing(
            db,
            sandbox,
            tool=tool,
            course=course,
            wishes=_read_wishes(),
            sends_data=sandbox.profile.sends_data and request.args.get("data") != "no",
            deployment=deployment,
        )
        opening = Opening(
            person=person,
            tool=tool,
            course=course,
            link=None,
            message=DEEP_LINKING,
            document_target="window" if request.args.get("target") == "window" else "iframe",
            details={"settings": settings, "deployment": deployment},
        )
        fields = start_opening(db, sandbox, opening)
    return send_to_tool(opening, fields, request.args.get("method", "POST"))


@bp.post("/chosen")
def receive_choice(course_id: str) -> ResponseReturnValue:
    """Take the tool's answer. The request comes from the tool's page, so no cookie of this platform is with it."""
    sandbox = current_sandbox()
    with sandbox.store.reading() as db:
        course = find_course(db, course_id) or abort(404)
    try:
        token = _read_token()
        with sandbox.store.writing() as db:
            answer = take_answer(db, sandbox, course_id, request.args.get("key", ""), token)
    except RefusedAnswerError as error:
        return render_template(
            "sandbox/refused.html", title="The tool's content was refused", sentence=str(error)
        ), 400
    if sandbox.profile.probes:
        in_background(sandbox, [(probe, address) for address in answer.addresses])
    return render_template(
        "sandbox/chosen.html", course=course, answer=answer, saves_empty=sandbox.profile.sends_data
    )


def _read_token() -> str:
    if set(request.form) != {"JWT"} or len(request.form.getlist("JWT")) != 1:
        raise RefusedAnswerError("The form must hold one field, JWT.")
    return request.form["JWT"]


def _read_wishes() -> dict[str, Any]:
    wishes: dict[str, Any] = {}
    for name, setting in WISHES.items():
        if request.args.get(name) in {"yes", "no"}:
            wishes[setting] = request.args[name] == "yes"
    if "types" in request.args:
        types = [one for one in request.args["types"].split(",") if one in TYPES]
        wishes["accept_types"] = types
    return wishes
