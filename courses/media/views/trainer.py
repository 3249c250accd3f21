"""Files beside what is scored: the room that gives the tasks says who sees which."""

from __future__ import annotations

from courses.media.views.files import add_files
from institute.actors import Role
from institute.web.areas import area_blueprint

blueprint = area_blueprint(Role.TRAINER, "media", __name__)
add_files(blueprint)
