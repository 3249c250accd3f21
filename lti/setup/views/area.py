"""The part of the administrators' area that all pages about platforms stand in."""

from __future__ import annotations

from institute.actors import Role
from institute.web.areas import area_blueprint

blueprint = area_blueprint(Role.ADMINISTRATOR, "platforms", __name__)
