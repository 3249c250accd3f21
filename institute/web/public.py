"""The only endpoints that open without a session. A test compares this list with the routes."""

from __future__ import annotations

from typing import Final

PUBLIC: Final = frozenset(
    {
        "front.index",
        "front.asset_file",
        "health.healthz",
        "health.readyz",
        "issuer.achievement",
        "issuer.profile",
        "issuer.statuses",
        "link.enter",
        "link.renew",
        "link.use",
        "lti.deep_link",
        "lti.enter",
        "lti.login",
        "lti.launch",
        "lti.jwks",
        "lti.window",
        "lti_canvas.configuration",
        "lti_notices.receive",
        "lti_register.begin",
        "lti_register.outcome",
        "signin.ask",
        "signin.send",
        "signin.sent",
        "verify.certificate",
        "verify.index",
    }
)
