"""What the instruments bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.instruments.growth import draw_radar
from courses.instruments.wording import say_growth, say_mean


def init_app(app: Flask) -> None:
    """Let templates draw growth and say what answers are on average."""
    app.jinja_env.globals.update(say_mean=say_mean, say_growth=say_growth, draw_radar=draw_radar)
