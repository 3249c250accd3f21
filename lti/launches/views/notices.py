"""Where platforms send notices: no session, no person, each notice proven by its own signature."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from institute.web.areas import public_blueprint
from lti.launches import handlers
from lti.launches.errors import DeploymentUnknownError
from lti.launches.notices import read_batch, receive_notices
from lti.platforms.models import DeploymentId


def receive(deployment_id: int) -> ResponseReturnValue:
    """Take a batch of notices.

    200 where each was taken or known; 503 where a platform's keys could not be fetched, so that it sends them again;
    else 401 if none was believed.
    """
    tokens = read_batch(request.get_data())
    if tokens is None:
        return jsonify(error="The body must be {“notices”: [{“jwt”: …}]}."), HTTPStatus.BAD_REQUEST
    receipt = receive_notices(DeploymentId(deployment_id), tokens)
    status = HTTPStatus.OK
    if receipt.busy:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    elif receipt.refused and not receipt.taken + receipt.known:
        status = HTTPStatus.UNAUTHORIZED
    return jsonify(taken=receipt.taken, known=receipt.known, refused=receipt.refused), status


def refuse(error: DeploymentUnknownError) -> ResponseReturnValue:
    """Say that nobody here is told anything by this address."""
    return jsonify(error=error.code), HTTPStatus.NOT_FOUND


def init_app(app: Flask) -> None:
    """Mount the address at /lti/notices."""
    handlers.init_app(app)
    blueprint = public_blueprint("lti_notices", __name__, url_prefix="/lti/notices")
    blueprint.add_url_rule("/<int:deployment_id>", "receive", receive, methods=["POST"])
    blueprint.register_error_handler(DeploymentUnknownError, refuse)
    app.register_blueprint(blueprint)
