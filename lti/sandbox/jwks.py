"""What the platform publishes about itself: its keys."""

from flask import Blueprint, Response, jsonify

from lti.sandbox.keys import list_public_keys
from lti.sandbox.state import current_sandbox

bp = Blueprint("jwks", __name__)


@bp.get("/jwks")
def list_keys() -> Response:
    with current_sandbox().store.reading() as db:
        return jsonify(keys=list_public_keys(db))
