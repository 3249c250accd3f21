"""Canvas' configuration at an address of its own: Canvas can fetch it instead of having it pasted."""

from __future__ import annotations

from typing import Final

from flask import Response

from institute.i18n import SOURCE_LOCALE, speaking
from institute.web.areas import public_blueprint
from lti.platforms.tool import tool_values
from lti.setup.tool_fields import CANVAS_PATH, canvas_json

KEPT_FOR_SECONDS: Final = 300

blueprint = public_blueprint("lti_canvas", __name__)


@blueprint.get(CANVAS_PATH)
def configuration() -> Response:
    """Return the configuration: addresses and names, nothing that is a secret."""
    with speaking(SOURCE_LOCALE):
        answer = Response(canvas_json(tool_values()), mimetype="application/json")
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_FOR_SECONDS
    return answer
