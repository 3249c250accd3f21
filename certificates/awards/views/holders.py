"""The holder's own door: without a course and without a password, by a link in a letter."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.holders import links
from certificates.awards.holders.errors import AddressError
from certificates.awards.holders.models import LinkPurpose
from certificates.awards.views.certificates import HOLDERS
from institute.clock import now
from institute.db import db
from institute.i18n import current_locale, lazy_gettext
from institute.messages import mail
from institute.messages.addresses import parse_address
from institute.web import limits, sessions
from institute.web.areas import public_blueprint
from institute.web.errors import error_number
from institute.web.models import LaunchSession

FOLDER: Final = "certificates/awards/holders"
UNPROCESSABLE: Final = 422
# Another site's form would sign a visitor in as whoever made it.
OURS: Final = ("same-origin", "none")
MOST_DIGITS: Final = 3


def ask() -> ResponseReturnValue:
    """Show the field for the address."""
    return _form("", "")


def send() -> ResponseReturnValue:
    """Wish for a link, and answer alike whether somebody has the address or nobody does."""
    typed = request.form.get("email", "")
    address = parse_address(typed)
    if address is None:
        return _form(typed, AddressError().text), UNPROCESSABLE
    links.ask_for_link(address, locale=current_locale())
    return redirect(_address("holders.sent"), 303)


def sent() -> ResponseReturnValue:
    """Say where to look now."""
    return render_template(f"{FOLDER}/sent.html", again_url=_address("holders.ask"))


def open_link(holder_token: str) -> ResponseReturnValue:
    """Show the button that opens the certificates or confirms an address. Looking uses nothing up."""
    found = links.look_at(holder_token)
    if found is None:
        return _gone()
    purpose, holders = found
    return render_template(
        f"{FOLDER}/open.html",
        confirms=purpose is LinkPurpose.CONFIRM,
        holders=holders,
        use_url=_address("holders.use_link", holder_token=holder_token),
    )


def use_link(holder_token: str) -> ResponseReturnValue:
    """Use the link up: go to the certificates, or say that the address is confirmed."""
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        return redirect(_address("holders.open_link", holder_token=holder_token), 303)
    if links.confirm(holder_token):
        return render_template(f"{FOLDER}/confirmed.html", ask_url=_address("holders.ask"))
    entered = links.enter(holder_token, _place(request.form.get("place", "0")))
    if entered is None:
        return _gone()
    response = redirect(sessions.session_path(entered.session_id, mail.path_to(f"{HOLDERS}.index")), 303)
    sessions.set_cookie(response, entered.session_id, entered.secret)
    return response


def offer_door() -> None:
    """Before each request: whoever came through this door and whose visit has ended is offered it again."""
    session_id = sessions.requested_session_id()
    if session_id is None or g.get("launch_session") is not None:
        return
    row = db.session.get(LaunchSession, session_id)
    if row is not None and row.door == links.DOOR:
        g.error_action = (lazy_gettext("Ask for a new link"), mail.path_to("holders.ask"))


def keep_out_of_search(response: Response) -> Response:
    """Leave nothing of the door, least of all a link, to search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _gone() -> ResponseReturnValue:
    """Answer a link that was used, is too old or never existed: all three alike."""
    page = render_template(
        f"{FOLDER}/gone.html",
        ask_url=_address("holders.ask"),
        error_number=error_number("HOLDER-LINK"),
        error_time=now(),
    )
    return page, UNPROCESSABLE


def _form(typed: str, error: str) -> str:
    return render_template(f"{FOLDER}/ask.html", send_url=_address("holders.send"), typed=typed, error=error)


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else -1


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, lang=request.args.get("lang"), **values)


def init_app(app: Flask) -> None:
    """Mount the door; what it opens is narrow."""
    app.before_request(offer_door)
    sessions.narrow(app, links.DOOR, to=(HOLDERS, "account"), home=f"{HOLDERS}.index")
    blueprint = public_blueprint("holders", __name__, url_prefix="/holders")
    one = "/link/<holder_token>"
    blueprint.add_url_rule("/", "ask", ask)
    blueprint.add_url_rule("/", "send", limits.few(send, a_minute=10), methods=["POST"])
    blueprint.add_url_rule("/sent", "sent", sent)
    blueprint.add_url_rule(one, "open_link", limits.few(open_link))
    blueprint.add_url_rule(one, "use_link", limits.few(use_link), methods=["POST"])
    blueprint.after_request(keep_out_of_search)
    app.register_blueprint(blueprint)
