"""Health for machines: /healthz says that the process lives, /readyz that it can do its work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from institute.web.areas import public_blueprint

Check = Callable[[], tuple[bool, Any]]


def healthz() -> ResponseReturnValue:
    """Answer at once, whatever else is wrong."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """Run every check; 503 if one fails. The figures are in seconds."""
    checks = cast("dict[str, Check]", current_app.extensions["health"])
    answers: dict[str, Any] = {}
    fine = True
    for name, check in checks.items():
        good, figure = check()
        fine = fine and good
        answers[name] = {"ok": good, "value": figure}
        if not good and name == "database":
            break
    return jsonify(status="ready" if fine else "not ready", checks=answers), 200 if fine else 503


def add(app: Flask, name: str, check: Check) -> None:
    """Let /readyz ask ``check``, which returns (good, figure). Checks run in the order they were added."""
    cast("dict[str, Check]", app.extensions["health"])[name] = check


def init_app(app: Flask) -> None:
    """Mount both."""
    app.extensions["health"] = {}
    blueprint = public_blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", "healthz", healthz)
    blueprint.add_url_rule("/readyz", "readyz", readyz)
    app.register_blueprint(blueprint)
