"""An institute's signing keys, for its administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.lifetime import signing_keys
from certificates.awards.views.forms import try_form
from institute.actors import Role
from institute.i18n import gettext
from institute.keys.models import InstituteKeyId
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "keys", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List them."""
    return _page("")


@blueprint.post("/")
def renew() -> ResponseReturnValue:
    """Sign with a new key from now on."""
    refused = try_form(
        lambda: signing_keys.renew_key(request.form.get("purpose", ""), actor=current_actor()),
        field="purpose",
    )
    if refused:
        return _page(refused.text), 422
    flash(gettext("A new key signs from now on. What the one before signed stays checkable."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:signing_key_id>/leaked")
def leaked(signing_key_id: int) -> ResponseReturnValue:
    """Publish that a key is in other hands."""
    signing_keys.tell_leaked(InstituteKeyId(signing_key_id), actor=current_actor())
    flash(gettext("It is published that this key is in other hands."), "success")
    return redirect(url_for(".index"), 303)


def _page(error: str) -> str:
    keys = signing_keys.keys_of(current_actor())
    return render_template("certificates/awards/keys.html", keys=keys, error=error)
