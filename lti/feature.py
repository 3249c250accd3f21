"""What the door brings to an application: its routes and pages, its commands, its services."""

from __future__ import annotations

from flask import Flask

from lti import http
from lti.accounts import feature as accounts
from lti.deep_linking import feature as deep_linking
from lti.launches import commands, jwks
from lti.launches.views import course, door, notices, people
from lti.platforms import invitation_commands as _invitation_commands  # noqa: F401  (they join the group)
from lti.platforms import keys
from lti.platforms.views import platform, register
from lti.roster import feature as roster
from lti.services import feature as services
from lti.services import reviewed
from lti.setup import feature as setup


def init_app(app: Flask) -> None:
    """Attach the door."""
    http.init_app(app)
    jwks.init_app(app)
    keys.init_app(app)
    for part in (door, notices, course, people, platform, register):
        part.init_app(app)
    commands.init_app(app)
    services.init_app(app)
    reviewed.init_app(app)
    setup.init_app(app)
    deep_linking.init_app(app)
    roster.init_app(app)
    accounts.init_app(app)
