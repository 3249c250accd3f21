"""Attaches deep linking: the picker's pages, inside a session."""

from __future__ import annotations

from flask import Flask

from lti.deep_linking.views import picker
from lti.deep_linking.wording import forms_of, say_add, say_columns, say_found, say_items, say_unseen


def init_app(app: Flask) -> None:
    """Attach the pages and their words."""
    app.register_blueprint(picker.blueprint)
    app.jinja_env.globals.update(
        plural_forms=forms_of,
        say_add=say_add,
        say_columns=say_columns,
        say_found=say_found,
        say_items=say_items,
        say_unseen=say_unseen,
    )
