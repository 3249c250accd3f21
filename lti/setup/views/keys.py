"""The keys by which the tool signs: which are published, how old they are, and a new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from institute.i18n import gettext
from institute.web.areas import current_actor
from lti.platforms import keys
from lti.platforms.keys import MadeKey, make_key
from lti.platforms.tool import tool_values
from lti.setup.views.area import blueprint


@blueprint.get("/keys")
def tool_keys() -> ResponseReturnValue:
    """Show them."""
    return render_template("lti/setup/keys.html", keys=keys.list_keys(), address=tool_values().jwks_url)


@blueprint.post("/keys", prepare=make_key)
def rotate_key(prepared: MadeKey) -> ResponseReturnValue:
    """Publish a new key, which signs a day later."""
    keys.rotate_key(prepared, actor=current_actor())
    flash(
        gettext("A new key is published. It begins to sign when platforms have had time to fetch it."),
        "success",
    )
    return redirect(url_for(".tool_keys"), 303)
