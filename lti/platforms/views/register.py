"""The registration address: what a platform opens in its administrator's browser, and the page that answers."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.clock import now
from institute.errors import DomainError
from institute.web import errors, limits
from institute.web.areas import public_blueprint
from lti.platforms.dynamic import RegistrationAddress, answer_platform
from lti.platforms.dynamic_models import RequestState
from lti.platforms.outcomes import Outcome, key_of, show_outcome

log = logging.getLogger(__name__)

STATUS: Final = {RequestState.ASKED: 202, RequestState.WAITING: 202}
A_MINUTE: Final = 20


def begin() -> ResponseReturnValue:
    """Register the tool at the platform that opens the address, and lead to the page that says what became of it.

    Without a platform's parameters nothing happens: somebody looks at the address, or a mail scanner does. A browser
    that only fetches ahead and a HEAD request are answered like that too.
    """
    sent = _sent()
    if sent is None or request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return render_template("lti/platforms/register_address.html")
    request_id = answer_platform(sent)
    return redirect(url_for("lti_register.outcome", outcome_key=key_of(request_id)), 303)


def outcome(outcome_key: str) -> ResponseReturnValue:
    """Show what became of a registration, inside the platform's page, and let the platform close it."""
    shown = show_outcome(outcome_key)
    if shown.error is None:
        g.frame_origins = list(shown.origins)
    return render_template("lti/platforms/registered.html", outcome=shown), _status(shown)


def _status(shown: Outcome) -> int:
    return errors.status_of(shown.error) if shown.error else STATUS.get(shown.state, 200)


def refuse(error: DomainError) -> ResponseReturnValue:
    """Answer a refusal with a page. What was sent is not shown: it holds secrets."""
    number = errors.error_number(error.code)
    status = errors.status_of(error)
    log.info("refused %s at %s with %s", number, request.endpoint, status)
    page = render_template(
        "lti/platforms/not_registered.html", error=error, error_number=number, error_time=now()
    )
    return make_response(page, status)


def _sent() -> RegistrationAddress | None:
    """Return the address's parameters, or None where no platform added any.

    A platform that adds a second question mark is understood.
    """
    sent = request.args.to_dict()
    invitation, mark, rest = sent.get("invitation", "").partition("?")
    if mark and "openid_configuration" not in sent:
        name, _, value = rest.partition("=")
        sent[name] = value
    if not {"openid_configuration", "registration_token"} & set(sent):
        return None
    return RegistrationAddress(
        configuration_url=sent.get("openid_configuration", "").strip(),
        token=sent.get("registration_token", "").strip(),
        invitation=invitation.strip(),
        institute_slug=sent.get("institute", "").strip(),
    )


def _let_be_framed() -> None:
    """Let any page frame what is said before a platform is known: it holds nobody's data and no button that does."""
    g.frame_origins = ["*"]


def init_app(app: Flask) -> None:
    """Mount the address at /lti/register."""
    blueprint = public_blueprint(
        "lti_register", __name__, url_prefix="/lti/register", template_folder="../../templates"
    )
    blueprint.add_url_rule("", "begin", limits.few(begin, a_minute=A_MINUTE))
    blueprint.add_url_rule("/<outcome_key>", "outcome", outcome)
    blueprint.before_request(_let_be_framed)
    blueprint.register_error_handler(DomainError, refuse)
    app.register_blueprint(blueprint)
