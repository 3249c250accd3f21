"""What holders bring to an application: their letters; the pages are mounted with those of the awards."""

from __future__ import annotations

from flask import Flask

from certificates.awards.holders import links


def init_app(app: Flask) -> None:
    """Let the worker write the letters of the holder's own door."""
    links.init_app(app)
