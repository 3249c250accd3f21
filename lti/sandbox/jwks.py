"""What the platform publishes about itself: its keys and its configuration."""

from flask import Blueprint, Response, jsonify

from lti.sandbox.keys import list_public_keys
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import SCOPES

bp = Blueprint("jwks", __name__)


@bp.get("/jwks")
def list_keys() -> Response:
    with current_sandbox().store.reading() as db:
        return jsonify(keys=list_public_keys(db))


@bp.get("/.well-known/openid-configuration")
def describe_platform() -> Response:
    sandbox = current_sandbox()
    return jsonify(
        {
            "issuer": sandbox.settings.public_url,
            "authorization_endpoint": sandbox.address("/auth"),
            "token_endpoint": sandbox.address("/token"),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
            "jwks_uri": sandbox.address("/jwks"),
            "scopes_supported": ["openid", *SCOPES],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["iss", "sub", "aud", "name", "given_name", "family_name", "email", "locale"],
        },
    )
