"""What the roster brings to an application: the worker's part, launches that ask for it, what pages say of it."""

from __future__ import annotations

from typing import Any, Final, cast

from flask import Flask
from sqlalchemy import Select, bindparam, select

from institute.web import sections
from institute.web.sections import Section
from lti.launches.models import LtiIdentity
from lti.roster import asking, commands, reading
from lti.roster.models import Member
from lti.roster.queries import failed_rosters, roster_section
from lti.roster.views import facilitator
from lti.services import learners

LEARNERS: Final = (
    select(Member.identity_id, LtiIdentity.person_id)
    .join(LtiIdentity, LtiIdentity.id == Member.identity_id)
    .where(Member.context_id == bindparam("context"), Member.learns.is_(True), Member.left_at.is_(None))
)


def init_app(app: Flask) -> None:
    """Attach everything."""
    reading.init_app(app)
    asking.init_app(app)
    commands.init_app(app)
    learners.provide(app, cast("Select[Any]", LEARNERS))
    app.register_blueprint(facilitator.blueprint)
    sections.add(app, Section("cohort.members", 10, "lti/roster/_roster.html", roster_section))
    sections.add(app, Section("lti.platform", 20, "lti/roster/_failed.html", failed_rosters))
