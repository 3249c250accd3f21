"""Hours beside each member: the room that counts them says how, in the statement that lists the members."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from sqlalchemy import ScalarSelect


def provide(app: Flask, minutes: ScalarSelect[Any]) -> None:
    """Let lists of members show minutes: a scalar subquery correlated to Enrolment and Cohort."""
    app.extensions["counted_minutes"] = minutes


def counted_minutes() -> ScalarSelect[Any] | None:
    """Return what was provided, or None where nothing counts hours."""
    found: ScalarSelect[Any] | None = current_app.extensions.get("counted_minutes")
    return found
