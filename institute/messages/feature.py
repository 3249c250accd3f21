"""What messages bring to an application: kinds of mail, and one-time links to sign in with."""

from __future__ import annotations

from flask import Flask

from institute.messages import links, mail


def init_app(app: Flask) -> None:
    """Attach the table of kinds and the pages of a link."""
    mail.init_app(app)
    links.init_app(app)
