"""One application for many tests: made once for each set of settings, and as good as new for each test.

Making an application costs a tenth of a second, most of it for its addresses, and each new engine compiles every
statement again: together this was half of what the tests took. What an application learns while it runs stands in
``app.extensions`` and nowhere else, so that is what is put back.
"""

from __future__ import annotations

import copy
from typing import Any, Final

from flask import Flask
from jinja2 import FileSystemBytecodeCache

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.web.limits import limiter
from tests.browsing import OutsideClient

# Of these there is one for all applications, or they know nothing of what happened.
LEFT_ALONE: Final = frozenset({"sqlalchemy", "babel", "migrate", "limiter"})
CONTAINERS: Final = (dict, list, set)
OURS: Final = ("institute", "courses", "certificates", "lti")
MOST_KEPT: Final = 4


class Kept:
    """An application as it was when it had just been made."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._extensions = self._copy_extensions(app.extensions)
        self._views = dict(app.view_functions)
        self._globals = dict(app.jinja_env.globals)
        self._loader = app.jinja_env.loader
        self._limiter = dict(vars(limiter))

    def as_new(self) -> Flask:
        """Return the application with nothing of what it learnt since."""
        self.app.extensions.clear()
        self.app.extensions.update(self._copy_extensions(self._extensions))
        self.app.view_functions.update(self._views)
        self.app.jinja_env.globals.clear()
        self.app.jinja_env.globals.update(self._globals)
        self.app.jinja_env.loader = self._loader
        vars(limiter).update(self._limiter)  # it counts where the application that was made last says
        return self.app

    @staticmethod
    def _copy_extensions(extensions: dict[str, Any]) -> dict[str, Any]:
        return {name: value if name in LEFT_ALONE else _copied(value) for name, value in extensions.items()}


class Applications:
    """The applications of a test process, by their settings; the oldest goes when there are many."""

    def __init__(self, compiled_templates: FileSystemBytecodeCache) -> None:
        self._compiled_templates = compiled_templates
        self._kept: dict[Settings, Kept] = {}

    def get(self, settings: Settings) -> Flask:
        """Return an application with these settings, as good as new."""
        found = self._kept.pop(settings, None) or Kept(self._made(settings))
        self._kept[settings] = found
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return found.as_new()

    def _made(self, settings: Settings) -> Flask:
        app = create_app(courses, certificates, lti, settings=settings)
        app.jinja_env.bytecode_cache = self._compiled_templates
        app.testing = False  # errors must become pages, as they do for people
        app.test_client_class = OutsideClient
        return app


def _copied(value: Any) -> Any:
    """Return a copy of a container, or of an object of ours, with copies of the containers that it holds."""
    if isinstance(value, dict):
        twin = copy.copy(value)
        twin.update({name: _shallow(held) for name, held in value.items()})
        return twin
    if isinstance(value, CONTAINERS):
        return copy.copy(value)
    if type(value).__module__.partition(".")[0] not in OURS or not hasattr(value, "__dict__"):
        return value
    twin = copy.copy(value)
    for name, held in vars(value).items():
        object.__setattr__(twin, name, _shallow(held))
    return twin


def _shallow(held: Any) -> Any:
    return copy.copy(held) if isinstance(held, CONTAINERS) else held
