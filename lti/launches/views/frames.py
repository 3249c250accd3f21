"""What a browser is answered that keeps no cookies in a frame: other ways to prove a login, other places to go on."""

from __future__ import annotations

from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from institute.config import current_settings
from institute.web import sessions
from lti.launches.browsers import leave_probe, mark_browser, may_lose_cookies
from lti.launches.errors import WindowTicketError
from lti.launches.handovers import offer_handover, take_over
from lti.launches.keeping import is_from_own_page
from lti.launches.launch import PROOF_FIELD, LaunchMessage
from lti.launches.library import FormRequest
from lti.launches.login import KeptLogin, PlatformLogin, Way
from lti.launches.logins import note_refusal
from lti.launches.models import Keeper
from lti.launches.windows import make_ticket, use_ticket


def start_login(parameters: dict[str, str]) -> Response:
    """Begin a login as a platform asked for it."""
    response: Response = PlatformLogin(FormRequest(parameters)).redirect(launch_address())
    return response


def window() -> ResponseReturnValue:
    """Go on with a login: its cookie came back, or the platform keeps the proof, or the browser is asked, or a window.

    Everything without JavaScript reaches the window, in which the login is begun again.
    """
    offered = use_ticket(request.args.get("ticket", ""))
    way = request.args.get("by", "")
    login = PlatformLogin(FormRequest(offered.parameters()))
    begun = login.go_on(launch_address(), offered)
    if begun is not None:
        return begun
    if way == Way.WINDOW or not may_lose_cookies(offered.draft.storage_target):
        return start_login(offered.parameters())
    if way == Way.ACCESS:
        return login.try_access(offered)
    kept = login.keep_with_platform(launch_address(), offered) if not way else None
    ticket = make_ticket(offered.id)
    return _ask_to_keep(kept, ticket) if kept else offer_window(ticket, may_ask=way != Way.LOOKED)


def enter() -> ResponseReturnValue:
    """Let the session of a proven launch go on here, where the browser keeps its cookie.

    A ticket counts only from a page of ours: nobody can push another person's browser into a session of their own.
    """
    if not is_from_own_page():
        raise WindowTicketError
    taken = take_over(request.form.get("ticket", ""))
    response = redirect(taken.path, 303)
    sessions.set_cookie(response, taken.session_id, taken.secret)
    mark_browser(response, taken.session_id)
    return response


def offer_window(ticket: str, *, may_ask: bool = False) -> ResponseReturnValue:
    """Answer a browser that kept no cookie: nothing is believed, the login can be done again in a window.

    Where the browser ``may_ask`` the person to let the page keep cookies, that comes first.
    """
    note_refusal("LTI-NO-COOKIE", g.lti_registration_id)
    access = url_for("lti.window", ticket=ticket, by=Way.ACCESS) if may_ask else None
    return _page("sessions/new_window.html", ticket_url=_to_window(ticket), access_url=access), 401


def ask_for_proof(message: LaunchMessage, keeper: Keeper) -> ResponseReturnValue:
    """Answer a launch that brought no cookie by a page that gets the proof and sends the launch once more.

    Nothing of the token is believed before. Raises ReplayError or StateExpiredError.
    """
    message.require_unused()
    page = _page(
        "lti/launches/proving.html",
        storage=message.storage if keeper is Keeper.PLATFORM else None,
        proof_field=PROOF_FIELD,
        sent={"state": message.state, "id_token": message.token},
        ticket_url=_to_window(make_ticket(message.login_id)),
    )
    response = _sends_again(page)
    leave_probe(response)
    return response


def hand_over(message: LaunchMessage) -> Response:
    """Offer a session that was opened in a frame without cookies a place where it can go on. Its secret stays here."""
    return _sends_again(_page("sessions/new_window.html", handover=offer_handover(message.login_id)))


def launch_address() -> str:
    """Return the one redirect address, which platforms compare letter by letter."""
    return f"{current_settings().public_url}/lti/launch"


def _ask_to_keep(kept: KeptLogin, ticket: str) -> ResponseReturnValue:
    return _page(
        "lti/launches/keeping.html",
        kept=kept,
        ticket_url=_to_window(ticket),
        other_url=url_for("lti.window", ticket=ticket, by=Way.OTHER),
    )


def _page(template: str, **shown: Any) -> str:
    """Write a page that one ticket or one token brought about: it cannot be asked for again."""
    g.shown_once = True
    return render_template(template, **shown)


def _to_window(ticket: str) -> str:
    return url_for("lti.window", ticket=ticket, by=Way.WINDOW)


def _sends_again(page: str) -> Response:
    """Answer with a page whose form must be known as ours; without the referrer's origin, older browsers hide it."""
    response = make_response(page)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
