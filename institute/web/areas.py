"""Areas: each role has pages of its own, guarded where they are mounted, not where they are written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request
from flask.typing import RouteCallable

from institute.actors import Actor, Role
from institute.errors import DeniedError
from institute.web import sessions
from institute.web.forms import check_token, once


class AreaBlueprint(Blueprint):
    """Pages for one role (or, with None, for anybody with a session), all behind one guard.

    Every POST carries the session's token and is answered once: the same form sent again lands on the first answer.

    A route may take two options more. ``prepare`` is called with the route's values behind the guard but before the
    view's transaction, and the view gets its answer as ``prepared``. ``largest`` is how many bytes a request to this
    route alone may have.
    """

    def __init__(self, role: Role | None, name: str, import_name: str, **more: Any) -> None:
        super().__init__(name, import_name, **more)
        self.role = role
        self._largest: dict[str, int] = {}
        self.before_request(self._guard)

    def _guard(self) -> None:
        actor = sessions.current_actor()
        narrow = sessions.narrowed(actor.door)
        if narrow is not None and self.name not in narrow.blueprints:
            raise DeniedError
        if self.role is not None:
            if not actor.has(self.role):
                raise DeniedError
            g.area = self.role
        largest = self._largest.get((request.endpoint or "").rpartition(".")[2])
        if largest is not None:
            request.max_content_length = largest
        check_token()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a route; those that take POST are answered once."""
        prepare, largest = options.pop("prepare", None), options.pop("largest", None)
        if view_func is not None and largest is not None:
            self._largest[endpoint or view_func.__name__] = largest
        if view_func is not None and "POST" in options.get("methods", ()):
            endpoint = endpoint or view_func.__name__
            view_func = once(view_func, prepare)
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


def area_blueprint(role: Role, name: str, import_name: str, **more: Any) -> AreaBlueprint:
    """Make guarded pages at /<role>/<name>, named ``<role>_<name>``."""
    more.setdefault("url_prefix", f"/{role.value.replace('_', '-')}/{name}")
    return AreaBlueprint(role, f"{role}_{name}", import_name, **more)


def session_blueprint(name: str, import_name: str, **more: Any) -> AreaBlueprint:
    """Make pages for anybody who has a session, whatever the role."""
    return AreaBlueprint(None, name, import_name, **more)


def public_blueprint(name: str, import_name: str, **more: Any) -> Blueprint:
    """Make pages without a session. Each endpoint must stand in institute.web.public."""
    return Blueprint(name, import_name, **more)


def current_actor() -> Actor:
    """Return who acts in this request."""
    return sessions.current_actor()
