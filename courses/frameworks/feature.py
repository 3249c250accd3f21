"""What frameworks and vocabularies bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.frameworks import alignments


def init_app(app: Flask) -> None:
    """Attach what rooms above tell of alignments, and the pages."""
    alignments.init_app(app)
