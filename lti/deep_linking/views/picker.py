"""Choosing what a course links to, and handing it over."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.web.areas import current_actor, session_blueprint
from institute.web.forms import form_token
from lti.deep_linking import answering
from lti.deep_linking.answering import Outcome
from lti.deep_linking.answers import find_answer
from lti.deep_linking.choosing import Choice, read_choice
from lti.deep_linking.picking import Picker, State, show_picker
from lti.platforms.strings import origin

LARGEST_FORM = 500_000
blueprint = session_blueprint("lti_deep_linking", __name__, url_prefix="/lti/choose")


@blueprint.get("")
def choose() -> ResponseReturnValue:
    """Show what can be chosen, or why nothing can."""
    state, here = show_picker(read_choice(request.args), actor=current_actor())
    if state is State.BIND:
        return redirect(url_for("lti_course.index"), 303)
    return _page(state, here)


@blueprint.post("", largest=LARGEST_FORM)
def add() -> ResponseReturnValue:
    """Hand over what is ticked."""
    choice = read_choice(request.form)
    return _hand_over(answering.add_items(choice, actor=current_actor()), choice)


@blueprint.post("/programme", largest=LARGEST_FORM)
def add_programme() -> ResponseReturnValue:
    """Hand over the whole programme in order."""
    choice = read_choice(request.form)
    return _hand_over(answering.add_programme(choice, actor=current_actor()), choice)


@blueprint.post("/cancel", largest=LARGEST_FORM)
def cancel() -> ResponseReturnValue:
    """Go back to the course with nothing."""
    return _hand_over(answering.cancel(actor=current_actor()), Choice())


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    """Hand over once more what was handed over before."""
    return _hand_over(answering.send_again(actor=current_actor()), Choice())


def _hand_over(outcome: Outcome, choice: Choice) -> ResponseReturnValue:
    """Let the browser bring the message to the platform; else show what stands against it."""
    if outcome.errors:
        state, here = show_picker(choice, actor=current_actor(), errors=outcome.errors)
        return _page(state, here), 422
    message = outcome.message
    if message is None:
        return redirect(url_for(".choose"), 303)
    g.form_actions = sorted({origin(message.url), *g.get("frame_origins", [])})
    response = make_response(render_template("lti/deep_linking/handing_over.html", message=message))
    # Platforms compare the origin of what is posted to them; "no-referrer" would make it "null".
    response.headers["Referrer-Policy"] = "origin"
    return response


def _page(state: State, here: Picker) -> str:
    answer = find_answer(here.asked) if state is State.ANSWERED else None
    template = f"lti/deep_linking/{state.value}.html"
    return render_template(template, here=here, answer=answer, token=form_token())
