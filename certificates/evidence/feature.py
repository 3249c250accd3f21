"""What the evidence brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.evidence import models as _tables  # noqa: F401  (until its pages read them)


def init_app(app: Flask) -> None:
    """Attach the tables."""
