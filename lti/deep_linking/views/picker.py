"""Choosing what a course links to, and handing it over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.web import pages
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
    return _after(answering.add_items(choice, actor=current_actor()), choice)


@blueprint.post("/programme", largest=LARGEST_FORM)
def add_programme() -> ResponseReturnValue:
    """Hand over the whole programme in order."""
    choice = read_choice(request.form)
    return _after(answering.add_programme(choice, actor=current_actor()), choice)


@blueprint.post("/cancel", largest=LARGEST_FORM)
def cancel() -> ResponseReturnValue:
    """Go back to the course with nothing."""
    return _after(answering.cancel(actor=current_actor()), Choice())


@blueprint.post("/again")
def again() -> ResponseReturnValue:
    """Hand over once more what was handed over before."""
    return _after(answering.send_again(actor=current_actor()), Choice())


@blueprint.get("/handover")
def hand_over() -> ResponseReturnValue:
    """Let the browser bring the message to the platform."""
    message = answering.message_to_hand_over(actor=current_actor())
    if message is None:
        return redirect(url_for(".choose"), 303)
    g.form_actions = sorted({origin(message.url), *g.get("frame_origins", [])})
    response = make_response(_render("handing_over", message=message))
    # Platforms compare the origin of what is posted to them; "no-referrer" would make it "null".
    response.headers["Referrer-Policy"] = "origin"
    return response


def _after(outcome: Outcome, choice: Choice) -> ResponseReturnValue:
    """Go on to hand an answer over; else show what stands against the form, or the page of the request."""
    if outcome.errors:
        state, here = show_picker(choice, actor=current_actor(), errors=outcome.errors)
        return _page(state, here), 422
    return redirect(url_for(".hand_over" if outcome.answered else ".choose"), 303)


def _page(state: State, here: Picker) -> str:
    answer = find_answer(here.asked) if state is State.ANSWERED else None
    return _render(state.value, here=here, answer=answer, token=form_token())


def _render(template: str, **more: Any) -> str:
    """Render a page without the area's header: it stands in a dialogue of the course, which has its own way out."""
    g.page = replace(pages.current_page(), nav=[], areas=[], home_url=None)
    return render_template(f"lti/deep_linking/{template}.html", **more)
